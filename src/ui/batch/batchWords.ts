import { fates, type Fate, type Ledger } from '../../broker/batch/ledger.ts';
import { counted, formatCount, formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { describePublishTarget } from '../publish/target.ts';
import type { BatchPlan } from './batchPlan.ts';

const words: Readonly<Record<Fate, string>> = {
  unsent: 'not sent',
  routed: 'published (confirmed and routed)',
  unroutable: 'returned (no queue would get them)',
  refused: 'refused by the broker',
  unknown: 'unknown (not confirmed, may or may not be there)',
};

/** How far a batch is: `12,345 of 100,000 · 8.2k/s · 11 s left`. @param rate messages a second */
export function progressText(done: number, count: number, rate: number): string {
  const parts = [`${formatInteger(done)} of ${formatInteger(count)}`];
  if (rate > 0) parts.push(`${formatCount(rate)}/s`, `${formatSeconds((count - done) / rate)} left`);
  return parts.join(' · ');
}

/** What became of a batch, in a sentence. */
export function endText(plan: Pick<BatchPlan, 'label' | 'count'>, ledger: Ledger): string {
  return `${visibleName(plan.label)}, ${fatesText(plan, ledger)}`;
}

/** The same without its name: `400 messages: 169 published (confirmed and routed); 231 not sent.` */
export function fatesText({ count }: Pick<BatchPlan, 'count'>, ledger: Ledger): string {
  const parts = countsOf(count, ledger).map(([fate, number]) => `${formatInteger(number)} ${words[fate]}`);
  return `${counted(count, 'message')}: ${parts.join('; ')}.`;
}

/** The whole ledger, for reading: what came to the same, by the places of the messages. */
export function ledgerText(plan: BatchPlan, ledger: Ledger): string {
  const { label, connection, count, startedAt, to } = plan;
  const where = to ? `to ${describePublishTarget(to)} on ${connection}` : `on ${connection}`;
  const lines = [
    `${visibleName(label)} ${where}, begun ${new Date(startedAt).toLocaleString()}`,
    '',
    ...countsOf(count, ledger).map(([fate, number]) => `${formatInteger(number).padEnd(10)}  ${words[fate]}`),
    `${formatInteger(count).padEnd(10)}  in all`,
    '',
    'By the place of the message, the first being 1:',
    ...runsOf(count, ledger),
  ];
  return `${lines.join('\n')}\n`;
}

/** Beyond so many, runs of messages that came to the same are only counted. */
const mostRuns = 10_000;

function runsOf(count: number, ledger: Ledger): string[] {
  const runs: string[] = [];
  let from = 0;
  for (let index = 1; index <= count; index++) {
    const fate = ledger.fateOf(from);
    if (index < count && ledger.fateOf(index) === fate) continue;
    const place = index - from === 1 ? String(index) : `${from + 1}-${index}`;
    if (runs.length < mostRuns) runs.push(`${place.padEnd(15)}  ${words[fate].replace(/ \(.*/, '')}`);
    from = index;
  }
  return runs.length < mostRuns ? runs : [...runs, '…  and more'];
}

function countsOf(count: number, ledger: Ledger): [Fate, number][] {
  const unsent = ledger.count('unsent') + count - ledger.length;
  return fates
    .map((fate): [Fate, number] => [fate, fate === 'unsent' ? unsent : ledger.count(fate)])
    .filter(([, number]) => number > 0)
    .toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}

const order: readonly Fate[] = ['routed', 'unroutable', 'refused', 'unknown', 'unsent'];

function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
