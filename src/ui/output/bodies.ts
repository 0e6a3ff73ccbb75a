import * as vscode from 'vscode';
import type { BodyReader } from '../../broker/decoding/bodyReader.ts';
import type { Message } from '../../broker/message/message.ts';
import { describeHeaders, describeProperties } from '../../broker/message/properties.ts';
import { counted, formatInteger } from '../../common/format.ts';
import type { Disposable } from '../../common/disposable.ts';
import type { Event } from '../../common/event.ts';
import { visibleName } from '../../common/visibleText.ts';
import { bodyAddressOf, bodyPath, bodyScheme, type BodyAddress } from './bodyUri.ts';
import { formatMessage, omittedText } from './format.ts';
import type { TailOutput } from './tailOutput.ts';
import type { TailOutputs } from './tailOutputs.ts';

/** Of several messages in one document each body is shown up to this, in bytes. */
const eachBodyBytes = 4096;
/** VS Code colours documents of up to 20 MB. */
const mostCharacters = 8_000_000;

/** Messages as read-only documents, read out of the tail's buffer when they are opened. */
export class MessageBodies implements vscode.TextDocumentContentProvider {
  readonly #outputs: TailOutputs;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #reread: Disposable;

  /** @param reread bodies may read otherwise from now on */
  constructor(outputs: TailOutputs, reread: Event<void>) {
    this.#outputs = outputs;
    this.#reread = reread(() => {
      for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === bodyScheme) this.#changed.fire(uri);
    });
  }

  dispose(): void {
    this.#reread.dispose();
    this.#changed.dispose();
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const address = bodyAddressOf(uri);
    const output = address && this.#outputs.get(address.tail);
    if (!output) return 'The tail that this message came by is closed.\n';
    if (address.from < address.to) return severalText(output, address);
    const message = output.tail.buffer.get(address.from);
    if (!message) return `Message #${address.from} is no longer kept.\n`;
    if (address.part === 'properties') return propertiesText(message);
    await output.bodies.prepare(message);
    return bodyText(message, output.bodies);
  }
}

/** Opens one message's body in the language of its content, or several messages as the tail shows them. */
export async function openMessages(output: TailOutput, from: number, to: number): Promise<void> {
  const language = from === to ? await languageOf(output, from) : 'warren-tail';
  await show(output, { tail: output.id, from, to, part: 'body' }, language);
}

/** Opens what came with a message beside its body. */
export async function openProperties(output: TailOutput, number: number): Promise<void> {
  await show(output, { tail: output.id, from: number, to: number, part: 'properties' }, 'plaintext');
}

/** Opens the bodies of two messages in the diff editor, laid out as each is read. */
export async function compareMessages(output: TailOutput, left: number, right: number): Promise<void> {
  const [before, after] = await Promise.all([left, right].map((number) => bodyUriOf(output, number)));
  const title = `#${left} ↔ #${right} ${visibleName(output.subject)}`;
  await vscode.commands.executeCommand('vscode.diff', before, after, title, { preview: true });
}

async function bodyUriOf(output: TailOutput, number: number): Promise<vscode.Uri> {
  const language = await languageOf(output, number);
  return uriOf(output, { tail: output.id, from: number, to: number, part: 'body' }, language);
}

async function languageOf({ tail, bodies }: TailOutput, number: number): Promise<string> {
  const message = tail.buffer.get(number);
  if (!message) return 'plaintext';
  await bodies.prepare(message);
  return bodies.read(message).languageId;
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

function bodyText(message: Message, bodies: BodyReader): string {
  const body = bodies.read(message);
  // Above bytes there is room to say why they are bytes; anything else is to stay what it is.
  const why = body.kind === 'hex' && body.note !== undefined ? `(${body.note})\n\n` : '';
  const more = body.omittedBytes === 0 ? '' : `\n… ${omittedText(body)}\n`;
  return why + body.text + more;
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

async function severalText({ tail, bodies }: TailOutput, { from, to }: BodyAddress): Promise<string> {
  const { buffer, mode } = tail;
  const options = { maxBodyBytes: eachBodyBytes, isStream: mode === 'stream', bodies };
  let text = '';
  let gone = 0;
  let number = from;
  for (; number <= to && text.length < mostCharacters; number++) {
    const message = buffer.get(number);
    if (!message) {
      gone++;
      continue;
    }
    const loading = bodies.prepare(message);
    // A message is waited for once, when its decoder is loaded for it.
    // oxlint-disable-next-line no-await-in-loop
    if (loading) await loading;
    text += formatMessage(message, options);
  }
  const before = gone === 0 ? '' : `…  ${counted(gone, 'message')} no longer kept\n`;
  const after = number > to ? '' : `…  ${counted(to - number + 1, 'message')} more, too many for one document\n`;
  return before + text + after;
}
