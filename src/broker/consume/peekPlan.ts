import type { QueueInfo } from '../management/model.ts';
import { dropsWhenFull, isFull, timeToLive, type DeliveryLimit } from './queueTraits.ts';

/** What decides how a queue can be looked at. */
export interface PeekFacts {
  /** Undefined without a management API: then nothing is known but the counts. */
  readonly details: QueueInfo | undefined;
  /** Now, by passive declare. */
  readonly consumers: number | undefined;
  readonly ready: number | undefined;
  readonly limit: DeliveryLimit;
  readonly brokerVersion: string | undefined;
}

/** What a look may do besides marking the messages as redelivered, each to be told. */
export type PeekCaution =
  /** It drops its oldest messages to stay within its length, and is that long now. */
  | 'full'
  /** Messages expire, those too that are held. */
  | 'expires'
  /** Consumers may get later messages before those that are looked at. */
  | 'consumers'
  /** The same, and only one of them is to get any, in order. */
  | 'singleActiveConsumer'
  /** No management API tells whether the queue counts returns, or how many it takes. */
  | 'limitUnknown';

/** How to look with the least harm. */
export interface Peek {
  readonly kind: 'peek';
  /**
   * `get`: one after the other. `consume`: by subscriptions that end at once, for a quorum queue returns what was got by the
   * texts of its delivery tags: 1, 10, 11, 2. Measured on 3.10 and 4.0.
   */
  readonly method: 'get' | 'consume';
  /** It may only be done while nobody else consumes: a quorum queue with a single active consumer refuses `get` (405). */
  readonly isAlone: boolean;
  /** So many messages at the most. */
  readonly most: number;
  /** Closing the channel puts messages back at the head of every queue; from 4.3 on a quorum queue does not count a nack. */
  readonly giveBack: 'close' | 'nack';
  /** Whether the queue counts it as a return of each message. */
  readonly counts: 'no' | 'yes' | 'perhaps';
  /**
   * Whether the messages are at the head again. A quorum queue puts them behind others that came back before and were not
   * looked at, where there are any. Measured on 3.10 and 4.0.
   */
  readonly order: 'kept' | 'behindReturned' | 'unknown';
  /** Nothing is held for longer, in milliseconds. */
  readonly holdMs: number;
  readonly cautions: readonly PeekCaution[];
}

export interface PeekRefusal {
  readonly kind: 'refused';
  readonly why:
    /** Another connection's: it alone may use the queue. */
    | 'exclusive'
    /** The queue drops or dead-letters a message with its first return. */
    | 'firstReturnDrops'
    /** It would have to consume, and another is the one that may. */
    | 'singleActiveConsumer';
}

/** A stream is read by offset, which takes nothing. */
export type PeekPlan = Peek | PeekRefusal | { readonly kind: 'stream' };

/** The most messages that are looked at: as many as can be had while nothing is held for long. */
export const mostPeeked = 10_000;
/** What a quorum queue puts back in order after `get`. */
const mostGot = 9;
const longestHoldMs = 10_000;
const shortestHoldMs = 500;

/** Decides how a queue is looked at, or that it must not be. Measured on 3.10 and 4.0; 4.3 by its documentation. */
export function peekPlan(facts: PeekFacts): PeekPlan {
  const { details, limit, consumers } = facts;
  if (details?.type === 'stream') return { kind: 'stream' };
  if (details?.exclusive === true) return { kind: 'refused', why: 'exclusive' };
  if (limit.kind === 'firstReturnDrops') return { kind: 'refused', why: 'firstReturnDrops' };
  const isQuorum = details?.type === 'quorum';
  const isAlone = isQuorum && hasSingleActiveConsumer(details);
  // To consume and cancel deletes an auto-delete queue. RabbitMQ 4.0 has no such quorum queue.
  const consumes = isQuorum && !details.autoDelete;
  // Of an unknown number of consumers another may be the active one.
  if (isAlone && (consumers !== 0 || !consumes)) return { kind: 'refused', why: 'singleActiveConsumer' };
  const nacks = isQuorum && isAtLeast(facts.brokerVersion, 4, 3);
  return {
    kind: 'peek',
    method: consumes ? 'consume' : 'get',
    isAlone,
    most: details && consumes === isQuorum ? mostPeeked : mostGot,
    giveBack: nacks ? 'nack' : 'close',
    counts: details === undefined ? 'perhaps' : !nacks && (isQuorum || limit.kind !== 'none') ? 'yes' : 'no',
    order: nacks ? 'unknown' : details === undefined || isQuorum ? 'behindReturned' : 'kept',
    holdMs: holdMs(details),
    cautions: cautionsOf(facts),
  };
}

/** Whether only one consumer gets messages, in their order. Only an argument can say so. */
export function hasSingleActiveConsumer(details: QueueInfo | undefined): boolean {
  return details?.arguments['x-single-active-consumer'] === true;
}

/** What a message's returns so far ask of whoever looks at it. */
export type LookVerdict =
  | 'goOn'
  /** To be given back, but none after it is to be looked at: it is near the limit, and so may they be. */
  | 'stop'
  /** Not to be given back: that would lose it. */
  | 'keep';

/** How far from the limit looking ends, in returns. */
const margin = 2;

/** @param returns its `x-delivery-count`, where the broker wrote that */
export function judge(returns: number, limit: DeliveryLimit): LookVerdict {
  switch (limit.kind) {
    case 'none':
      return 'goOn';
    case 'firstReturnDrops':
      return 'keep';
    case 'unknown':
      // It came back so often and is still there: the limit may be that number.
      return returns > 0 ? 'keep' : 'goOn';
    case 'known':
      if (returns >= limit.limit) return 'keep';
      return returns >= limit.limit - margin ? 'stop' : 'goOn';
  }
}

function cautionsOf({ details, consumers, ready, limit }: PeekFacts): PeekCaution[] {
  const cautions: PeekCaution[] = [];
  if (details && ready !== undefined && dropsWhenFull(details) && isFull(details, ready)) cautions.push('full');
  if (details && timeToLive(details) !== undefined) cautions.push('expires');
  if (consumers !== undefined && consumers > 0) {
    cautions.push(hasSingleActiveConsumer(details) ? 'singleActiveConsumer' : 'consumers');
  }
  if (limit.kind === 'unknown') cautions.push('limitUnknown');
  return cautions;
}

/** Less than half the time that a message lives. */
function holdMs(details: QueueInfo | undefined): number {
  const ttl = details ? timeToLive(details) : undefined;
  if (ttl === undefined) return longestHoldMs;
  return Math.min(longestHoldMs, Math.max(shortestHoldMs, ttl / 2));
}

/** Of a version like `4.3.0-rc.1`; false where it is not known. */
function isAtLeast(version: string | undefined, major: number, minor: number): boolean {
  const [own = NaN, ownMinor = 0] = (version ?? '').split('.').map((part) => Number.parseInt(part, 10));
  return own > major || (own === major && ownMinor >= minor);
}
