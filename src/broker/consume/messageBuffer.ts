import { longTableBytes } from '../message/fieldTable.ts';
import type { Message, MessageProperties } from '../message/message.ts';
import {
  bodyLengthAt,
  fitsRecord,
  RecordedMessage,
  recordLengthAt,
  roomFor,
  writeRecord,
  type DeliveredMessage,
} from './messageRecord.ts';
import { RecordLog } from './recordLog.ts';

export type { DeliveredMessage } from './messageRecord.ts';

/** What properties cost that are kept as objects, in bytes, as measured: of a long header table up to twice its bytes. */
function objectBytes({ headers }: MessageProperties): number {
  const table: unknown = headers;
  return 350 + 2 * (typeof table === 'object' && table !== null ? longTableBytes(table) : 0);
}

/** Limits of what is kept: a count of messages and bytes. */
export interface BufferLimits {
  readonly messages: number;
  readonly bytes: number;
}

/**
 * The newest messages of a tail, within limits, and beyond them every message that is still held. They are copied: amqplib's
 * `content` is a view of a socket buffer of about 64 KB, and keeping one message would keep all of it. No object is kept for
 * a message, unless it has headers: the young generation of a host grew by 90 MB for nothing but such objects.
 */
export class MessageBuffer {
  readonly #limits: BufferLimits;
  readonly #isHeld: (number: number) => boolean;
  readonly #log = new RecordLog();
  /** Properties that do not fit into a record, by number. */
  readonly #properties = new Map<number, MessageProperties>();
  /** Held messages that the limits have dropped; as many as the prefetch at the most. */
  readonly #heldAside = new Map<number, Message>();
  #count = 0;
  #bytes = 0;

  constructor(limits: BufferLimits, isHeld: (number: number) => boolean = () => false) {
    this.#limits = limits;
    this.#isHeld = isHeld;
  }

  /** How many messages have been added, kept or not; the newest one's number. */
  get lastNumber(): number {
    return this.#count;
  }

  /** The number of the oldest message kept; one past the newest when nothing is. */
  get firstNumber(): number {
    return this.#count + 1 - this.#log.size;
  }

  /** Bytes kept, with an estimate of the objects. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Copies the message in under the next number, which is returned. */
  add(raw: DeliveredMessage, receivedAt: number): number {
    const fits = fitsRecord(raw.properties);
    this.#log.append(roomFor(raw), (bytes, start) => {
      const end = writeRecord(bytes, start, raw, receivedAt, fits);
      this.#bytes += end - start;
      return end;
    });
    this.#count++;
    if (!fits) {
      this.#properties.set(this.#count, raw.properties);
      this.#bytes += objectBytes(raw.properties);
    }
    while (this.#log.size > 1 && (this.#log.size > this.#limits.messages || this.#bytes > this.#limits.bytes)) {
      this.#dropOldest();
    }
    return this.#count;
  }

  /** The message with this number, or undefined when it is no longer kept. */
  get(number: number): Message | undefined {
    const place = this.#log.lend(number - this.firstNumber);
    if (!place) return this.#heldAside.get(number);
    return new RecordedMessage(number, place.bytes, place.start, this.#properties.get(number));
  }

  /**
   * What is made of a message at once, of which nothing may be kept: its memory may be written anew after. That saves a flood
   * that is watched the new memory which each `get` costs it.
   */
  read<T>(number: number, make: (message: Message) => T): T | undefined {
    const place = this.#log.at(number - this.firstNumber);
    const message = place
      ? new RecordedMessage(number, place.bytes, place.start, this.#properties.get(number))
      : this.#heldAside.get(number);
    return message && make(message);
  }

  /** The length of its body in bytes; undefined when it is no longer kept. */
  lengthOf(number: number): number | undefined {
    const place = this.#log.at(number - this.firstNumber);
    return place ? bodyLengthAt(place.bytes, place.start) : this.#heldAside.get(number)?.content.length;
  }

  /** Forgets every message, but not how many there were. */
  clear(): void {
    this.#log.clear();
    this.#properties.clear();
    this.#heldAside.clear();
    this.#bytes = 0;
  }

  /** Forgets messages that were kept only because they were held. */
  release(numbers: Iterable<number>): void {
    for (const number of numbers) this.#heldAside.delete(number);
  }

  #dropOldest(): void {
    const number = this.firstNumber;
    const place = this.#log.at(0);
    const held = this.#isHeld(number) ? this.get(number) : undefined;
    if (held) this.#heldAside.set(number, held);
    if (place) this.#bytes -= recordLengthAt(place.bytes, place.start);
    const properties = this.#properties.get(number);
    if (properties) this.#bytes -= objectBytes(properties);
    this.#properties.delete(number);
    this.#log.drop();
  }
}
