import * as vscode from 'vscode';
import { systemClock } from '../../common/clock.ts';
import type { DisposableStore } from '../../common/disposable.ts';
import { tailBodyLimit } from '../config.ts';
import type { Connections } from '../connections/connections.ts';
import { Decoding } from '../decoding/decoding.ts';
import type { SourceDecoders } from '../decoding/sourceDecoders.ts';
import { MessagesView } from '../panel/messagesView.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { MessageBodies } from './bodies.ts';
import { bodyScheme } from './bodyUri.ts';
import { MessageLenses } from './lenses.ts';
import { BodyLinks } from './links.ts';
import { ShownTail } from './shownTail.ts';
import { tellOfStoppedTails } from './stoppedTails.ts';
import { TailOutputs, type TailOutputsParts } from './tailOutputs.ts';

/** The language of a tail's text, for its grammar, lenses and links. */
const languageId = 'warren-tail';

/** Tails, and the panels that show them, as commands need them. */
export interface Output {
  readonly outputs: TailOutputs;
  readonly shown: ShownTail;
  /** Messages as documents. */
  readonly bodies: MessageBodies;
  readonly messages: MessagesView;
  readonly decoding: Decoding;
}

interface OutputParts {
  readonly store: DisposableStore;
  /** Told of every change that a tail makes to its queue, for whoever shows its counts. */
  readonly touched: TailOutputsParts['touched'];
  readonly connections: Connections;
  readonly errors: ErrorPresenter;
  readonly context: vscode.ExtensionContext;
  readonly sourceDecoders: SourceDecoders;
}

/**
 * Puts tails into the Output panel, with controls on their messages, and into the Messages panel. An activation does not load
 * it: the first command does.
 */
export function registerOutput(given: OutputParts): Output {
  const { store, touched, connections, errors, context, sourceDecoders } = given;
  const reveal: TailOutputsParts['reveal'] = (output) => messages.reveal(output);
  const create = (name: string): vscode.OutputChannel => vscode.window.createOutputChannel(name, languageId);
  const decoding = store.add(new Decoding(sourceDecoders));
  const reader: TailOutputsParts['reader'] = (session, source) => decoding.reader(session, source);
  const parts = { create, clock: systemClock, bodyLimit: tailBodyLimit, touched, reveal, reader };
  const outputs = store.add(new TailOutputs(parts));
  store.add(tellOfStoppedTails({ connections, outputs, errors }));
  const lenses = store.add(new MessageLenses(outputs));
  const inOutput = { language: languageId, scheme: 'output' };
  store.add(vscode.languages.registerCodeLensProvider([inOutput, { scheme: bodyScheme }], lenses));
  store.add(vscode.languages.registerDocumentLinkProvider(inOutput, new BodyLinks(outputs)));
  const shown = store.add(new ShownTail(outputs));
  const messages = store.add(new MessagesView(context, outputs, connections));
  const bodies = store.add(new MessageBodies(outputs, decoding.onDidChange));
  return { outputs, shown, bodies, messages, decoding };
}
