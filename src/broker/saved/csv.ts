import { decodeBody } from '../message/decode.ts';
import type { Message } from '../message/message.ts';
import { orProblem } from './notSavable.ts';
import { printProperties } from './savedMessage.ts';

const columns = ['number', 'time', 'exchange', 'routing key', 'properties', 'headers', 'body', 'body as'];

/** The first line; with a byte order mark, by which spreadsheets know that it is UTF-8. */
export const csvHeader = `\uFEFF${row(columns)}`;

/** A message as a row, for people: what a spreadsheet would take for a formula is text. @see RFC 4180 */
export function csvRow(message: Message): string {
  const { number, receivedAt, exchange, routingKey } = message;
  const { headers, ...properties } = describe(message);
  const { text, as } = bodyText(message);
  const time = new Date(receivedAt).toISOString();
  const shown = headers === undefined ? '' : JSON.stringify(headers);
  return row([String(number), time, exchange, routingKey, JSON.stringify(properties), shown, text, as]);
}

function describe({ properties }: Message): Readonly<Record<string, unknown>> {
  const printed = orProblem(() => printProperties(properties));
  return 'problem' in printed ? { problem: printed.problem } : printed;
}

/** As text where all of it is text, else in base64. */
function bodyText({ content, properties }: Message): { readonly text: string; readonly as: string } {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  const { kind } = decodeBody(bytes, properties, { maxBytes: 65_536 });
  const text = kind === 'hex' ? undefined : exactText(bytes);
  return text === undefined ? { text: bytes.toString('base64'), as: 'base64' } : { text, as: 'text' };
}

function exactText(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function row(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/** @see https://owasp.org/www-community/attacks/CSV_Injection */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
