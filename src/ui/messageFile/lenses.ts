import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import { fullId } from '../commands/ids.ts';
import type { MessageNode } from '../../broker/messageFile/model.ts';
import { withoutIcons } from '../plainLabel.ts';
import { replyScheme } from '../replies/replyDocuments.ts';
import { fileOf } from './parsedFiles.ts';
import type { RouteWords } from './routeWords.ts';
import { keysOf, resultWords, type MessageResults } from './results.ts';

const awaitTooltip = 'Publishes this message as a request, and opens the reply beside it';
/** More are not drawn: nobody publishes them one by one. */
const mostMessages = 1000;

/** Where a message would go now; undefined where that is not known, or nothing to speak of. */
type Preview = (document: vscode.TextDocument, message: MessageNode) => RouteWords | undefined;

/**
 * *Publish* above each message with where it would go, *Publish All* above the first, and what became of what was published.
 */
export class PublishLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #results: MessageResults;
  readonly #preview: Preview;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #store = new DisposableStore();

  constructor(results: MessageResults, preview: Preview) {
    this.#results = results;
    this.#preview = preview;
    this.#store.add(this.#changed);
    this.#store.add(results.onDidChange(() => this.#changed.fire()));
    // VS Code has been seen to lose a question that is under way when settings change.
    this.#store.add(vscode.workspace.onDidChangeConfiguration(() => this.#changed.fire()));
  }

  /** Where messages would go may have changed. */
  redraw(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (document.uri.scheme === replyScheme) return [];
    const file = fileOf(document);
    const keys = keysOf(document.getText(), file);
    const uri = document.uri.toString();
    const count = file.messages.length;
    return file.messages.slice(0, mostMessages).flatMap((message, i) => {
      const range = new vscode.Range(document.positionAt(message.head.start), document.positionAt(message.head.start));
      const lenses = [lens(range, 'Publish', 'Publishes this message', fullId('messageFile.publish'), [uri, i])];
      if (i === 0 && count > 1) {
        const tooltip = `Publishes the ${count} messages of this file, one after the other`;
        lenses.push(lens(range, 'Publish All', tooltip, fullId('messageFile.publishAll'), [uri]));
      }
      lenses.push(lens(range, 'Publish and Await Reply', awaitTooltip, fullId('publishAndAwaitReply'), [uri, i]));
      const route = this.#preview(document, message);
      if (route) lenses.push(lens(range, route.title, route.tooltip, ''));
      const result = this.#results.get(uri, keys.get(message) ?? '');
      if (result) {
        const { title, tooltip } = resultWords(result);
        lenses.push(lens(range, title, tooltip, ''));
      }
      return lenses;
    });
  }

  dispose(): void {
    this.#store.dispose();
  }
}

/** Without a command's id VS Code shows the words alone. */
function lens(
  range: vscode.Range,
  title: string,
  tooltip: string,
  command: string,
  args: unknown[] = [],
): vscode.CodeLens {
  return new vscode.CodeLens(range, { title: withoutIcons(title), tooltip, command, arguments: args });
}
