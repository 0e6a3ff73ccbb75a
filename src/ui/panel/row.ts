import type { BodyReader } from '../../broker/decoding/bodyReader.ts';
import { offsetOf } from '../../broker/consume/stream/streamOffset.ts';
import type { Message } from '../../broker/message/message.ts';
import { formatBytes, formatInteger } from '../../common/format.ts';
import { visibleLine, visibleName } from '../../common/visibleText.ts';
import type { Row, RowState } from '../../protocol/messages.ts';
import { replyAddress } from '../output/controls.ts';
import { formatTime } from '../output/format.ts';

/** What is looked at of a body for its preview, in bytes; and how much of that is shown, in UTF-16 units. */
const previewBytes = 400;
const previewLength = 200;
const previewHexBytes = 32;
/** More than this of a content type or an expiration nobody needs in a row. */
const longestField = 80;

/**
 * A message as a row of the table. What its body is read by is loaded if need be: that has all rows made anew.
 * @param isOfStream its offset is shown: elsewhere the header may be anybody's
 */
export function rowOf(message: Message, state: RowState, bodies: BodyReader, isOfStream = false): Row {
  void bodies.prepare(message);
  return {
    number: message.number,
    time: formatTime(message.receivedAt),
    exchange: message.exchange === '' ? '(default)' : visibleName(message.exchange),
    key: visibleName(message.routingKey),
    type: field(message.properties.contentType),
    size: formatBytes(message.content.length),
    flags: flagsOf(message, isOfStream ? offsetOf(message) : undefined),
    state,
    preview: previewOf(message, bodies),
    ...(replyAddress(message) !== undefined && { awaitsReply: true }),
  };
}

/** A row of which only this is left. */
export function goneRow(number: number, state: RowState): Row {
  const nothing = { time: '', exchange: '', key: '', type: '', size: '', flags: '' };
  return { number, ...nothing, state, preview: 'no longer kept', isGone: true };
}

function flagsOf({ properties, redelivered }: Message, offset: number | undefined): string {
  const flags: string[] = [];
  if (offset !== undefined) flags.push(`offset ${formatInteger(offset)}`);
  if (redelivered) flags.push('redelivered');
  if (properties.deliveryMode === 2) flags.push('persistent');
  if (typeof properties.priority === 'number') flags.push(`priority ${properties.priority}`);
  const expiration = field(properties.expiration);
  if (expiration !== '') flags.push(/^\d+$/.test(expiration) ? `expires ${expiration} ms` : `expires ${expiration}`);
  return flags.join(', ');
}

/** The start of a body in one line. */
function previewOf(message: Message, bodies: BodyReader): string {
  const { content } = message;
  const body = bodies.read(message, { maxBytes: previewBytes });
  if (body.kind === 'empty') return '(empty)';
  if (body.kind === 'hex') {
    const bytes = Array.from(content.subarray(0, previewHexBytes), (byte) => byte.toString(16).padStart(2, '0'));
    const what = body.note === undefined ? '' : `${field(body.note.replace(/; shown as bytes$/, ''))}: `;
    return `${what}${bytes.join(' ')}${content.length > previewHexBytes ? ' …' : ''}`;
  }
  const line = visibleLine(body.text.replaceAll(/\s*\n\s*/g, ' ').trim());
  return line.length > previewLength || body.omittedBytes > 0 ? `${cut(line)}…` : line;
}

function cut(line: string): string {
  return line.slice(0, previewLength).replace(/[\uD800-\uDBFF]$/, '');
}

function field(value: unknown): string {
  if (typeof value !== 'string' || value === '') return '';
  return value.length > longestField ? `${visibleName(value.slice(0, longestField))}…` : visibleName(value);
}
