import type { QueueInfo } from '../../management/model.ts';

/** What waits in a tap's queue at the most: beyond it the oldest is dropped. */
export const tapQueueLimits = { messages: 10_000, bytes: 32 << 20 } as const;

const nowhere = 'amq.gen-nowhere';

/**
 * Beside the limits, what keeps a policy for all queues from making it do harm: a full queue would refuse what is published
 * to others too, or dead-letter what it drops. No exchange can have this name, and whoever may have a tap's queue may write
 * to it. The vhost's default may be a type that cannot be exclusive.
 */
export const tapQueueArguments = {
  'x-queue-type': 'classic',
  'x-max-length': tapQueueLimits.messages,
  'x-max-length-bytes': tapQueueLimits.bytes,
  'x-overflow': 'drop-head',
  'x-dead-letter-exchange': nowhere,
};

/** Whether a queue is one of a tap's, of whichever window: it is no queue that people would look for. */
export function isTapQueue({ exclusive, arguments: args }: Pick<QueueInfo, 'exclusive' | 'arguments'>): boolean {
  return exclusive && args['x-dead-letter-exchange'] === nowhere;
}
