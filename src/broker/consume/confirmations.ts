import { Emitter, type Event } from '../../common/event.ts';
import type { Consumer } from './consumer.ts';

/** How many settlements that will never be confirmed are remembered. */
const rememberedUnconfirmed = 10_000;

/**
 * Which settlements the broker has handled. It answers none of them, but it handles a channel's frames in order: its
 * answer to a question about the queue, asked after them, says that the queue knows of them.
 * @see https://www.rabbitmq.com/docs/confirms
 */
export class Confirmations {
  readonly #waiting = new Set<number>();
  /** Their channel ended before it could be known. */
  readonly #never = new Set<number>();
  #asking: Consumer | undefined;
  readonly #confirmed = new Emitter<readonly number[]>();
  /** The broker has handled the settlement of these messages. */
  readonly onDidConfirm: Event<readonly number[]> = this.#confirmed.event;

  isConfirmed(number: number): boolean {
    return !this.#waiting.has(number) && !this.#never.has(number);
  }

  /** These have been settled on this channel just now. */
  settled(numbers: readonly number[], consumer: Consumer): void {
    for (const number of numbers) this.#waiting.add(number);
    if (numbers.length > 0 && this.#asking !== consumer) void this.#ask(consumer);
  }

  /** @param isInOrder the broker closed the channel when it was asked to, after all that was settled on it */
  letGo(isInOrder: boolean): void {
    this.#asking = undefined;
    const numbers = [...this.#waiting];
    this.#waiting.clear();
    if (isInOrder && numbers.length > 0) this.#confirmed.fire(numbers);
    for (const number of isInOrder ? [] : numbers) this.#never.add(number);
    for (const number of this.#never) {
      if (this.#never.size <= rememberedUnconfirmed) break;
      this.#never.delete(number);
    }
  }

  /** One question at a time, for all that was settled before it. */
  async #ask(consumer: Consumer): Promise<void> {
    this.#asking = consumer;
    // What is settled in the same go is asked for at once.
    await Promise.resolve();
    while (this.#asking === consumer && this.#waiting.size > 0) {
      const numbers = [...this.#waiting];
      try {
        await consumer.countReady();
      } catch {
        // A refusal or a lost connection ends the channel, which is told as always; after a time-out the next settlement
        // asks again.
        break;
      }
      if (this.#asking !== consumer) return;
      for (const number of numbers) this.#waiting.delete(number);
      this.#confirmed.fire(numbers);
    }
    if (this.#asking === consumer) this.#asking = undefined;
  }
}
