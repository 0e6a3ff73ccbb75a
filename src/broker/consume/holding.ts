import type { Event } from '../../common/event.ts';
import type { Confirmations } from './confirmations.ts';
import type { QueueTraits } from './queueTraits.ts';
import { prefetchOf, type QueueTailOptions } from './tailOptions.ts';

/** What can be known of and done with a tail that holds messages. */
export interface Holding {
  /** Whether the broker has said that it handled the settlement of this message. */
  isConfirmed(number: number): boolean;
  /** The settlement of these messages is confirmed. */
  readonly onDidConfirm: Event<readonly number[]>;
  /** How many messages are delivered beyond those that were held when delivery began or the prefetch changed. */
  readonly prefetch: number;
  /** Whether the prefetch can be changed: the queue outlives that its consumer goes for a moment. */
  readonly canChangePrefetch: boolean;
  /**
   * Changes how many messages are delivered unsettled. What is held stays held; with more held than this, delivery goes on when
   * fewer are.
   * @param prefetch 1 to 65535
   * @throws AppError why the broker could not be told; the tail has ended then
   */
  changePrefetch(prefetch: number): Promise<void>;
}

/** The prefetch of a tail, and the confirmations of what it settles. */
export class HoldControls implements Holding {
  prefetch: number;
  readonly #confirmations: Confirmations;
  readonly #traits: () => QueueTraits;
  readonly #follow: () => Promise<void>;
  readonly onDidConfirm: Event<readonly number[]>;

  /** @param follow has the subscription follow the prefetch */
  constructor(
    options: Pick<QueueTailOptions, 'mode' | 'prefetch'>,
    confirmations: Confirmations,
    traits: () => QueueTraits,
    follow: () => Promise<void>,
  ) {
    this.prefetch = prefetchOf(options);
    this.#confirmations = confirmations;
    this.#traits = traits;
    this.#follow = follow;
    this.onDidConfirm = confirmations.onDidConfirm;
  }

  get canChangePrefetch(): boolean {
    return this.#traits().canCancel;
  }

  isConfirmed(number: number): boolean {
    return this.#confirmations.isConfirmed(number);
  }

  changePrefetch(prefetch: number): Promise<void> {
    this.prefetch = prefetch;
    return this.#follow();
  }
}
