import { asTyped, decimalText, describeTimestamp, timeOfTimestamp } from '../message/fieldValue.ts';
import { bigIntegerOf, jsonText } from './json.ts';

/** A value of a message in the forms in which it is compared. */
export interface Comparable {
  readonly text: string;
  readonly number?: number | bigint;
  /** Milliseconds since the Unix epoch. */
  readonly time?: number;
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?$/i;
/** Longer digits are text: `BigInt` takes time by their square. */
const MAX_DIGITS = 400;

const lossy = new TextDecoder('utf-8');

/** A value of a header table as amqplib decodes it, or one within `parseJson`; undefined for what there is not. */
export function comparable(value: unknown): Comparable | undefined {
  switch (typeof value) {
    case 'string':
      return comparableText(value);
    case 'number':
      return Number.isNaN(value) ? { text: 'NaN' } : { text: String(value), number: value };
    case 'bigint':
      return { text: String(value), number: value };
    case 'boolean':
      return { text: String(value) };
    case 'object':
      return value === null ? { text: 'null' } : comparableObject(value);
    default:
      return undefined;
  }
}

/** AMQP's timestamp, in seconds since the epoch. */
export function comparableTimestamp(value: unknown): Comparable | undefined {
  if (typeof value !== 'number') return comparable(value);
  const time = timeOfTimestamp(value);
  const text = describeTimestamp(value);
  return time === undefined ? { text, number: value } : { text, number: value, time };
}

/** The number that a text is; undefined when it is none. */
export function numberOf(text: string): number | bigint | undefined {
  if (text.length > MAX_DIGITS || !NUMBER.test(text)) return undefined;
  const number = Number(text);
  return /^[+-]?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text.replace('+', '')) : number;
}

function comparableText(text: string): Comparable {
  const big = bigIntegerOf(text);
  return big === undefined ? { text } : { text: String(big), number: big };
}

function comparableObject(value: object): Comparable | undefined {
  // amqplib lets a header named __proto__ set the prototype: bytes by their class need not be bytes.
  if (ArrayBuffer.isView(value) && value instanceof Uint8Array) return { text: lossy.decode(value) };
  const typed = asTyped(value);
  if (typed?.type === 'timestamp') return comparableTimestamp(typed.value);
  if (typed?.type === 'decimal') {
    const text = decimalText(typed.value);
    return text === undefined ? undefined : { text, number: Number(text) };
  }
  const text = jsonText(value);
  return text === undefined ? undefined : { text };
}
