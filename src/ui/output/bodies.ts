import * as vscode from 'vscode';
import { decodeBody } from '../../broker/message/decode.ts';
import type { Tail } from '../../broker/consume/tail.ts';
import type { Message } from '../../broker/message/message.ts';
import { describeHeaders, describeProperties } from '../../broker/message/properties.ts';
import { formatBytes, formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { bodyAddressOf, bodyPath, bodyScheme, type BodyAddress } from './bodyUri.ts';
import { formatMessage } from './format.ts';
import type { TailOutput } from './tailOutput.ts';
import type { TailOutputs } from './tailOutputs.ts';

/** Of several messages in one document each body is shown up to this, in bytes. */
const eachBodyBytes = 4096;
/** VS Code colours documents of up to 20 MB. */
const mostCharacters = 8_000_000;

/** Messages as read-only documents, read out of the tail's buffer when they are opened. */
export class MessageBodies implements vscode.TextDocumentContentProvider {
  readonly #outputs: TailOutputs;

  constructor(outputs: TailOutputs) {
    this.#outputs = outputs;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const address = bodyAddressOf(uri);
    const output = address && this.#outputs.get(address.tail);
    if (!output) return 'The tail that this message came by is closed.\n';
    if (address.from < address.to) return severalText(output.tail, address);
    const message = output.tail.buffer.get(address.from);
    if (!message) return `Message #${address.from} is no longer kept.\n`;
    return address.part === 'properties' ? propertiesText(message) : bodyText(message);
  }
}

/** Opens one message's body in the language of its content, or several messages as the tail shows them. */
export async function openMessages(output: TailOutput, from: number, to: number): Promise<void> {
  const message = from === to ? output.tail.buffer.get(from) : undefined;
  const language = message ? decodeBody(message.content, message.properties).languageId : 'warren-tail';
  await show(output, { tail: output.id, from, to, part: 'body' }, language);
}

/** Opens what came with a message beside its body. */
export async function openProperties(output: TailOutput, number: number): Promise<void> {
  await show(output, { tail: output.id, from: number, to: number, part: 'properties' }, 'plaintext');
}

/** Opens the bodies of two messages in the diff editor, laid out as each is read. */
export async function compareMessages(output: TailOutput, left: number, right: number): Promise<void> {
  const [before, after] = [left, right].map((number) => {
    const message = output.tail.buffer.get(number);
    const language = message ? decodeBody(message.content, message.properties).languageId : 'plaintext';
    return uriOf(output, { tail: output.id, from: number, to: number, part: 'body' }, language);
  });
  const title = `#${left} ↔ #${right} ${visibleName(output.subject)}`;
  await vscode.commands.executeCommand('vscode.diff', before, after, title, { preview: true });
}

function uriOf(output: TailOutput, address: BodyAddress, language: string): vscode.Uri {
  return vscode.Uri.from({ scheme: bodyScheme, path: bodyPath(address, output.subject, language) });
}

async function show(output: TailOutput, address: BodyAddress, language: string): Promise<void> {
  const uri = uriOf(output, address, language);
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.languageId !== language) await vscode.languages.setTextDocumentLanguage(document, language);
  await vscode.window.showTextDocument(document, { preview: true });
}

function bodyText(message: Message): string {
  const body = decodeBody(message.content, message.properties);
  if (body.omittedBytes === 0) return body.text;
  return `${body.text}\n… ${formatBytes(body.omittedBytes)} more\n`;
}

function propertiesText(message: Message): string {
  const { exchange, routingKey, redelivered, properties, content } = message;
  const rows = [
    ['exchange', exchange === '' ? '(default)' : visibleName(exchange)],
    ['routing-key', visibleName(routingKey)],
    ['redelivered', String(redelivered)],
    ['received', new Date(message.receivedAt).toISOString()],
    ['size', `${formatInteger(content.length)} bytes`],
    ...describeProperties(properties).map(({ name, text }) => [name, text]),
  ];
  const headers = describeHeaders(properties.headers).map(({ name, text }) => `  ${name}: ${text}`);
  const lines = rows.map(([name, text]) => `${name}: ${text}`);
  return [...lines, ...(headers.length > 0 ? ['headers:', ...headers] : []), ''].join('\n');
}

function severalText({ buffer, mode }: Tail, { from, to }: BodyAddress): string {
  const options = { maxBodyBytes: eachBodyBytes, isStream: mode === 'stream' };
  let text = '';
  let gone = 0;
  let number = from;
  for (; number <= to && text.length < mostCharacters; number++) {
    const message = buffer.get(number);
    if (message) text += formatMessage(message, options);
    else gone++;
  }
  const before = gone === 0 ? '' : `…  ${messages(gone)} no longer kept\n`;
  const after = number > to ? '' : `…  ${messages(to - number + 1)} more, too many for one document\n`;
  return before + text + after;
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${formatInteger(count)} messages`;
}
