import { visibleLine } from '../../common/visibleText.ts';

/** In UTF-16 units, about. What one header may take of the screen; the message's own view shows it whole. */
const MAX_LENGTH = 400;
const MAX_DEPTH = 6;
const MAX_SHOWN_BYTES = 32;
/** Later than year 5000 in seconds: a publisher that wrote milliseconds, against AMQP 0-9-1 section 4.2.5.4. */
const FIRST_MILLISECONDS = 1e11;
const LAST_DATE = 8.64e15;

/**
 * A value of a header table as one line. As in YAML, a string is bare unless it would read as something else: `7` is a number,
 * `"7"` a string. Takes what amqplib decodes to, typed values (`{ '!': 'timestamp', value }`) included; never throws.
 */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return needsQuotes(value) ? quote(value) : visibleLine(value, MAX_LENGTH);
  return describe(value, MAX_LENGTH, 0);
}

/** Seconds since the epoch (AMQP's timestamp) as ISO 8601 in UTC; what cannot be a date as the number it is. */
export function describeTimestamp(value: unknown): string {
  if (typeof value !== 'number') return describeValue(value);
  const time = timeOfTimestamp(value);
  if (time === undefined) return String(value);
  const iso = new Date(time).toISOString();
  return time === value ? `${iso} (sent as milliseconds)` : iso.replace('.000Z', 'Z');
}

/** AMQP's timestamp as milliseconds since the epoch; undefined when that is no date. */
export function timeOfTimestamp(value: number): number | undefined {
  const time = value >= FIRST_MILLISECONDS ? value : value * 1000;
  return Math.abs(time) <= LAST_DATE ? time : undefined;
}

/** `room` bounds the work as well as the length: tables can be 128 kB deep in one header. */
function describe(value: unknown, room: number, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value, room);
    case 'number':
      return `${isRounded(value) ? '≈' : ''}${value}`;
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : describeObject(value, room, depth);
    default:
      return 'null';
  }
}

/** A 64-bit integer past 2^53 was rounded when it was decoded; it goes out again by its own bytes. */
function isRounded(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) <= 2 ** 63;
}

function describeObject(value: object, room: number, depth: number): string {
  // amqplib lets a header named __proto__ set the prototype: bytes by their class need not be bytes.
  if (ArrayBuffer.isView(value) && value instanceof Uint8Array) return describeBytes(value);
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return describeArray(value, room, depth);
  const typed = asTyped(value);
  if (typed?.type === 'timestamp') return describeTimestamp(typed.value);
  if (typed?.type === 'decimal') return describeDecimal(typed.value, room, depth);
  if (typed !== undefined) return describe(typed.value, room, depth + 1);
  return describeTable(value, room, depth);
}

function describeArray(items: readonly unknown[], room: number, depth: number): string {
  const out = new BoundedList(room);
  for (const item of items) {
    if (!out.hasRoom) return `[${out.text}, … ${items.length - out.count} more]`;
    out.add(describe(item, out.room, depth + 1));
  }
  return `[${out.text}]`;
}

function describeTable(table: object, room: number, depth: number): string {
  const entries: [string, unknown][] = Object.entries(table);
  if (entries.length === 0) return '{}';
  const out = new BoundedList(room);
  for (const [key, value] of entries) {
    if (!out.hasRoom) return `{ ${out.text}, … ${entries.length - out.count} more }`;
    const name = key === '' ? '""' : visibleLine(key, out.room);
    out.add(`${name}: ${describe(value, out.room, depth + 1)}`);
  }
  return `{ ${out.text} }`;
}

/** Items joined by commas until about `room` characters are taken. */
class BoundedList {
  text = '';
  count = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get room(): number {
    return Math.max(1, this.#limit - this.text.length);
  }

  get hasRoom(): boolean {
    return this.text.length < this.#limit;
  }

  add(item: string): void {
    this.text += this.count++ === 0 ? item : `, ${item}`;
  }
}

function describeBytes(bytes: Uint8Array): string {
  const hex = Array.from(bytes.subarray(0, MAX_SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const more = bytes.length > MAX_SHOWN_BYTES ? ' …' : '';
  return bytes.length === 0 ? '<0 bytes>' : `<${bytes.length} bytes: ${hex}${more}>`;
}

function describeDecimal(value: unknown, room: number, depth: number): string {
  return decimalText(value) ?? describe(value, room, depth + 1);
}

/** amqplib's decimal in digits; undefined when it is not one. */
export function decimalText(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { digits, places } = value;
  if (!isCount(digits) || !isCount(places) || places > 255) return undefined;
  const text = String(digits).padStart(places + 1, '0');
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
}

/** What amqplib makes of types that JavaScript lacks (its `codec.js`): exactly the keys `!` and `value`. */
export function asTyped(value: object): { type: string; value: unknown } | undefined {
  if (!isObject(value) || typeof value['!'] !== 'string' || !Object.hasOwn(value, 'value')) return undefined;
  return Object.keys(value).length === 2 ? { type: value['!'], value: value['value'] } : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Empty, spaces at its ends, or the look of another type. */
function needsQuotes(text: string): boolean {
  return text.length < 64 && /^$|^\s|\s$|^(?:true|false|null|-?[\d.]+(?:e[+-]?\d+)?)$|^["[{<]/i.test(text);
}

function quote(text: string, room = MAX_LENGTH): string {
  return `"${visibleLine(text, room)}"`;
}
