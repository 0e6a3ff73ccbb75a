import type { TailMode } from '../../broker/consume/tail.ts';
import { formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { dropsWhenFull, timeToLive, type DeliveryLimit, type QueueDetails } from './tailedQueue.ts';

/** What is known of a queue before it is tailed. */
export interface QueueFacts {
  readonly queue: string;
  /** Undefined without a management API. */
  readonly details: QueueDetails | undefined;
  /** Those on the queue now. */
  readonly consumers: number | undefined;
  readonly limit: DeliveryLimit;
  readonly prefetch: number;
}

/** A way to tail, as it is offered. */
export interface ModeChoice {
  readonly mode: TailMode;
  readonly label: string;
  readonly description: string;
  /** Its cost, true for this queue. */
  readonly detail: string;
}

/** The ways that this queue can be tailed, best first. Tap, peek and stream offset have their place here. */
export function modeChoices(facts: QueueFacts): ModeChoice[] {
  return [
    { mode: 'hold', label: 'Hold', description: 'ack by hand', detail: holdCost(facts) },
    { mode: 'drain', label: 'Drain', description: 'automatic ack', detail: drainCost(facts) },
  ];
}

/** What must be agreed to before this queue is tailed in this mode: each is a sentence. */
export function warningsOf(facts: QueueFacts, mode: TailMode): string[] {
  const { details, limit } = facts;
  const warnings: string[] = [];
  if (details?.autoDelete === true) {
    const others = facts.consumers ?? 0;
    const when = others === 0 ? 'Stopping the tail' : 'Stopping the tail, if it is the last consumer then,';
    warnings.push(`${when} deletes the queue with all messages in it, for it is an auto-delete queue.`);
  }
  if (mode === 'drain') return warnings;
  if (limit.kind === 'firstReturnDrops') {
    warnings.push(
      'What you do not ack is lost when the tail stops: before RabbitMQ 4, a quorum queue with delivery limit -1 drops or dead-letters a message with its first return.',
    );
  }
  if (details && dropsWhenFull(details)) {
    warnings.push(
      'The queue has a maximum length: what goes back to it when it is full is dropped, or pushes other messages out.',
    );
  }
  return warnings;
}

/** Why a queue cannot be tailed at all. */
export function refusalOf({ queue, details }: Pick<QueueFacts, 'queue' | 'details'>): string | undefined {
  if (details?.type !== 'stream') return undefined;
  return `${visibleName(queue)} is a stream, which is read by offset. Warren cannot do that yet; nothing was consumed.`;
}

function holdCost(facts: QueueFacts): string {
  const { prefetch, limit, details } = facts;
  const held =
    prefetch === 1
      ? 'One message is held for you at a time'
      : `Up to ${formatInteger(prefetch)} messages are held for you`;
  const parts = [`${held}; what you have not settled goes back when you stop, marked redelivered`];
  if (limit.kind === 'known') parts.push(`each return counts towards the queue's delivery limit of ${limit.limit}`);
  else if (limit.kind === 'firstReturnDrops') parts.push('this queue drops what is returned');
  else if (details?.type === 'quorum' && limit.kind === 'unknown') {
    parts.push(`returns are counted; policy ${details.policy ?? ''} may set a delivery limit`);
  }
  const ttl = details ? timeToLive(details) : undefined;
  if (ttl !== undefined) parts.push(`messages that go back after their ${formatDuration(ttl)} have expired`);
  return [...parts, ...sharedCosts(facts)].join(' · ');
}

function drainCost(facts: QueueFacts): string {
  return ['Takes messages off the queue for good', ...sharedCosts(facts)].join(' · ');
}

function sharedCosts({ details, consumers }: QueueFacts): string[] {
  const costs: string[] = [];
  if (consumers !== undefined && consumers > 0) {
    const others = consumers === 1 ? '1 other consumer' : `${formatInteger(consumers)} other consumers`;
    costs.push(
      details?.arguments['x-single-active-consumer'] === true
        ? `${others}: with a single active consumer, the tail waits its turn`
        : `competes with ${others} for messages`,
    );
  }
  if (!details) costs.push('an auto-delete queue goes with its last consumer');
  return costs;
}

function formatDuration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
