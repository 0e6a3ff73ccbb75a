import type { BufferLimits } from './messageBuffer.ts';
import type { QueueTraits } from './queueTraits.ts';
import type { TailMode } from './tail.ts';

/** Consuming from a queue itself. */
export type QueueTailMode = Extract<TailMode, 'hold' | 'drain'>;

/** Which queue to tail, how, and within what limits. */
export interface QueueTailOptions {
  readonly queue: string;
  readonly mode: QueueTailMode;
  /** Messages held at once in `hold`, 1 to 65535. @see https://www.rabbitmq.com/docs/consumer-prefetch */
  readonly prefetch: number;
  readonly buffer: BufferLimits;
  /** What is known of the queue when the tail starts; more may be learnt later. */
  readonly traits: QueueTraits;
  /** Reads them anew, before the consumer goes: the queue may be another by then, or have got a policy. */
  readonly readTraits?: () => Promise<QueueTraits>;
}

/**
 * In flight in `drain`, with one `multiple` ack per half of it. It takes some 75 % of what no acknowledgement would: that is
 * RabbitMQ's own work, and fifteen other pairs, from 100 and 50 to 60,000 and 1,000, did not take more.
 */
export const drainPrefetch = 1_000;
export const drainBatch = drainPrefetch / 2;

/** How many messages are delivered unsettled: in `drain`, which settles by itself, always the same. */
export function prefetchOf({ mode, prefetch }: Pick<QueueTailOptions, 'mode' | 'prefetch'>): number {
  return mode === 'drain' ? drainPrefetch : prefetch;
}
