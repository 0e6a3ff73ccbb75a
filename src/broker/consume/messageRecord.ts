import type { ConsumeMessage, GetMessage } from 'amqplib';
import { wireBytes } from '../message/fieldTable.ts';
import type { Message, MessageProperties } from '../message/message.ts';

/** A message as amqplib gives it. */
export type DeliveredMessage = ConsumeMessage | GetMessage;

/** Properties that are text, in the order of their bits. */
const texts = [
  'contentType',
  'contentEncoding',
  'correlationId',
  'replyTo',
  'expiration',
  'messageId',
  'type',
  'userId',
  'appId',
  'clusterId',
] as const;
/** Those that are numbers, in the order of the bits that follow. */
const numbers = ['deliveryMode', 'priority', 'timestamp'] as const;
const emptyHeaders = 1 << (texts.length + numbers.length);
const redelivered = emptyHeaders << 1;

/**
 * A record: when it was received (8 bytes), the length of the body (4) and of all before it (4), what there is of the
 * properties (4), exchange, routing key and the properties that are text, each after its length (2), then the numbers among
 * the properties (8 each), and the body.
 */
const at = { receivedAt: 0, bodyLength: 8, bodyAt: 12, flags: 16, exchange: 20 } as const;
const mostBytesOfCharacter = 3;
/** Of a property; AMQP has room for 255 bytes. */
const mostCharacters = 255;

/** At least as many bytes as the record of this message takes. */
export function roomFor({ fields, content }: DeliveredMessage): number {
  const characters = fields.exchange.length + fields.routingKey.length + texts.length * mostCharacters;
  return at.exchange + 2 * (2 + texts.length) + 3 * 8 + characters * mostBytesOfCharacter + content.length;
}

/** Whether a record says all of the properties; it says nothing of what is in a header table. */
export function fitsRecord(properties: MessageProperties): boolean {
  for (const name of texts) {
    const text: unknown = properties[name];
    if (text !== undefined && (typeof text !== 'string' || text.length > mostCharacters)) return false;
  }
  for (const name of numbers) {
    const number: unknown = properties[name];
    if (number !== undefined && typeof number !== 'number') return false;
  }
  const headers: unknown = properties.headers;
  if (headers === undefined) return true;
  if (typeof headers !== 'object' || headers === null) return false;
  return Object.keys(headers).length === 0 && wireBytes(headers) === undefined;
}

/**
 * Writes a message down.
 * @param bytes with at least `roomFor` the message after `start`
 * @param withProperties whether they fit into a record
 * @returns where the record ends
 */
export function writeRecord(
  bytes: Buffer,
  start: number,
  { fields, properties, content }: DeliveredMessage,
  receivedAt: number,
  withProperties: boolean,
): number {
  let flags = fields.redelivered ? redelivered : 0;
  let end = writeText(bytes, start + at.exchange, fields.exchange);
  end = writeText(bytes, end, fields.routingKey);
  if (withProperties) {
    for (let i = 0; i < texts.length; i++) {
      const text = properties[texts[i] as (typeof texts)[number]] as string | undefined;
      if (text === undefined) continue;
      flags |= 1 << i;
      end = writeText(bytes, end, text);
    }
    for (let i = 0; i < numbers.length; i++) {
      const number = properties[numbers[i] as (typeof numbers)[number]] as number | undefined;
      if (number === undefined) continue;
      flags |= 1 << (texts.length + i);
      end = bytes.writeDoubleLE(number, end);
    }
    if (properties.headers !== undefined) flags |= emptyHeaders;
  }
  bytes.writeDoubleLE(receivedAt, start + at.receivedAt);
  bytes.writeUInt32LE(content.length, start + at.bodyLength);
  bytes.writeUInt32LE(end - start, start + at.bodyAt);
  bytes.writeUInt32LE(flags, start + at.flags);
  content.copy(bytes, end);
  return end + content.length;
}

/** The length of the body in the record at `start`, in bytes. */
export function bodyLengthAt(bytes: Buffer, start: number): number {
  return bytes.readUInt32LE(start + at.bodyLength);
}

/** The length of the record at `start`, in bytes. */
export function recordLengthAt(bytes: Buffer, start: number): number {
  return bytes.readUInt32LE(start + at.bodyAt) + bodyLengthAt(bytes, start);
}

/** A message as it was written down; what is asked for is read then. */
export class RecordedMessage implements Message {
  readonly number: number;
  readonly #bytes: Buffer;
  readonly #start: number;
  #properties: MessageProperties | undefined;

  /** @param properties those that do not fit into a record */
  constructor(number: number, bytes: Buffer, start: number, properties: MessageProperties | undefined) {
    this.number = number;
    this.#bytes = bytes;
    this.#start = start;
    this.#properties = properties;
  }

  get receivedAt(): number {
    return this.#bytes.readDoubleLE(this.#start + at.receivedAt);
  }

  get redelivered(): boolean {
    return (this.#flags & redelivered) !== 0;
  }

  get exchange(): string {
    return readText(this.#bytes, this.#start + at.exchange);
  }

  get routingKey(): string {
    return readText(this.#bytes, afterText(this.#bytes, this.#start + at.exchange));
  }

  get properties(): MessageProperties {
    return (this.#properties ??= this.#readProperties());
  }

  get content(): Uint8Array {
    const start = this.#start + this.#bytes.readUInt32LE(this.#start + at.bodyAt);
    return this.#bytes.subarray(start, start + bodyLengthAt(this.#bytes, this.#start));
  }

  get #flags(): number {
    return this.#bytes.readUInt32LE(this.#start + at.flags);
  }

  #readProperties(): MessageProperties {
    const bytes = this.#bytes;
    const flags = this.#flags;
    const properties: Record<string, unknown> = {};
    let from = afterText(bytes, afterText(bytes, this.#start + at.exchange));
    for (const [i, name] of texts.entries()) {
      if ((flags & (1 << i)) === 0) continue;
      properties[name] = readText(bytes, from);
      from = afterText(bytes, from);
    }
    for (const [i, name] of numbers.entries()) {
      if ((flags & (1 << (texts.length + i))) === 0) continue;
      properties[name] = bytes.readDoubleLE(from);
      from += 8;
    }
    if ((flags & emptyHeaders) !== 0) properties['headers'] = {};
    return properties as unknown as MessageProperties;
  }
}

function writeText(bytes: Buffer, start: number, text: string): number {
  const from = start + 2;
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    // Names and types are short, and rarely other than ASCII: this takes a third of the time of the call below.
    if (code > 0x7f) return endText(bytes, start, bytes.write(text, from));
    bytes[from + i] = code;
  }
  return endText(bytes, start, length);
}

function endText(bytes: Buffer, start: number, length: number): number {
  bytes.writeUInt16LE(length, start);
  return start + 2 + length;
}

function readText(bytes: Buffer, start: number): string {
  return bytes.toString('utf8', start + 2, afterText(bytes, start));
}

function afterText(bytes: Buffer, start: number): number {
  return start + 2 + bytes.readUInt16LE(start);
}
