import * as vscode from 'vscode';
import { literalMessage } from '../../broker/messageFile/literal.ts';
import { printMessageFile } from '../../broker/messageFile/print.ts';
import { AppError, toError } from '../../common/errors.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { Connections } from '../connections.ts';
import { pickEnvironment } from '../messageFile/environmentStatus.ts';
import { openNewMessage } from '../messageFile/newMessage.ts';
import { fileOf, messageAt, messageFileLanguage } from '../messageFile/parsedFiles.ts';
import type { MessageFiles } from '../messageFile/register.ts';
import type { Output } from '../output/output.ts';
import { pickTarget } from '../publish/pickTarget.ts';
import type { RecentTargets } from '../publish/target.ts';
import { chooseSession, queueNameOf } from '../targets.ts';
import type { CommandHandlers } from './registry.ts';
import { say } from './tailTarget.ts';

type MessageFileCommands = Pick<
  CommandHandlers,
  'newMessage' | 'messageFile.publish' | 'messageFile.publishAll' | 'chooseEnvironment' | 'message.saveAsFile'
>;

export interface MessageFileCommandParts {
  readonly connections: Connections;
  readonly recent: RecentTargets;
  readonly output: Output;
  /** Loads what works with message files. */
  readonly messageFiles: () => Promise<MessageFiles>;
}

/** Commands on message files. */
export function messageFileCommands(parts: MessageFileCommandParts): MessageFileCommands {
  const { output, messageFiles } = parts;
  return {
    newMessage: (argument) => newMessage(parts, argument),
    'messageFile.publish': async (uri, index) => {
      const document = documentOf(uri);
      const { messages } = fileOf(document);
      const message = typeof index === 'number' ? messages[index] : messageAtCursor(document);
      if (!message) throw new AppError('messageFileProblem', { reason: 'There is no message in this file.' });
      await (await messageFiles()).publisher.publish(document, [message]);
    },
    'messageFile.publishAll': async (uri) => {
      const document = documentOf(uri);
      const { messages } = fileOf(document);
      if (messages.length === 0)
        throw new AppError('messageFileProblem', { reason: 'There is no message in this file.' });
      await (await messageFiles()).publisher.publish(document, messages);
    },
    chooseEnvironment: pickEnvironment,
    'message.saveAsFile': (...args) => saveAsFile(output, args),
  };
}

async function newMessage({ connections, recent }: MessageFileCommandParts, argument: unknown): Promise<void> {
  const session = await chooseSession(connections, argument, 'New Message');
  if (!session) return;
  const queue = queueNameOf(argument);
  const target =
    queue === undefined
      ? await pickTarget(session, 'a new message', recent.of(session))
      : { exchange: '', routingKey: queue };
  if (!target) return;
  const isOnly = connections.all().length === 1;
  await openNewMessage(target, isOnly ? undefined : session.profile.name);
}

/** The document that a lens names, or the one in front. @throws AppError `messageFileProblem` */
function documentOf(uri: unknown): vscode.TextDocument {
  const text = typeof uri === 'string' ? uri : uri instanceof vscode.Uri ? uri.toString() : undefined;
  const named = vscode.workspace.textDocuments.find((each) => each.uri.toString() === text);
  const document = named ?? vscode.window.activeTextEditor?.document;
  if (document?.languageId === messageFileLanguage) return document;
  throw new AppError('messageFileProblem', { reason: 'Open a message file (.amqp) first.' });
}

function messageAtCursor(document: vscode.TextDocument) {
  const editor = vscode.window.visibleTextEditors.find((each) => each.document === document);
  return messageAt(document, editor?.selection.active ?? new vscode.Position(0, 0));
}

/** The message that a lens names, or the one at the cursor of the tail that is shown. */
async function saveAsFile({ outputs, shown }: Output, [id, number]: readonly unknown[]): Promise<void> {
  const found = outputs.get(id) ?? shown.current;
  const chosen = typeof number === 'number' ? number : (shown.numberAtCursor ?? found?.shownNumber);
  const message = found && chosen !== undefined ? found.tail.buffer.get(chosen) : undefined;
  if (!found || !message) {
    say('No message is shown');
    return;
  }
  const text = printMessageFile({ messages: [literalMessage(message)] });
  const uri = await vscode.window.showSaveDialog({
    title: `Save Message #${message.number} as Message File`,
    filters: { 'RabbitMQ messages': ['amqp'] },
    ...defaultUri(`${visibleName(found.subject).replaceAll(/[^\w.-]+/g, '-')}-${message.number}.amqp`),
  });
  if (!uri) return;
  try {
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text, 'utf8'));
  } catch (error) {
    throw new AppError('fileUnwritable', { name: uri.path, reason: toError(error).message }, { cause: error });
  }
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

function defaultUri(name: string): { defaultUri?: vscode.Uri } {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return folder ? { defaultUri: vscode.Uri.joinPath(folder.uri, name) } : {};
}
