/** What can be done with a held message. */
export type Settlement = 'acked' | 'requeued' | 'rejected';

/** `lost`: its channel ended before it was settled, so the broker has requeued it. */
export type MessageState = 'held' | Settlement | 'lost';

/** A held message's place on its channel. */
export interface Held {
  readonly number: number;
  readonly deliveryTag: number;
}

/** How many settled messages are remembered, so that a tail that runs for days stays small. */
const rememberedSettled = 10_000;

/**
 * Which messages of one tail are held and what became of the others. Every message is settled at most once: a delivery
 * tag settled twice is a 406 that closes the channel, and one from an old channel would settle another message.
 * @see https://www.rabbitmq.com/docs/confirms#consumer-acks-double-acking
 */
export class AckState {
  /** Number to delivery tag, oldest first: a Map iterates in insertion order. */
  readonly #held = new Map<number, number>();
  readonly #settled = new Map<number, Exclude<MessageState, 'held'>>();

  get heldCount(): number {
    return this.#held.size;
  }

  /** Numbers of the held messages, oldest first. */
  heldNumbers(): number[] {
    return [...this.#held.keys()];
  }

  /** Undefined for a number that never came or was settled too long ago to be remembered. */
  stateOf(number: number): MessageState | undefined {
    return this.#held.has(number) ? 'held' : this.#settled.get(number);
  }

  isHeld(number: number): boolean {
    return this.#held.has(number);
  }

  hold(number: number, deliveryTag: number): void {
    this.#held.set(number, deliveryTag);
  }

  /** Marks those of `numbers` that are still held, and returns just these: the only ones the broker may be told of. */
  settle(numbers: Iterable<number>, settlement: Settlement): Held[] {
    const settled: Held[] = [];
    for (const number of numbers) {
      const deliveryTag = this.#held.get(number);
      if (deliveryTag === undefined) continue;
      this.#leave(number, settlement);
      settled.push({ number, deliveryTag });
    }
    return settled;
  }

  /** Marks all that is held, for the channel is gone or closing; returns their numbers. */
  releaseAll(state: 'lost' | 'requeued'): number[] {
    const numbers = this.heldNumbers();
    for (const number of numbers) this.#leave(number, state);
    return numbers;
  }

  #leave(number: number, state: Exclude<MessageState, 'held'>): void {
    this.#held.delete(number);
    this.#settled.set(number, state);
    if (this.#settled.size <= rememberedSettled) return;
    const oldest = this.#settled.keys().next();
    if (!oldest.done) this.#settled.delete(oldest.value);
  }
}
