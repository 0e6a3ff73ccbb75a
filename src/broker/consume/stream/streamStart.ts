import { AppError } from '../../../common/errors.ts';
import { formatInteger } from '../../../common/format.ts';

/** Where reading a stream begins. */
export type StreamStart =
  /** The oldest message that is kept. */
  | { readonly kind: 'first' }
  /** The newest messages, as many as a page has. */
  | { readonly kind: 'last' }
  /** What is published from now on. */
  | { readonly kind: 'next' }
  | { readonly kind: 'offset'; readonly offset: number }
  /** In seconds since the Unix epoch, which is as exact as AMQP tells time. */
  | { readonly kind: 'time'; readonly seconds: number }
  /** So long ago by the broker's clock: `30m`. */
  | { readonly kind: 'age'; readonly age: string };

/** The last second of the year 9999. */
const latestSeconds = 253_402_300_799;

/**
 * The consumer argument `x-stream-offset` for a start. A text that is no age ends the connection (541), and so does a
 * fraction; the text "7" is a 406, and a plain number of seconds silently an offset. Measured on 3.10 and 4.0.
 * @throws AppError `invalidInput` for what the broker would answer like that
 * @see https://www.rabbitmq.com/docs/streams#consuming
 */
export function offsetArgument(start: StreamStart): unknown {
  switch (start.kind) {
    case 'first':
    case 'last':
    case 'next':
      return start.kind;
    case 'offset':
      return checkedOffset(start.offset);
    case 'time':
      return { '!': 'timestamp', value: checkedSeconds(start.seconds) };
    case 'age':
      return parseAge(start.age);
  }
}

/** A whole number, its digits in groups or not. @throws AppError `invalidInput` */
export function parseOffset(text: string): number {
  const trimmed = text.trim();
  if (!/^(?:\d+|\d{1,3}(?:,\d{3})+)$/.test(trimmed)) return checkedOffset(Number.NaN);
  return checkedOffset(Number(trimmed.replaceAll(',', '')));
}

/** A number and a unit, such as `7D`; the units are RabbitMQ's: Y, M (months), D, h, m (minutes), s. @throws AppError `invalidInput` */
export function parseAge(text: string): string {
  const [, digits = '', unit = ''] = /^(\d{1,9})([YMDhms])$/.exec(text.trim()) ?? [];
  const count = Number(digits);
  if (count > 0) return `${count}${unit}`;
  throw new AppError('invalidInput', {
    field: 'age',
    reason: 'must be a number from 1 and a unit: Y, M, D, h, m or s, as in 30m or 7D',
  });
}

/** Seconds to a unit of age, as RabbitMQ counts them. @see rabbit_amqqueue.erl, `check_max_age` */
const unitSeconds: Readonly<Record<string, number>> = {
  Y: 365 * 86_400,
  M: 30 * 86_400,
  D: 86_400,
  h: 3_600,
  m: 60,
  s: 1,
};

/**
 * What begins at the same place when it is asked for later, before which nothing was found: an age moves on. It may be some
 * messages too early by another clock than the broker's, and by a second, but not too late.
 * @param now in milliseconds since the Unix epoch
 */
export function lasting(start: StreamStart, now: number): StreamStart {
  if (start.kind !== 'age') return start;
  const seconds = Number.parseInt(start.age, 10) * (unitSeconds[start.age.slice(-1)] ?? 0);
  return { kind: 'time', seconds: Math.max(0, Math.floor(now / 1_000) - seconds - 1) };
}

function checkedOffset(offset: number): number {
  if (Number.isSafeInteger(offset) && offset >= 0) return offset;
  const most = formatInteger(Number.MAX_SAFE_INTEGER);
  const reason =
    offset > Number.MAX_SAFE_INTEGER
      ? `must be at most ${most}: greater numbers cannot be sent exactly`
      : 'must be a whole number from 0';
  throw new AppError('invalidInput', { field: 'offset', reason });
}

function checkedSeconds(seconds: number): number {
  if (Number.isSafeInteger(seconds) && seconds >= 0 && seconds <= latestSeconds) return seconds;
  throw new AppError('invalidInput', { field: 'time', reason: 'must be between the years 1970 and 9999' });
}
