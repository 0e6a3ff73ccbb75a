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
   * Changes how many messages are delivered unsettled, unless it turns out that it cannot be. What is held stays held; with
   * more held than this, delivery goes on when fewer are.
   * @param prefetch 1 to 65535
   * @throws AppError why the broker could not be told; the tail has ended then
   */
  changePrefetch(prefetch: number): Promise<void>;
}

interface HoldingTail {
  traits(): QueueTraits;
  learn(traits: QueueTraits): void;
  /** Has the subscription follow the prefetch. */
  follow(): Promise<void>;
}

/** The prefetch of a tail, and the confirmations of what it settles. */
export class HoldControls implements Holding {
  prefetch: number;
  readonly #confirmations: Confirmations;
  readonly #readTraits: QueueTailOptions['readTraits'];
  readonly #tail: HoldingTail;
  readonly onDidConfirm: Event<readonly number[]>;

  constructor(
    options: Pick<QueueTailOptions, 'mode' | 'prefetch' | 'readTraits'>,
    confirmations: Confirmations,
    tail: HoldingTail,
  ) {
    this.prefetch = prefetchOf(options);
    this.#readTraits = options.readTraits;
    this.#confirmations = confirmations;
    this.#tail = tail;
    this.onDidConfirm = confirmations.onDidConfirm;
  }

  get canChangePrefetch(): boolean {
    return this.#tail.traits().canCancel;
  }

  isConfirmed(number: number): boolean {
    return this.#confirmations.isConfirmed(number);
  }

  /** Looks whether the consumer may go: that must be known now, or it stays. Never throws. */
  async look(): Promise<void> {
    const traits = await this.#readTraits?.().catch(() => ({ ...this.#tail.traits(), canCancel: false }));
    if (traits) this.#tail.learn(traits);
  }

  async changePrefetch(prefetch: number): Promise<void> {
    await this.look();
    if (!this.canChangePrefetch) return;
    this.prefetch = prefetch;
    await this.#tail.follow();
  }
}
