import * as vscode from 'vscode';
import { AppError } from '../../common/errors.ts';
import type { Session } from '../../broker/session.ts';
import type { Connections } from '../connections/connections.ts';
import { fileOf, messageAt, messageFileLanguage } from '../messageFile/parsedFiles.ts';
import { openNewMessage } from '../messageFile/newMessage.ts';
import type { MessageFiles } from '../messageFile/register.ts';
import { replyAddress } from '../output/controls.ts';
import type { Output } from '../output/output.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { pickTarget } from '../publish/pickTarget.ts';
import { activeEditorSource, defaultHeaders, defaultProperties } from '../publish/sources.ts';
import type { RecentTargets } from '../publish/target.ts';
import { awaitReply, type AwaitReplyParts } from '../replies/awaitReply.ts';
import { ReplyDocuments } from '../replies/replyDocuments.ts';
import { chooseSession, connected, queueNameOf } from '../picks/targets.ts';
import type { CommandHandlers } from './registry.ts';
import { severalMessages } from './severalMessages.ts';

type ReplyCommands = Pick<CommandHandlers, 'publishAndAwaitReply' | 'message.reply'>;

export interface ReplyCommandParts {
  readonly connections: Connections;
  readonly errors: ErrorPresenter;
  readonly recent: RecentTargets;
  readonly output: Output;
  readonly messageFiles: () => Promise<MessageFiles>;
}

/** Requests that await a reply, and replies to requests that a tail has received. */
export function replyCommands(parts: ReplyCommandParts): ReplyCommands {
  const waiting: AwaitReplyParts = { errors: parts.errors, replies: new ReplyDocuments() };
  return {
    publishAndAwaitReply: (argument, index) =>
      inMessageFile(argument) ? requestInFile(parts, waiting, argument, index) : requestText(parts, waiting, argument),
    'message.reply': (...args) => reply(parts.output, args),
  };
}

function inMessageFile(argument: unknown): boolean {
  return typeof argument === 'string' || vscode.window.activeTextEditor?.document.languageId === messageFileLanguage;
}

/** The message that a lens names, or the one at the cursor. */
async function requestInFile(
  { messageFiles }: ReplyCommandParts,
  waiting: AwaitReplyParts,
  uri: unknown,
  index: unknown,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const named = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri);
  const document = named ?? editor?.document;
  const message =
    document &&
    (typeof index === 'number'
      ? fileOf(document).messages[index]
      : messageAt(document, editor?.selection.active ?? new vscode.Position(0, 0)));
  if (!message) throw new AppError('messageFileProblem', { reason: 'There is no message in this file.' });
  await (
    await messageFiles()
  ).publisher.request(document, message, (session, draft, again) => awaitReply(waiting, session, draft, again));
}

/** The selection or the text of the active editor. */
async function requestText(parts: ReplyCommandParts, waiting: AwaitReplyParts, argument: unknown): Promise<void> {
  const source = activeEditorSource();
  if (!source) throw new AppError('noEditor', {});
  const session = await chooseSession(parts.connections, argument, 'Publish and Await Reply');
  if (!session) return;
  const queue = queueNameOf(argument);
  const target =
    queue === undefined
      ? await pickTarget(session, source.label, parts.recent.of(session), defaultHeaders())
      : { exchange: '', routingKey: queue };
  if (!target) return;
  await parts.recent.add(session, target);
  const { value: body } = await source.read(0).next();
  if (!body) return;
  const send = async (): Promise<void> => {
    const open: Session = await connected(session);
    const draft = { ...target, content: body.content, properties: defaultProperties()(body.contentType) };
    await awaitReply(waiting, open, draft, send);
  };
  await send();
}

/** A new message to whom a message says to reply to, with its correlation-id. */
async function reply(output: Output, args: readonly unknown[]): Promise<void> {
  const { outputs, shown } = output;
  const several = severalMessages(output, args);
  const [id, number] = several ? [several.output.id, several.numbers[0]] : args;
  const found = outputs.get(id) ?? shown.current;
  const chosen = typeof number === 'number' ? number : shown.numberAtCursor;
  const message = found && chosen !== undefined ? found.tail.buffer.get(chosen) : undefined;
  const replyTo = message && replyAddress(message);
  if (!found || replyTo === undefined) {
    vscode.window.setStatusBarMessage('This message has no reply-to: it awaits no reply', 4_000);
    return;
  }
  const correlationId: unknown = message?.properties.correlationId;
  await openNewMessage(
    { exchange: '', routingKey: replyTo },
    found.session.profile.name,
    typeof correlationId === 'string' ? { 'correlation-id': correlationId } : {},
  );
}
