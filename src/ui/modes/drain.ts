import { queueTail } from '../../broker/consume/queueTail.ts';
import { traitsOf } from '../../broker/consume/queueTraits.ts';
import type { Mode } from './mode.ts';
import { consumingFacts, consumingWarnings, isStream } from './queueFacts.ts';

/** Automatic acknowledgement: takes messages for good. */
export const drain: Mode = {
  mode: 'drain',
  icon: 'arrow-down',
  offer: (facts) =>
    isStream(facts)
      ? undefined
      : {
          label: 'Drain',
          description: ['automatic ack', ...consumingFacts(facts)].join(' · '),
          detail: 'Takes messages off the queue for good',
        },
  warnings: (facts) =>
    consumingWarnings(facts, 'What has arrived and is not shown yet', 'when the tail stops while it is paused'),
  prepare: ({ queue, details, prefetch, buffer }, session) => {
    const traits = traitsOf(details, session.server?.version);
    const options = { queue, mode: 'drain', prefetch, buffer, traits } as const;
    return Promise.resolve({
      make: queueTail(options),
      cost: 'drain: messages are taken off the queue for good',
    });
  },
};
