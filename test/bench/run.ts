import { writeFile } from 'node:fs/promises';
import { BenchContext, type Benchmark } from './context.ts';
import { formatTable, type Row, toJson } from './row.ts';
import { batch, killedBatch } from './rows/batch.ts';
import { consume } from './rows/consume.ts';
import { memory, retained } from './rows/memory.ts';
import { messageFile } from './rows/messageFile.ts';
import { output } from './rows/output.ts';
import { panelMemory } from './rows/panelMemory.ts';
import { panelDrains, panelPalette } from './rows/panel.ts';
import { panelLatency } from './rows/panelLatency.ts';
import { panelScroll } from './rows/panelScroll.ts';
import { publish } from './rows/publish.ts';
import { sizes } from './rows/sizes.ts';
import { tree } from './rows/tree.ts';

const all: readonly Benchmark[] = [
  sizes,
  consume,
  output,
  publish,
  batch,
  killedBatch,
  retained,
  messageFile,
  tree,
  memory,
  ...panelDrains,
  panelPalette,
  panelLatency,
  panelScroll,
  panelMemory,
];

export interface BenchOptions {
  /** Begins of row names; none: all. */
  readonly names: readonly string[];
  readonly rounds: number;
  /** Where the figures go as JSON. */
  readonly json: string | undefined;
}

/**
 * Runs the benchmarks and prints their table. A row that misses its aim is a finding, not a failure.
 * @returns the exit code: 1 when something could not be measured
 */
export async function runBenchmarks({ names, rounds, json }: BenchOptions): Promise<number> {
  const asked = (name: string): boolean => names.length === 0 || names.some((each) => name.startsWith(each));
  const chosen = all.filter((benchmark) => benchmark.names.some(asked));
  if (chosen.length === 0) {
    console.error(`There is no such benchmark. There are:\n  ${all.flatMap((each) => each.names).join('\n  ')}`);
    return 1;
  }
  const context = new BenchContext(rounds, (message) => console.error(message));
  const rows: Row[] = [];
  const failures: string[] = [];
  try {
    for (const benchmark of chosen) {
      try {
        rows.push(...(await benchmark.run(context)));
      } catch (error) {
        failures.push(`${benchmark.names.join(', ')}: ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
  } finally {
    await context.dispose();
  }
  console.log(formatTable(rows));
  for (const failure of failures) console.error(`\nNot measured: ${failure}`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(toJson(rows), undefined, 2)}\n`);
  return failures.length === 0 ? 0 : 1;
}
