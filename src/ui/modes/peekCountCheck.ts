import { mostPeeked, type Peek } from '../../broker/consume/peekPlan.ts';
import { formatInteger } from '../../common/format.ts';
import type { Problem } from '../picks/steps.ts';

/** What is wrong with a count, or to be known of it. */
export function problemOf(
  text: string,
  { order, most }: Pick<Peek, 'order' | 'most'>,
  last: number | undefined,
): Problem | undefined {
  const count = Number(text);
  if (!/^\d+$/.test(text.trim()) || count < 1 || count > most) {
    const why = most < mostPeeked ? ' Without the management API, more might change the order of a quorum queue.' : '';
    return `Enter a whole number from 1 to ${formatInteger(most)}.${why}`;
  }
  if (order !== 'behindReturned' || last === undefined || count >= last) return undefined;
  const message = `Fewer than the ${formatInteger(last)} of last time: a quorum queue would put these behind the rest of those.`;
  return { severity: 'warning', message };
}
