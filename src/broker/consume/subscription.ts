import type { Consumer } from './consumer.ts';
import type { Holding } from './holding.ts';
import type { QueueTraits } from './queueTraits.ts';
import type { Tail } from './tail.ts';

/** What a tail wants of its subscription. */
export interface WantedSubscription {
  readonly delivers: boolean;
  readonly prefetch: number;
  /** As many are held as the prefetch allows: a new subscription would be given as many again. */
  readonly isFull: boolean;
  /** Whether the consumer may go though its channel stays. */
  readonly mayCancel: boolean;
  /** Whether to look now and then, without a subscription, if the queue is still there. */
  readonly watchesQueue: boolean;
}

/** Makes a subscription what its tail wants: one change after the other, or two would subscribe. */
export class Subscription {
  readonly #consumer: () => Consumer | undefined;
  readonly #wanted: () => WantedSubscription | undefined;
  #lastTurn: Promise<void> = Promise.resolve();

  /** Ends when all changes asked for so far are made; never rejects. */
  get settled(): Promise<void> {
    return this.#lastTurn;
  }

  /**
   * @param consumer the one to use, asked for again after each change
   * @param wanted may change while the broker answers; undefined when nothing is wanted any more
   */
  constructor(consumer: () => Consumer | undefined, wanted: () => WantedSubscription | undefined) {
    this.#consumer = consumer;
    this.#wanted = wanted;
  }

  /** @throws AppError why the broker refused */
  async follow(): Promise<void> {
    const turn = this.#lastTurn.then(() => this.#changeUntilRight());
    this.#lastTurn = turn.catch(() => undefined);
    await turn;
  }

  async #changeUntilRight(): Promise<void> {
    const consumer = this.#consumer();
    while (consumer && this.#consumer() === consumer) {
      const wanted = this.#wanted();
      if (!wanted) return;
      if (await changeOnce(consumer, wanted)) continue;
      if (wanted.watchesQueue) consumer.watchQueue();
      return;
    }
  }
}

/** What a tail that stands so wants. In drain what is under way is taken: its consumer stays. */
export function wantedBy(
  { mode, status, heldCount }: Pick<Tail, 'mode' | 'status' | 'heldCount'>,
  { prefetch }: Pick<Holding, 'prefetch'>,
  { canCancel }: QueueTraits,
): WantedSubscription | undefined {
  if (status.kind !== 'running' && status.kind !== 'paused') return undefined;
  const isHold = mode === 'hold';
  return {
    delivers: status.kind === 'running',
    prefetch,
    isFull: isHold && heldCount >= prefetch,
    mayCancel: isHold && canCancel,
    watchesQueue: canCancel,
  };
}

/**
 * A prefetch holds for the subscriptions that come after it: the old one ends, and its messages stay held.
 * @see https://www.rabbitmq.com/docs/consumer-prefetch
 */
async function changeOnce(consumer: Consumer, wanted: WantedSubscription): Promise<boolean> {
  const { delivers, prefetch, isFull, mayCancel } = wanted;
  if (!consumer.isSubscribed) {
    if (!delivers || isFull) return false;
    await consumer.subscribe(prefetch);
    return true;
  }
  if (!mayCancel || (delivers && consumer.prefetch === prefetch)) return false;
  await consumer.cancel();
  return true;
}
