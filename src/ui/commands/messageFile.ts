import * as vscode from 'vscode';
import type { Message } from '../../broker/message/message.ts';
import { literalMessage } from '../../broker/messageFile/literal.ts';
import { printMessageFile } from '../../broker/messageFile/print.ts';
import { AppError, toError } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { Connections } from '../connections/connections.ts';
import { pickEnvironment } from '../messageFile/environmentStatus.ts';
import { openNewMessage } from '../messageFile/newMessage.ts';
import { fileOf, messageAt, messageFileLanguage } from '../messageFile/parsedFiles.ts';
import type { MessageFiles } from '../messageFile/register.ts';
import type { Output } from '../output/output.ts';
import { plainLabel } from '../plainLabel.ts';
import { pickTarget } from '../publish/pickTarget.ts';
import type { RecentTargets } from '../publish/target.ts';
import { chooseSession, queueNameOf } from '../picks/targets.ts';
import type { CommandHandlers } from './registry.ts';
import { severalMessages } from './severalMessages.ts';
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
  const title = `New Message on ${session.profile.name}`;
  const target =
    queue === undefined
      ? await pickTarget(session, 'a new message', recent.of(session), undefined, title)
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

/** The message that a lens names, those selected in the Messages panel, or the one at the cursor of the tail that is shown. */
async function saveAsFile(output: Output, args: readonly unknown[]): Promise<void> {
  const { outputs, shown } = output;
  const several = severalMessages(output, args);
  const [id, number] = args;
  const found = several?.output ?? outputs.get(id) ?? shown.current;
  const chosen = typeof number === 'number' ? number : (shown.numberAtCursor ?? found?.shownNumber ?? 0);
  const numbers = several?.numbers ?? [chosen];
  const messages = numbers.flatMap((each) => found?.tail.buffer.get(each) ?? []);
  const [first] = messages;
  if (!found || !first) {
    say('No message is shown');
    return;
  }
  const text = printMessageFile({ messages: messages.map((each) => written(each, messages.length)) });
  const what = messages.length === 1 ? `Message #${first.number}` : `${formatInteger(messages.length)} Messages`;
  const uri = await vscode.window.showSaveDialog({
    title: `Save ${what} as Message File`,
    filters: { 'RabbitMQ messages': ['amqp'] },
    ...defaultUri(`${visibleName(found.subject).replaceAll(/[^\w.-]+/g, '-')}-${first.number}.amqp`),
  });
  if (!uri) return;
  try {
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text, 'utf8'));
  } catch (error) {
    throw new AppError('fileUnwritable', { name: uri.path, reason: toError(error).message }, { cause: error });
  }
  if (text.length > mostOpened) say(`Saved ${what.toLowerCase()} of ${plainLabel(found.subject)}`);
  else await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

/** VS Code gives an extension no document of more than 50 MB; in UTF-16 units, of which each is up to three bytes. */
const mostOpened = 16 * 1024 * 1024;

/** @throws AppError `invalidInput`, with the message's number where there are several */
function written(message: Message, of: number): ReturnType<typeof literalMessage> {
  try {
    return literalMessage(message);
  } catch (error) {
    if (of === 1 || !(error instanceof AppError) || !error.is('invalidInput')) throw error;
    const { field, reason } = error.params;
    throw new AppError('invalidInput', { field: `#${message.number}: ${field}`, reason }, { cause: error });
  }
}

function defaultUri(name: string): { defaultUri?: vscode.Uri } {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return folder ? { defaultUri: vscode.Uri.joinPath(folder.uri, name) } : {};
}
