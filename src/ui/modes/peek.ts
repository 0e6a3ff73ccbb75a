import { peekPlan, type Peek, type PeekRefusal } from '../../broker/consume/peekPlan.ts';
import { peekTail } from '../../broker/consume/peekTail.ts';
import { formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { consumersText } from './consumersText.ts';
import type { Mode } from './mode.ts';
import type { QueueFacts } from './queueFacts.ts';

/** A look at the first messages, which go back at once. */
export const peek: Mode = {
  mode: 'peek',
  icon: 'search',
  offer: (facts) => {
    const plan = peekPlan(facts);
    if (plan.kind !== 'peek') return undefined;
    return { label: 'Peek', description: description(plan, facts), detail: detail(plan, facts) };
  },
  refuse: (facts) => {
    const plan = peekPlan(facts);
    return plan.kind === 'refused' ? refusalText(plan, facts) : undefined;
  },
  warnings: (facts) => {
    const plan = peekPlan(facts);
    return plan.kind === 'peek' ? warningsOf(plan, facts) : [];
  },
  prepare: async (facts, session, { count: wanted, lastCount } = {}) => {
    const plan = peekPlan(facts);
    if (plan.kind !== 'peek') return undefined;
    const last = Math.min(lastCount ?? facts.peekCount, plan.most);
    const ask = async (): Promise<number | undefined> => {
      const { askCount } = await import('./peekCount.ts');
      return askCount(facts, plan, { last: lastCount, value: last, on: session.profile.name });
    };
    const count = Math.min(wanted ?? (await ask()) ?? 0, plan.most);
    if (count === 0) return undefined;
    const { queue, limit, buffer } = facts;
    return {
      make: peekTail({ queue, count, maxBytes: buffer.bytes, plan, limit }),
      cost: `peek (first ${formatInteger(count)}): ${count === 1 ? 'it goes' : 'they go'} back at once, marked redelivered`,
      count,
    };
  },
};

function description(plan: Peek, { consumers, consumersKnown }: QueueFacts): string {
  const parts = ['look at the first ones'];
  const others = consumersText(consumers ?? 0, consumersKnown);
  const areSeveral = (consumers ?? 0) > 1;
  if (plan.cautions.includes('consumers')) parts.push(`${others} ${areSeveral ? 'get' : 'gets'} later ones meanwhile`);
  if (plan.cautions.includes('singleActiveConsumer')) parts.push(`passes by ${others}`);
  if (plan.isAlone) parts.push('as the only consumer');
  return parts.join(' · ');
}

function detail(plan: Peek, { limit }: QueueFacts): string {
  const parts = [`They go back at once${plan.order === 'kept' ? ', in order' : ''}, marked redelivered`];
  if (plan.counts === 'yes')
    parts.push(
      limit.kind === 'known' ? `each look counts as a return (limit ${limit.limit})` : 'each look counts as a return',
    );
  else if (plan.counts === 'perhaps') parts.push('counts in a quorum queue');
  if (plan.cautions.includes('full')) parts.push('the queue is full');
  if (plan.cautions.includes('expires')) parts.push(`held for ${plan.holdMs / 1000} s at most, for they expire`);
  return parts.join(' · ');
}

/** Why looking would destroy, or is not allowed. */
function refusalText({ why }: PeekRefusal, { queue, consumers, consumersKnown }: QueueFacts): string {
  const name = visibleName(queue);
  switch (why) {
    case 'exclusive':
      return `${name} cannot be peeked: it is exclusive to another connection.`;
    case 'firstReturnDrops':
      return `${name} cannot be peeked: by its delivery limit it drops or dead-letters a message with its first return, so looking would lose what is looked at.`;
    case 'singleActiveConsumer': {
      const others = consumersText(consumers ?? 0, consumersKnown);
      return `${name} cannot be peeked now: it is a quorum queue with a single active consumer, which only that one may read, and it has ${others}.`;
    }
  }
}

function warningsOf(plan: Peek, { queue, details, consumers, consumersKnown }: QueueFacts): string[] {
  const name = visibleName(queue);
  const warnings: string[] = [];
  if (plan.cautions.includes('full')) {
    warnings.push(
      `${name} is full and drops its oldest messages. What is published while Warren holds the first ones, for a moment, pushes them out when they go back, as it would have done in the queue.`,
    );
  }
  if (plan.cautions.includes('singleActiveConsumer')) {
    const others = consumersText(consumers ?? 0, consumersKnown);
    warnings.push(
      `${name} has a single active consumer (${others}) to keep messages in order. While Warren holds the first ones, for a moment, it gets later ones before them.`,
    );
  }
  if (plan.cautions.includes('limitUnknown') && !details) {
    warnings.push(
      `Without the management API Warren cannot see whether ${name} is a quorum queue that limits returns. Looking counts as one; if the queue allows none, what is looked at is lost.`,
    );
  }
  return warnings;
}
