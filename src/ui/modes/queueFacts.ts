import type { BufferLimits } from '../../broker/consume/messageBuffer.ts';
import type { DeliveryLimit } from '../../broker/consume/queueTraits.ts';
import { dropsWhenFull } from '../../broker/consume/queueTraits.ts';
import { hasSingleActiveConsumer } from '../../broker/consume/peekPlan.ts';
import type { ConsumerInfo, QueueInfo } from '../../broker/management/model.ts';

import { consumersText } from './consumersText.ts';
import type { TapFacts } from './tapFacts.ts';

/** What is known of a queue before it is tailed. */
export interface QueueFacts {
  readonly queue: string;
  /** Undefined without a management API. */
  readonly details: QueueInfo | undefined;
  /** Those on the queue now. */
  readonly consumers: number | undefined;
  /** Those of them that the management API tells of, which is seconds late. */
  readonly consumersKnown: readonly ConsumerInfo[];
  /** Messages ready now. */
  readonly ready: number;
  /** Exclusive to another connection: nobody else can consume from it. */
  readonly isLocked?: boolean;
  readonly brokerVersion: string | undefined;
  readonly limit: DeliveryLimit;
  /** Messages held at once in hold. */
  readonly prefetch: number;
  /** Messages looked at unless a person says otherwise. */
  readonly peekCount: number;
  /** What is kept of what comes. */
  readonly buffer: BufferLimits;
  /** Undefined where it cannot be tapped. */
  readonly tap?: TapFacts | undefined;
}

export function isStream({ details }: Pick<QueueFacts, 'details'>): boolean {
  return details?.type === 'stream';
}

/** What is to be known of the queue by whoever consumes from it. */
export function consumingFacts({ details, consumers, consumersKnown }: QueueFacts): string[] {
  const facts: string[] = [];
  if (consumers !== undefined && consumers > 0) {
    const others = consumersText(consumers, consumersKnown);
    facts.push(hasSingleActiveConsumer(details) ? `waits its turn after ${others}` : `competes with ${others}`);
  }
  if (!details) facts.push('an auto-delete queue goes with its last consumer');
  return facts;
}

/**
 * What must be agreed to before somebody consumes from this queue, each a sentence.
 * @param returned what may go back
 * @param when it does so besides when the connection is lost
 */
export function consumingWarnings(facts: QueueFacts, returned: string, when: string): string[] {
  const { details, limit } = facts;
  const warnings: string[] = [];
  if (details?.autoDelete === true) {
    const others = facts.consumers ?? 0;
    const then = others === 0 ? 'Stopping the tail' : 'Stopping the tail, if it is the last consumer then,';
    warnings.push(`${then} deletes the queue with all messages in it, for it is an auto-delete queue.`);
  }
  if (limit.kind === 'firstReturnDrops') {
    warnings.push(
      `${returned} is lost ${when}, or when the connection is lost: by its delivery limit this queue drops or dead-letters a message with its first return.`,
    );
  }
  if (details && dropsWhenFull(details)) {
    warnings.push(
      `${returned} goes back to the queue ${when}, or when the connection is lost. The queue has a maximum length: what goes back when it is full is dropped, or pushes other messages out.`,
    );
  }
  return warnings;
}
