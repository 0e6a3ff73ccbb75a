import { Tap } from '../../broker/consume/tap/tap.ts';
import { queueTap } from '../../broker/consume/tap/taps.ts';
import type { Mode } from './mode.ts';
import { isStream } from './queueFacts.ts';
import { tapCost, tapDetail, tapRefusal, tapWarnings } from './tapWords.ts';

/** Copies through a queue of our own: takes nothing. A stream is read by offset instead, which misses nothing. */
export const tap: Mode = {
  mode: 'tap',
  icon: 'copy',
  offer: (facts) => {
    const { plan, firehose } = facts.tap ?? {};
    if (!plan || isStream(facts) || (plan.copied.length === 0 && !firehose)) return undefined;
    const isComplete = plan.copied.length > 0 && plan.leftOut.length === 0;
    return {
      label: 'Tap',
      description: 'a copy of what comes from now on',
      detail: tapDetail(plan),
      ...(!isComplete && { isPartial: true }),
    };
  },
  // With the firehose it needs no copy.
  refuse: ({ tap: facts, queue }) => (facts && !facts.firehose ? tapRefusal(facts.plan, queue) : undefined),
  warnings: ({ tap: facts, queue }) => (facts ? tapWarnings(facts.plan.withAlternate, queue) : []),
  prepare: async ({ queue, buffer, tap: facts }, session, { before } = {}) => {
    if (!facts) return undefined;
    const { plan, firehose } = facts;
    const { chooseScope } = await import('./askTap.ts');
    const scope = before instanceof Tap ? (before.firehose ?? 'none') : await chooseScope(facts, queue, session);
    if (scope === undefined) return undefined;
    const used = scope !== 'none' && firehose ? { scope, note: firehose.note } : undefined;
    return { make: queueTap({ queue, buffer, firehose: used }), cost: tapCost(plan, used?.scope) };
  },
};
