import { offsetOf } from '../../broker/consume/stream/streamOffset.ts';
import type { BodyReader } from '../../broker/decoding/bodyReader.ts';
import { decoderHint } from '../../broker/decoding/decoders.ts';
import type { DecodedBody } from '../../broker/message/decode.ts';
import { foldJson } from '../../broker/message/jsonFold.ts';
import type { Message } from '../../broker/message/message.ts';
import { describeHeaders, describeProperties, type NamedText } from '../../broker/message/properties.ts';
import { counted, formatBytes, formatInteger } from '../../common/format.ts';
import { visibleLine, visibleName } from '../../common/visibleText.ts';

/*
 * The text of a tail. What belongs to a message's content is indented by five spaces; only Warren's own lines start to the
 * left of that, so no body, header or name can be mistaken for one of them. `media/warren-tail.tmLanguage.json` colours this
 * layout. Every function returns whole lines, each ended by LF.
 */

const INDENT = '     ';
const LINK = 'open the whole body';
/** Properties share a line up to this length, and so do the parts of a JSON body. */
const LINE_LENGTH = 100;
const MAX_CONTENT_TYPE_LENGTH = 80;
/** In the header line, so not repeated under it. */
const IN_HEADER_LINE: ReadonlySet<string> = new Set(['content-type', 'delivery-mode', 'priority', 'expiration']);

export interface FormatOptions {
  /** How many bytes of a body are shown. */
  readonly maxBodyBytes: number;
  /** The messages come from a stream: each one's offset is in its header line. */
  readonly isStream?: boolean;
  readonly bodies: BodyReader;
}

/** A message: header line, properties, header table, body, and what was left out of it. */
export function formatMessage(message: Message, options: FormatOptions): string {
  const body = options.bodies.read(message, { maxBytes: options.maxBodyBytes });
  const offset = options.isStream ? offsetOf(message) : undefined;
  let text = formatHeaderLine(message, offset);
  for (const line of propertyLines(message)) text += `${INDENT}${line}\n`;
  for (const { name, text: value } of describeHeaders(message.properties.headers)) {
    if (offset !== undefined && name === 'x-stream-offset') continue;
    text += `${INDENT}${name}: ${value}\n`;
  }
  return text + formatBody(message.number, body);
}

/** The first line alone: `#12  12:03:04.123  orders.events > order.created   application/json  1.2 kB  persistent`. */
export function formatHeaderLine(message: Message, offset?: number): string {
  const { properties } = message;
  const exchange = message.exchange === '' ? '(default)' : visibleName(message.exchange);
  let line = `#${message.number}  ${formatTime(message.receivedAt)}  ${exchange} > ${visibleName(message.routingKey)}   `;
  const contentType: unknown = properties.contentType;
  if (typeof contentType === 'string' && contentType !== '') line += `${headerField(contentType)}  `;
  line += formatBytes(message.content.length);
  if (offset !== undefined) line += `  offset ${formatInteger(offset)}`;
  if (properties.deliveryMode === 2) line += '  persistent';
  const priority: unknown = properties.priority;
  if (typeof priority === 'number') line += `  priority ${priority}`;
  const expiration: unknown = properties.expiration;
  if (typeof expiration === 'string') line += `  expires ${formatExpiration(expiration)}`;
  if (message.redelivered) line += '  redelivered';
  return `${line}\n`;
}

/** The message that a line is the header line of, if it is one. */
export function parseHeaderLine(line: string): { readonly number: number } | undefined {
  if (!line.startsWith('#')) return undefined;
  const match = /^#(\d+) {2}\d\d:\d\d:\d\d\.\d{3} {2}/.exec(line);
  return match === null ? undefined : { number: Number(match[1]) };
}

/** The line under a body that was cut, with the words that are a link. */
function formatOmitted(number: number, body: DecodedBody): string {
  return `   … ${omittedText(body)} of #${number} (${LINK})\n`;
}

/** How much of a body is not shown, which is not always known: `1.2 kB more`, `more`. */
export function omittedText({
  omittedBytes,
  isMoreUnknown,
}: Pick<DecodedBody, 'omittedBytes' | 'isMoreUnknown'>): string {
  return isMoreUnknown ? 'more' : `${formatBytes(omittedBytes)} more`;
}

/** Which message a line offers to open whole, and the link's columns (from 0, `end` exclusive), if it is such a line. */
export function parseOmittedLine(
  line: string,
): { readonly number: number; readonly start: number; readonly end: number } | undefined {
  if (!line.startsWith('   … ')) return undefined;
  const match = /^ {3}… (?:.* )?more of #(\d+) \(/.exec(line);
  if (match === null || !line.startsWith(`${LINK})`, match[0].length)) return undefined;
  return { number: Number(match[1]), start: match[0].length, end: match[0].length + LINK.length };
}

/** The columns of the words in a line that are a link to choosing a decoder (from 0, `end` exclusive), if it has them. */
export function parseDecoderLine(line: string): { readonly start: number; readonly end: number } | undefined {
  const start = line.startsWith('   (') && line.endsWith(`${decoderHint})`) ? line.lastIndexOf(decoderHint) : -1;
  return start === -1 ? undefined : { start, end: start + decoderHint.indexOf(' reads') };
}

/** What a flood kept from the screen: `count` messages of `bytes` in all (where known), numbers `from` to `to`. */
export function formatSkipped(count: number, bytes: number | undefined, from: number, to: number): string {
  const messages = counted(count, 'message');
  const size = bytes === undefined ? '' : ` (${formatBytes(bytes)})`;
  const range = from === to ? `#${from}` : `#${from}–#${to}`;
  return `…  ${messages}${size} not shown: ${range}\n`;
}

/** The numbers that a line says were not shown, if it is such a line. */
export function parseSkippedLine(
  line: string,
): { readonly count: number; readonly from: number; readonly to: number } | undefined {
  const match = /^… {2}([\d,]+) messages?(?: \(.*\))? not shown: #(\d+)(?:–#(\d+))?/.exec(line);
  if (match === null) return undefined;
  const [, count = '', from, to = from] = match;
  return { count: Number(count.replaceAll(',', '')), from: Number(from), to: Number(to) };
}

/** A line about the tail itself; `time` in milliseconds since the Unix epoch. */
export function formatNotice(time: number, text: string): string {
  return `── ${formatTime(time)}  ${visibleLine(text)}\n`;
}

let cachedSecond = NaN;
let cachedClock = '';

/** Local time with milliseconds. Messages come many to the second, and asking for a date's parts costs as much as the rest of a line. */
export function formatTime(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== cachedSecond) {
    const date = new Date(second * 1000);
    cachedClock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part, 2)).join(':');
    cachedSecond = second;
  }
  return `${cachedClock}.${pad(Math.floor(time - second * 1000), 3)}`;
}

function pad(part: number, digits: number): string {
  return String(part).padStart(digits, '0');
}

/** AMQP leaves expiration a string; RabbitMQ reads it as whole milliseconds. */
function formatExpiration(expiration: string): string {
  return /^\d{1,16}$/.test(expiration) ? `${expiration} ms` : headerField(expiration);
}

function headerField(text: string): string {
  return text.length > MAX_CONTENT_TYPE_LENGTH
    ? `${visibleName(text.slice(0, MAX_CONTENT_TYPE_LENGTH))}…`
    : visibleName(text);
}

/** Properties joined by ` · `, as many to a line as fit. */
function propertyLines(message: Message): string[] {
  const lines: string[] = [];
  let line = '';
  for (const property of describeProperties(message.properties)) {
    if (IN_HEADER_LINE.has(property.name)) continue;
    const item = formatProperty(property);
    if (line === '') line = item;
    else if (line.length + item.length < LINE_LENGTH) line += ` · ${item}`;
    else {
      lines.push(line);
      line = item;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

function formatProperty({ name, text }: NamedText): string {
  return `${name}: ${text}`;
}

function formatBody(number: number, body: DecodedBody): string {
  let text = body.note === undefined ? '' : `   (${body.note})\n`;
  const laidOut = body.kind === 'json' ? foldJson(body.text, LINE_LENGTH) : body.text;
  const shown = laidOut.endsWith('\n') ? laidOut.slice(0, -1) : laidOut;
  if (shown !== '') text += `${INDENT}${shown.replaceAll('\n', `\n${INDENT}`)}\n`;
  if (body.omittedBytes > 0) text += formatOmitted(number, body);
  return text;
}
