import { type Row, valueAtMost } from '../row.ts';
import type { LedgerTotals } from './ledger.ts';
import { growthPerHour, type MemorySample } from './memory.ts';
import type { Tally } from './tally.ts';

/** What a soak came to. */
export interface SoakReport {
  readonly seed: number;
  readonly minutes: number;
  readonly totals: LedgerTotals;
  readonly memory: readonly MemorySample[];
  readonly faults: Tally;
  /** Errors that were told, as they must be with faults like these. */
  readonly errors: Tally;
  /** What must not be. */
  readonly findings: readonly string[];
}

/** Buffers fill and code is compiled in the first minutes. */
const warmUpMinutes = 3;
/**
 * MB an hour that live memory may grow by and still be called flat. Of a run of 20 minutes the collector's noise is some 8;
 * a hundred bytes kept of every message would be 70.
 */
const flatLimit = 30;
/** A shorter run tells nothing of its trend. */
const leastMinutes = 15;

const warm = (memory: readonly MemorySample[]): MemorySample[] =>
  memory.filter(({ minutes }) => minutes >= warmUpMinutes);

/** What is wrong with a run's memory, if anything is. */
export function memoryFinding(minutes: number, memory: readonly MemorySample[]): string | undefined {
  const growth = growthPerHour(warm(memory), 'live');
  if (minutes < leastMinutes || growth <= flatLimit) return undefined;
  return `Memory is not flat: it grew by ${growth.toFixed(0)} MB an hour`;
}

/** The ledger, the memory and what went wrong, as lines. */
export function reportText(report: SoakReport): string {
  const { totals, memory } = report;
  const trend = growthPerHour(warm(memory), 'live');
  return [
    `soak of ${report.minutes} minutes, seed ${report.seed}`,
    '',
    line('published', totals.published),
    line('confirmed', totals.confirmed),
    line('unknown', totals.unknown, `no confirm came; ${totals.unknownSeen} of them arrived`),
    line('refused', totals.refused, 'by the broker, or returned'),
    line('seen', totals.seen, `in ${totals.deliveries.toLocaleString('en')} deliveries`),
    line('requeued', totals.requeued),
    line('rejected', totals.rejected, 'to the dead-letter queue'),
    line('acked', totals.acked, 'those of the last drain included'),
    line('duplicates', totals.duplicates, 'came again after an ack that the broker did not get or keep'),
    line('damaged', totals.damaged),
    line('lost', totals.lost),
    '',
    `memory (MB)  ${memory.map(({ minutes, live, resident }) => `${minutes.toFixed(0)} min ${live.toFixed(1)}/${resident.toFixed(0)}`).join('  ')}`,
    `             live after a collection / resident; live grew by ${trend.toFixed(1)} MB an hour after ${warmUpMinutes} minutes (flat: up to ${flatLimit})`,
    `faults       ${report.faults.toString()}`,
    `errors told  ${report.errors.toString()}`,
    '',
    report.findings.length === 0 ? 'Nothing was lost.' : report.findings.join('\n'),
  ].join('\n');
}

/** The same for `--json`. */
export function reportRows({ totals, memory }: SoakReport): Row[] {
  const names = ['published', 'confirmed', 'unknown', 'seen', 'acked', 'duplicates', 'lost'] as const;
  const rows = names.map((name): Row => ({
    name: `soak.${name}`,
    value: totals[name],
    unit: 'messages',
    ...(name === 'lost' ? { aim: valueAtMost(0) } : {}),
    rounds: 1,
    note: '',
  }));
  const [first] = memory;
  const last = memory.at(-1);
  for (const of of ['live', 'resident'] as const) {
    rows.push({
      name: `soak.memory.${of}`,
      value: last?.[of] ?? 0,
      unit: 'MB',
      reference: first?.[of] ?? 0,
      ratio: (last?.[of] ?? 0) / (first?.[of] ?? 1),
      rounds: 1,
      note: 'reference: at the start',
    });
  }
  return [
    ...rows,
    {
      name: 'soak.memory.growth',
      value: growthPerHour(warm(memory), 'live'),
      unit: 'MB/h',
      aim: valueAtMost(flatLimit),
      rounds: 1,
      note: '',
    },
  ];
}

function line(name: string, value: number, note = ''): string {
  return `${name.padEnd(12)}${value.toLocaleString('en').padStart(12)}  ${note}`.trimEnd();
}
