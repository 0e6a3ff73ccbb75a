import type { ConsumeMessage, GetMessage } from 'amqplib';
import { RingBuffer } from '../../common/ringBuffer.ts';
import type { Message, MessageProperties } from '../message/message.ts';

/** What a message costs beside its body: objects and strings, in bytes, as measured with 1 KB messages. */
const overheadBytes = 350;
const slabBytes = 1 << 20;

/** A message as amqplib gives it. */
export type DeliveredMessage = ConsumeMessage | GetMessage;

/** Limits of what is kept: a count of messages and bytes. */
export interface BufferLimits {
  readonly messages: number;
  readonly bytes: number;
}

/**
 * The newest messages of a tail, within limits, and beyond them every message that is still held. Bodies are copied into slabs: amqplib's `content` is a view of a socket
 * buffer of about 64 KB, and keeping one message would keep all of it.
 */
export class MessageBuffer {
  readonly #ring: RingBuffer<KeptMessage>;
  #slabs = new SlabWriter();
  readonly #isHeld: (number: number) => boolean;
  /** Held messages that the ring has dropped; as many as the prefetch at the most. */
  readonly #heldAside = new Map<number, Message>();
  #lastExchange = '';
  #lastRoutingKey = '';
  #count = 0;

  constructor(limits: BufferLimits, isHeld: (number: number) => boolean = () => false) {
    this.#isHeld = isHeld;
    this.#ring = new RingBuffer({ count: limits.messages, weight: limits.bytes }, (m) => m.length + overheadBytes);
  }

  /** How many messages have been added, kept or not; the newest one's number. */
  get lastNumber(): number {
    return this.#count;
  }

  /** The number of the oldest message kept; one past the newest when nothing is. */
  get firstNumber(): number {
    return this.#ring.at(0)?.number ?? this.#count + 1;
  }

  /** Bytes kept, bodies and an estimate of the rest. */
  get bytes(): number {
    return this.#ring.weight;
  }

  /** Copies the message in under the next number. */
  add(raw: DeliveredMessage, receivedAt: number): Message {
    const { fields } = raw;
    // Most messages of a queue come from one exchange and key: their strings are kept once.
    if (fields.exchange !== this.#lastExchange) this.#lastExchange = fields.exchange;
    if (fields.routingKey !== this.#lastRoutingKey) this.#lastRoutingKey = fields.routingKey;
    const { slab, offset } = this.#slabs.write(raw.content);
    const message = new KeptMessage(
      ++this.#count,
      receivedAt,
      this.#lastExchange,
      this.#lastRoutingKey,
      fields.redelivered,
      raw.properties,
      slab,
      offset,
      raw.content.length,
    );
    this.#ring.push(message, this.#keepHeld);
    return message;
  }

  /** The message with this number, or undefined when it is no longer kept. */
  get(number: number): Message | undefined {
    return this.#ring.at(number - this.firstNumber) ?? this.#heldAside.get(number);
  }

  /** Forgets every message, but not how many there were. */
  clear(): void {
    this.#ring.clear();
    this.#heldAside.clear();
    this.#slabs = new SlabWriter();
  }

  /** Forgets messages that were kept only because they were held. */
  release(numbers: Iterable<number>): void {
    for (const number of numbers) this.#heldAside.delete(number);
  }

  readonly #keepHeld = (dropped: Message): void => {
    if (this.#isHeld(dropped.number)) this.#heldAside.set(dropped.number, dropped);
  };
}

class KeptMessage implements Message {
  readonly number: number;
  readonly receivedAt: number;
  readonly exchange: string;
  readonly routingKey: string;
  readonly redelivered: boolean;
  readonly properties: MessageProperties;
  readonly #slab: Buffer;
  readonly #offset: number;
  readonly length: number;

  constructor(
    number: number,
    receivedAt: number,
    exchange: string,
    routingKey: string,
    redelivered: boolean,
    properties: MessageProperties,
    slab: Buffer,
    offset: number,
    length: number,
  ) {
    this.number = number;
    this.receivedAt = receivedAt;
    this.exchange = exchange;
    this.routingKey = routingKey;
    this.redelivered = redelivered;
    this.properties = properties;
    this.#slab = slab;
    this.#offset = offset;
    this.length = length;
  }

  /** A view made on demand: an object per message would cost a tenth of a small one. */
  get content(): Uint8Array {
    return this.#slab.subarray(this.#offset, this.#offset + this.length);
  }
}

/** Packs bodies into slabs of 1 MB outside Node's pool; a slab is freed with the last message in it. */
class SlabWriter {
  #slab = Buffer.alloc(0);
  #used = 0;

  write(bytes: Buffer): { slab: Buffer; offset: number } {
    if (bytes.length > slabBytes / 4) {
      const own = Buffer.allocUnsafeSlow(bytes.length);
      bytes.copy(own);
      return { slab: own, offset: 0 };
    }
    if (this.#used + bytes.length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(slabBytes);
      this.#used = 0;
    }
    const offset = this.#used;
    bytes.copy(this.#slab, offset);
    this.#used += bytes.length;
    return { slab: this.#slab, offset };
  }
}
