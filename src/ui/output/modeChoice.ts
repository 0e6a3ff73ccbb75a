import type { QueueInfo } from '../../broker/management/model.ts';
import type { TailMode } from '../../broker/consume/tail.ts';
import { formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { dropsWhenFull, timeToLive, type DeliveryLimit } from '../../broker/consume/queueTraits.ts';

/** What is known of a queue before it is tailed. */
export interface QueueFacts {
  readonly queue: string;
  /** Undefined without a management API. */
  readonly details: QueueInfo | undefined;
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
  const shared = sharedFacts(facts);
  const describe = (how: string): string => [how, ...shared].join(' · ');
  return [
    { mode: 'hold', label: 'Hold', description: describe('ack by hand'), detail: holdCost(facts) },
    {
      mode: 'drain',
      label: 'Drain',
      description: describe('automatic ack'),
      detail: 'Takes messages off the queue for good',
    },
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
  const returned = mode === 'hold' ? 'What you do not ack' : 'What has arrived and is not shown yet';
  if (limit.kind === 'firstReturnDrops') {
    const when = mode === 'hold' ? 'when the tail stops' : 'when the tail stops while it is paused';
    warnings.push(
      `${returned} is lost ${when}, or when the connection is lost: by its delivery limit this queue drops or dead-letters a message with its first return.`,
    );
  }
  if (details && dropsWhenFull(details)) {
    warnings.push(
      `${returned} goes back to the queue when ${mode === 'hold' ? 'the tail stops' : 'the tail stops while it is paused'}, or when the connection is lost. The queue has a maximum length: what goes back when it is full is dropped, or pushes other messages out.`,
    );
  }
  return warnings;
}

/** Why a queue cannot be tailed at all. */
export function refusalOf({ queue, details }: Pick<QueueFacts, 'queue' | 'details'>): string | undefined {
  if (details?.type !== 'stream') return undefined;
  return `${visibleName(queue)} is a stream, which is read by offset. Warren cannot do that yet; nothing was consumed.`;
}

/** Short, for a quick pick cuts it at about 85 characters. */
function holdCost({ prefetch, limit, details }: QueueFacts): string {
  const parts = [`Up to ${formatInteger(prefetch)} held; unsettled ones go back, marked redelivered`];
  if (limit.kind === 'known') parts.push(`returns count (limit ${limit.limit})`);
  else if (limit.kind === 'firstReturnDrops') parts.push('a return drops it');
  else if (details?.type === 'quorum' && limit.kind === 'unknown') parts.push('returns count');
  const ttl = details ? timeToLive(details) : undefined;
  if (ttl !== undefined) parts.push(`they expire after ${formatDuration(ttl)}`);
  return parts.join(' · ');
}

/** What is to be known of the queue in every mode. */
function sharedFacts({ details, consumers }: QueueFacts): string[] {
  const facts: string[] = [];
  if (consumers !== undefined && consumers > 0) {
    const others = consumers === 1 ? '1 other consumer' : `${formatInteger(consumers)} other consumers`;
    const isSingle = details?.arguments['x-single-active-consumer'] === true;
    facts.push(isSingle ? `waits its turn after ${others}` : `competes with ${others}`);
  }
  if (!details) facts.push('an auto-delete queue goes with its last consumer');
  return facts;
}

function formatDuration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
