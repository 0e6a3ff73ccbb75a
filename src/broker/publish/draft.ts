import type { Options } from 'amqplib';
import { AppError } from '../../common/errors.ts';

/** A message about to be published. `content` is sent byte for byte. */
export interface Draft {
  /** `''` is the default exchange: the routing key is then the queue's name. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: DraftProperties;
}

/** The AMQP 0-9-1 basic properties a publisher may set, by amqplib's names. `timestamp` is in seconds, by convention. */
export type DraftProperties = Readonly<
  Pick<
    Options.Publish,
    | 'contentType'
    | 'contentEncoding'
    | 'headers'
    | 'persistent'
    | 'priority'
    | 'correlationId'
    | 'replyTo'
    | 'expiration'
    | 'messageId'
    | 'timestamp'
    | 'type'
    | 'userId'
    | 'appId'
  >
> & {
  /** Any of 8 bits; `persistent` goes before it. */
  readonly deliveryMode?: number;
  /** Deprecated in AMQP 0-9-1 and amqplib leaves it out; a copy of a message has it all the same. */
  readonly clusterId?: string;
};

/** The longest short string, in bytes of UTF-8: names, routing keys and most properties. AMQP 0-9-1 section 4.2.5.3. */
const shortStringBytes = 255;
// oxlint-disable-next-line no-control-regex -- all of ASCII is a byte each
const plain = /^[\0-\x7f]*$/;

const shortStrings = [
  'contentType',
  'contentEncoding',
  'correlationId',
  'replyTo',
  'messageId',
  'type',
  'userId',
  'appId',
  'clusterId',
] as const;

/** Checks what the protocol could not carry, before anything is sent. @throws AppError `invalidInput` */
export function validateDraft(draft: Draft): void {
  checkShortString('exchange', draft.exchange);
  checkShortString('routing key', draft.routingKey);
  const { properties } = draft;
  for (const name of shortStrings) {
    const value: unknown = properties[name];
    if (value !== undefined) checkShortString(name, value);
  }
  const { priority, expiration, timestamp, deliveryMode } = properties;
  if (deliveryMode !== undefined && !isWhole(deliveryMode, 255))
    throw invalid('delivery mode', 'must be a whole number from 0 to 255');
  if (priority !== undefined && !isWhole(priority, 255))
    throw invalid('priority', 'must be a whole number from 0 to 255');
  if (expiration !== undefined && !isMilliseconds(expiration)) {
    throw invalid('expiration', 'must be a whole number of milliseconds');
  }
  if (timestamp !== undefined && !isWhole(timestamp, Number.MAX_SAFE_INTEGER)) {
    throw invalid('timestamp', 'must be a whole number of seconds since 1970');
  }
}

/** @throws AppError `invalidInput` */
export function checkShortString(field: string, value: unknown): void {
  if (typeof value !== 'string') throw invalid(field, 'must be text');
  // Most are plain and short; the checks below took a sixth of the time that a message takes.
  if (value.length <= shortStringBytes && plain.test(value)) return;
  // It would be sent as U+FFFD: another name, and another message than the one that comes back as unroutable.
  if (/\p{Cs}/u.test(value)) throw invalid(field, 'has half of a surrogate pair, which UTF-8 cannot carry');
  const bytes = Buffer.byteLength(value);
  if (bytes > shortStringBytes)
    throw invalid(field, `is ${bytes} bytes long; AMQP carries at most ${shortStringBytes}`);
}

/** AMQP has it as text; a number is written out. */
function isMilliseconds(value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'number') && /^\d+$/.test(String(value));
}

function isWhole(value: unknown, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
}

function invalid(field: string, reason: string): AppError {
  return new AppError('invalidInput', { field, reason });
}
