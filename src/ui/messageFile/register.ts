import * as vscode from 'vscode';
import { formatMessageFile } from '../../broker/messageFile/format.ts';
import type { MessageNode } from '../../broker/messageFile/model.ts';
import type { Session } from '../../broker/session.ts';
import type { DisposableStore } from '../../common/disposable.ts';
import { chosenVariables } from '../config.ts';
import type { Connections } from '../connections/connections.ts';
import { ActiveConnection } from './activeConnection.ts';
import { MessageCompletion, triggerCharacters } from './completion.ts';
import { MessageDiagnostics } from './diagnostics.ts';
import { EnvironmentStatus } from './environmentStatus.ts';
import { MessageFixes } from './fixes.ts';
import { MessageHover } from './hover.ts';
import { PublishLenses } from './lenses.ts';
import { provideDocumentLinks } from './links.ts';
import { routedMessage } from './liveMessage.ts';
import { LiveTopology } from './liveTopology.ts';
import { provideDocumentSymbols, provideFoldingRanges } from './outline.ts';
import { fileOf, messageFileLanguage, toRange } from './parsedFiles.ts';
import { MessageFilePublisher } from './publishing.ts';
import { routeWords, type RouteWords } from './routeWords.ts';
import { MessageResults } from './results.ts';

export interface MessageFileParts {
  readonly connections: Connections;
  /** Something of Warren's has changed what is in a queue. */
  readonly touched: (session: Session, queue: string) => void;
}

/** Message files, as commands need them. */
export interface MessageFiles {
  readonly publisher: MessageFilePublisher;
}

/** Puts what helps to write and publish message files into the editor. The first message file that is shown loads it. */
export function registerMessageFiles(store: DisposableStore, { connections, touched }: MessageFileParts): MessageFiles {
  const active = new ActiveConnection(connections);
  const topology = new LiveTopology();
  const results = new MessageResults();
  const { languages } = vscode;
  const language = { language: messageFileLanguage };
  const lenses = store.add(
    new PublishLenses(results, (document, message) => preview({ active, topology }, document, message)),
  );
  store.add(languages.registerCodeLensProvider(language, lenses));
  store.add(topology.onDidChange(() => lenses.redraw()));
  const completion = new MessageCompletion({ connections, active, topology });
  store.add(languages.registerCompletionItemProvider(language, completion, ...triggerCharacters));
  store.add(languages.registerHoverProvider(language, new MessageHover(active, topology)));
  store.add(languages.registerDocumentSymbolProvider(language, { provideDocumentSymbols }));
  store.add(languages.registerFoldingRangeProvider(language, { provideFoldingRanges }));
  store.add(languages.registerDocumentFormattingEditProvider(language, { provideDocumentFormattingEdits }));
  store.add(languages.registerDocumentLinkProvider(language, { provideDocumentLinks }));
  store.add(languages.registerCodeActionsProvider(language, new MessageFixes(active)));
  store.add(new EnvironmentStatus());
  const onDidChange = (listener: () => void): vscode.Disposable =>
    vscode.Disposable.from(
      connections.onDidChange(listener),
      topology.onDidChange(listener),
      results.onDidChange(listener),
    );
  store.add(new MessageDiagnostics({ active, topology, results, onDidChange }));
  store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => results.forget(uri.toString())));
  const outdated = (session: Session): void => topology.forget(session);
  return { publisher: new MessageFilePublisher({ connections, active, results, touched, outdated }) };
}

interface Live {
  readonly active: ActiveConnection;
  readonly topology: LiveTopology;
}

function preview(
  { active, topology }: Live,
  document: vscode.TextDocument,
  message: MessageNode,
): RouteWords | undefined {
  const session = active.ofMessage(document, message);
  const live = session && topology.of(session);
  const routed = live && routedMessage(fileOf(document), message, chosenVariables(document.uri));
  return routed && routeWords(routed, live.topology);
}

function provideDocumentFormattingEdits(document: vscode.TextDocument): vscode.TextEdit[] {
  return formatMessageFile(document.getText(), fileOf(document)).map(({ range, text }) =>
    vscode.TextEdit.replace(toRange(document, range), text),
  );
}
