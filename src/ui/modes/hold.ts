import { queueTail } from '../../broker/consume/queueTail.ts';
import { timeToLive, traitsOf } from '../../broker/consume/queueTraits.ts';
import { formatInteger } from '../../common/format.ts';
import type { Mode } from './mode.ts';
import { readDetails } from './readDetails.ts';
import { consumingFacts, consumingWarnings, isStream, type QueueFacts } from './queueFacts.ts';

/** Manual acknowledgement: what is not settled goes back. */
export const hold: Mode = {
  mode: 'hold',
  icon: 'eye',
  offer: (facts) =>
    isStream(facts)
      ? undefined
      : {
          label: 'Hold',
          description: ['ack by hand', ...consumingFacts(facts)].join(' · '),
          detail: holdCost(facts),
        },
  warnings: (facts) => consumingWarnings(facts, 'What you do not ack', 'when the tail stops'),
  prepare: ({ queue, details, prefetch, buffer }, session) => {
    const traits = traitsOf(details, session.server?.version);
    const readTraits = async () => traitsOf(await readDetails(session, queue), session.server?.version);
    const options = { queue, mode: 'hold', prefetch, buffer, traits, readTraits } as const;
    const kept = prefetch === 1 ? 'a message you do not settle goes' : 'messages you do not settle go';
    return Promise.resolve({
      make: queueTail(options),
      cost: `hold (prefetch ${prefetch}): ${kept} back when you stop`,
    });
  },
};

function holdCost({ prefetch, limit, details }: QueueFacts): string {
  const parts = [`Up to ${formatInteger(prefetch)} held; unsettled ones go back, marked redelivered`];
  if (limit.kind === 'known') parts.push(`returns count (limit ${limit.limit})`);
  else if (limit.kind === 'firstReturnDrops') parts.push('a return drops it');
  else if (details?.type === 'quorum' && limit.kind === 'unknown') parts.push('returns count');
  const ttl = details ? timeToLive(details) : undefined;
  if (ttl !== undefined) parts.push(`they expire after ${formatDuration(ttl)}`);
  return parts.join(' · ');
}

function formatDuration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
