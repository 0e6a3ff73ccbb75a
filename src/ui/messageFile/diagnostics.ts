import * as vscode from 'vscode';
import type { MessageNode } from '../../broker/messageFile/model.ts';
import { templatesOf } from '../../broker/messageFile/resolve.ts';
import { literalText } from '../../broker/messageFile/template.ts';
import { checkReferences } from '../../broker/messageFile/variables.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { chosenVariables } from '../config.ts';
import { replyScheme } from '../replies/replyDocuments.ts';
import type { ActiveConnection } from './activeConnection.ts';
import { routedMessage } from './liveMessage.ts';
import type { LiveTopology } from './liveTopology.ts';
import { fileOf, messageFileLanguage, toRange } from './parsedFiles.ts';
import { targetState } from './targetState.ts';
import { keysOf, type MessageResults } from './results.ts';

/** After the last of several changes that come together, in milliseconds. */
const settleMs = 300;
const mostProblems = 500;

/** The code of a target that is no queue yet. */
export const missingQueue = 'missingQueue';

export interface DiagnosticsParts {
  readonly active: ActiveConnection;
  readonly topology: LiveTopology;
  readonly results: MessageResults;
  /** Something that they depend on has changed. */
  readonly onDidChange: (listener: () => void) => vscode.Disposable;
}

/** What is wrong with the messages of the files that are shown, by what they say and by what is live. */
export class MessageDiagnostics implements vscode.Disposable {
  readonly #parts: DiagnosticsParts;
  readonly #collection = vscode.languages.createDiagnosticCollection(messageFileLanguage);
  readonly #store = new DisposableStore();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: DiagnosticsParts) {
    this.#parts = parts;
    this.#store.add(this.#collection);
    this.#store.add({ dispose: () => clearTimeout(this.#timer) });
    const soon = (): void => this.#soon();
    this.#store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => isOurs(document) && soon()));
    this.#store.add(vscode.window.onDidChangeVisibleTextEditors(soon));
    this.#store.add(vscode.workspace.onDidOpenTextDocument((document) => isOurs(document) && soon()));
    this.#store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#collection.delete(uri)));
    this.#store.add(
      vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('warren') && soon()),
    );
    this.#store.add(parts.onDidChange(soon));
    this.#soon();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#update(), settleMs);
  }

  #update(): void {
    const documents = vscode.window.visibleTextEditors.map(({ document }) => document).filter(isOurs);
    for (const document of new Set(documents)) this.#collection.set(document.uri, this.#of(document));
  }

  #of(document: vscode.TextDocument): vscode.Diagnostic[] {
    const file = fileOf(document);
    const environment = new Set(chosenVariables(document.uri).keys());
    const templates = [...file.variables.map(({ value }) => value), ...file.messages.flatMap(templatesOf)];
    const found = [...file.problems, ...checkReferences(file, templates, environment)].slice(0, mostProblems);
    const keys = keysOf(document.getText(), file);
    return [
      ...found.map(({ code, message, range }) => {
        const severity = vscode.DiagnosticSeverity.Error;
        return diagnostic(toRange(document, range), message, severity, code);
      }),
      ...file.messages.slice(0, mostProblems).flatMap((message) => this.#ofTarget(document, message, keys)),
    ];
  }

  /** What the broker would say of a message, or has said. */
  #ofTarget(
    document: vscode.TextDocument,
    message: MessageNode,
    keys: ReadonlyMap<MessageNode, string>,
  ): vscode.Diagnostic[] {
    const { active, topology, results } = this.#parts;
    const { target, fields } = message;
    if (!target) return [];
    const warning = vscode.DiagnosticSeverity.Warning;
    const connection = fields.find((field) => field.kind === 'connection');
    const name = connection?.kind === 'connection' ? literalText(connection.value) : undefined;
    if (connection && name !== undefined && !active.named(name)) {
      return [
        diagnostic(toRange(document, connection.valueRange), `There is no connection ${name}.`, warning, 'connection'),
      ];
    }
    const session = active.ofMessage(document, message);
    const routed = routedMessage(fileOf(document), message, chosenVariables(document.uri));
    const range = toRange(document, target.range);
    const result = results.get(document.uri.toString(), keys.get(message) ?? '');
    const state =
      session?.isOpen === true && routed
        ? targetState(routed, { queues: session.queues.entries(), live: topology.of(session) })
        : undefined;
    if (state?.problem !== undefined) {
      return [diagnostic(range, state.problem, warning, state.isMissingQueue === true ? missingQueue : 'target')];
    }
    if (result?.outcome.kind !== 'unroutable') return [];
    return [diagnostic(range, 'The broker returned this message: no queue would get it.', warning, 'unroutable')];
  }
}

function diagnostic(
  range: vscode.Range,
  message: string,
  severity: vscode.DiagnosticSeverity,
  code: string,
): vscode.Diagnostic {
  const made = new vscode.Diagnostic(range, message, severity);
  made.source = 'RabbitMQ';
  made.code = code;
  return made;
}

function isOurs({ languageId, uri }: vscode.TextDocument): boolean {
  return languageId === messageFileLanguage && uri.scheme !== replyScheme;
}
