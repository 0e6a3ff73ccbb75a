import type { ConsumeMessage } from 'amqplib';
import { Emitter, type Event } from '../../common/event.ts';
import { AckState, type Held, type MessageState, type Settlement } from './ackState.ts';
import { Confirmations } from './confirmations.ts';
import type { Consumer } from './consumer.ts';
import { MessageBuffer, type BufferLimits, type DeliveredMessage } from './messageBuffer.ts';
import { drainBatch, type QueueTailMode } from './tailOptions.ts';

/**
 * What was delivered to a tail: the messages that are kept, which of them the broker waits to be settled, and those that
 * came unasked and that nobody has seen.
 */
export class Deliveries {
  readonly buffer: MessageBuffer;
  readonly confirmations = new Confirmations();
  readonly #mode: QueueTailMode;
  readonly #acks = new AckState();
  /** Arrived while paused or stopping: neither shown nor acknowledged, as many as the prefetch at the most. */
  #unseen: ConsumeMessage[] = [];
  /** Kept in `drain` and not yet acknowledged. */
  #undrained = { count: 0, lastTag: 0 };
  readonly #settled = new Emitter<readonly number[]>();
  /** The state of these messages has changed. */
  readonly onDidSettle: Event<readonly number[]> = this.#settled.event;

  constructor(mode: QueueTailMode, limits: BufferLimits) {
    this.#mode = mode;
    this.buffer = new MessageBuffer(limits, (number) => this.#acks.isHeld(number));
  }

  /** Messages that would go back if the channel ended now, the unseen ones included. */
  get heldCount(): number {
    return this.#acks.heldCount + this.#undrained.count + this.#unseen.length;
  }

  stateOf(number: number): MessageState | undefined {
    return this.#acks.stateOf(number);
  }

  /** Numbers of the messages that can be settled, oldest first. */
  heldNumbers(): number[] {
    return this.#acks.heldNumbers();
  }

  /** Puts a message aside, unseen. */
  putAside(raw: ConsumeMessage): void {
    this.#unseen.push(raw);
  }

  /** The unseen messages, to be kept now. */
  takeUnseen(): ConsumeMessage[] {
    return this.#unseen.splice(0);
  }

  /** Keeps a message: it is held from now on, or acknowledged with the next batch in `drain`. Returns its number. */
  keep(raw: DeliveredMessage, receivedAt: number, consumer: Consumer | undefined): number {
    const number = this.buffer.add(raw, receivedAt);
    if (this.#mode === 'hold') {
      this.#acks.hold(number, raw.fields.deliveryTag);
    } else {
      this.#undrained.lastTag = raw.fields.deliveryTag;
      if (++this.#undrained.count >= drainBatch) this.flush(consumer);
    }
    return number;
  }

  /** Acknowledges what is kept in `drain`. One frame for many messages is what makes draining fast. */
  flush(consumer: Consumer | undefined): void {
    if (this.#undrained.count === 0 || consumer?.isOpen !== true) return;
    consumer.settle(this.#undrained.lastTag, 'acked', true);
    this.#undrained = { count: 0, lastTag: 0 };
  }

  /** Settles those of the messages that are still held; returns how many these were. */
  settle(consumer: Consumer, numbers: Iterable<number>, settlement: Settlement): number {
    const settled = this.#acks.settle(numbers, settlement);
    for (const { deliveryTag } of settled) consumer.settle(deliveryTag, settlement, false);
    return this.#settledOn(consumer, settled);
  }

  /** Settles every held message up to and including this one, in one frame; returns how many these were. */
  settleUpTo(consumer: Consumer, number: number, settlement: Settlement): number {
    const upTo = this.heldNumbers().filter((held) => held <= number);
    const settled = this.#acks.settle(upTo, settlement);
    const last = settled.at(-1);
    if (last) consumer.settle(last.deliveryTag, settlement, true);
    return this.#settledOn(consumer, settled);
  }

  /** The channel is gone, and all that was held on it; returns how many messages that were. */
  letGo(state: 'lost' | 'requeued'): number {
    const held = this.heldCount;
    this.#unseen = [];
    this.#undrained = { count: 0, lastTag: 0 };
    this.confirmations.letGo(state === 'requeued');
    this.#release(this.#acks.releaseAll(state));
    return held;
  }

  #settledOn(consumer: Consumer, settled: readonly Held[]): number {
    const numbers = settled.map(({ number }) => number);
    this.confirmations.settled(numbers, consumer);
    return this.#release(numbers);
  }

  #release(numbers: readonly number[]): number {
    this.buffer.release(numbers);
    if (numbers.length > 0) this.#settled.fire(numbers);
    return numbers.length;
  }
}
