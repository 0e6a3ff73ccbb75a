import * as vscode from 'vscode';
import type { TailStatus } from '../../broker/consume/tailStatus.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { setContextKey } from '../contextKeys.ts';
import { messageAt } from './marks.ts';
import type { TailOutput } from './tailOutput.ts';
import type { TailOutputs } from './tailOutputs.ts';

/**
 * The tail whose text the Output panel shows: commands without an argument (its title bar, a key) are about that one. An
 * output document in view is among the visible text editors.
 */
export class ShownTail implements vscode.Disposable {
  readonly #outputs: TailOutputs;
  readonly #store = new DisposableStore();

  constructor(outputs: TailOutputs) {
    this.#outputs = outputs;
    this.#store.add(vscode.window.onDidChangeVisibleTextEditors(() => this.#publish()));
    this.#store.add(outputs.onDidChange(() => this.#publish()));
    this.#publish();
  }

  /** Undefined when the panel is hidden or shows another channel. */
  get current(): TailOutput | undefined {
    return this.#look()?.output;
  }

  /**
   * The message at the cursor. In the empty line at the end, where the cursor is while new messages scroll in, it is at
   * none.
   */
  get numberAtCursor(): number | undefined {
    const shown = this.#look();
    if (!shown) return undefined;
    const { document, selection } = shown.editor;
    const { line } = selection.active;
    if (line === document.lineCount - 1 && document.lineAt(line).isEmptyOrWhitespace) return undefined;
    return messageAt(document, line);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #look(): { output: TailOutput; editor: vscode.TextEditor } | undefined {
    for (const editor of vscode.window.visibleTextEditors) {
      const output = this.#outputs.ofDocument(editor.document.uri);
      if (output) return { output, editor };
    }
    return undefined;
  }

  #publish(): void {
    const tail = this.current?.tail;
    setContextKey('warren.shownTail', tail ? shownState(tail.status.kind) : '');
    setContextKey('warren.shownTailMode', tail?.mode ?? '');
    const running = this.#outputs.all().filter((output) => !output.hasEnded);
    setContextKey('warren.hasTails', running.length > 0);
    setContextKey(
      'warren.hasStreams',
      running.some((output) => output.tail.mode === 'stream'),
    );
  }
}

/** As far as its controls go, a tail that starts runs, and one that stops has ended. */
export function shownState(kind: TailStatus['kind']): Exclude<TailStatus['kind'], 'starting' | 'stopping'> {
  if (kind === 'starting') return 'running';
  return kind === 'stopping' ? 'ended' : kind;
}
