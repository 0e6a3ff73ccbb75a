import * as vscode from 'vscode';
import { visibleName } from '../../common/visibleText.ts';
import { chosenEnvironment, chosenVariables } from '../config.ts';
import type { Connections } from '../connections/connections.ts';
import { describeQueue } from '../explorer/describe.ts';
import type { ActiveConnection } from './activeConnection.ts';
import type { LiveTopology } from './liveTopology.ts';
import { fileOf, messageAt } from './parsedFiles.ts';
import { placeAt } from './place.ts';
import { suggestionsAt, type Suggestion, type WritingFacts } from './suggestions.ts';

export interface CompletionParts {
  readonly connections: Connections;
  readonly active: ActiveConnection;
  readonly topology: LiveTopology;
}

/** What makes the list open by itself. */
export const triggerCharacters = ['{', '>', ':', ' ', '$'];

/** Live queues, exchanges and routing keys, properties, types and variables, where they can be written. */
export class MessageCompletion implements vscode.CompletionItemProvider {
  readonly #parts: CompletionParts;

  constructor(parts: CompletionParts) {
    this.#parts = parts;
  }

  provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    const offset = document.offsetAt(position);
    const place = placeAt(document.getText(), offset);
    if (place.kind === 'none') return [];
    const range = new vscode.Range(document.positionAt(place.start), position);
    const suggestions = suggestionsAt(place, this.#facts(document, position));
    // What is closed already is not closed again.
    const isClosed =
      place.kind === 'reference' && document.lineAt(position).text.slice(position.character).startsWith('}}');
    return suggestions.map((suggestion, i) => toItem(suggestion, range, i, isClosed));
  }

  #facts(document: vscode.TextDocument, position: vscode.Position): WritingFacts {
    const { connections, active, topology } = this.#parts;
    const message = messageAt(document, position);
    const session = message ? active.ofMessage(document, message) : active.of(document);
    const live = session ? topology.of(session) : undefined;
    const queues = session?.queues.entries().filter(({ missing }) => !missing) ?? [];
    const known = new Set(queues.map(({ name }) => name));
    const others = [...(live?.topology.queues ?? [])].filter((name) => !known.has(name));
    const environment = chosenEnvironment(document.uri);
    return {
      connections: connections.all().map(({ profile }) => profile.name),
      queues: [
        ...queues.map((entry) => ({ name: entry.name, detail: describeQueue(entry) })),
        ...others.map((name) => ({ name, detail: 'queue' })),
      ],
      exchanges: (live?.exchanges ?? [])
        .filter(({ name, internal }) => name !== '' && !internal)
        .map(({ name, type }) => ({ name, detail: `${type} exchange` })),
      routingKeys: (exchange) => {
        const bindings = live?.bindings.filter(({ source }) => source === exchange) ?? [];
        const keys = new Map(bindings.map(({ routingKey, destination }) => [routingKey, destination]));
        return [...keys].map(([name, destination]) => ({ name, detail: `bound to ${visibleName(destination)}` }));
      },
      variables: [
        ...fileOf(document).variables.map(({ name }) => ({ name, detail: 'variable of this file' })),
        ...[...chosenVariables(document.uri)].map(([name]) => ({
          name,
          detail: `variable of environment ${environment}`,
        })),
      ],
    };
  }
}

const kinds: Readonly<Record<Suggestion['kind'], vscode.CompletionItemKind>> = {
  queue: vscode.CompletionItemKind.Struct,
  exchange: vscode.CompletionItemKind.Interface,
  routingKey: vscode.CompletionItemKind.Event,
  property: vscode.CompletionItemKind.Property,
  header: vscode.CompletionItemKind.Field,
  value: vscode.CompletionItemKind.Value,
  type: vscode.CompletionItemKind.TypeParameter,
  variable: vscode.CompletionItemKind.Variable,
  connection: vscode.CompletionItemKind.Module,
};

function toItem(suggestion: Suggestion, range: vscode.Range, index: number, isClosed: boolean): vscode.CompletionItem {
  const { label, kind, detail, insert = label, isSnippet = false, goesOn = false } = suggestion;
  const item = new vscode.CompletionItem({ label, description: detail }, kinds[kind]);
  const text = isClosed ? insert.replace(/\}\}$/, '') : insert;
  item.insertText = isSnippet ? new vscode.SnippetString(text) : text;
  item.filterText = label;
  item.range = range;
  item.sortText = String(index).padStart(6, '0');
  if (goesOn) item.command = { title: '', command: 'editor.action.triggerSuggest' };
  return item;
}
