import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../support/waitFor.ts';
import type { BenchContext, Benchmark } from '../context.ts';
import type { Host } from '../host.ts';
import { machineCalm } from '../calm.ts';
import { median } from '../measure.ts';
import { type Row, valueAtMost } from '../row.ts';
import { extensionId } from '../window.ts';

/** What people download, and what it adds to the start of their editor. */
export const sizes: Benchmark = {
  names: ['activation', 'bundle.host', 'bundle.host.all', 'vsix'],

  async run(context: BenchContext): Promise<Row[]> {
    const windows = await context.windows();
    const times: Activation[] = [];
    for (let round = 0; round < context.rounds; round++) {
      context.say(`activation: round ${round + 1} of ${context.rounds}`);
      const window = await windows.openInactive();
      try {
        times.push(await activation(window.host));
      } finally {
        await window.dispose();
      }
    }
    const installed = windows.extensions;
    const folder = (await readdir(installed)).find((name) => name.startsWith(extensionId)) ?? '';
    const dist = join(installed, folder, 'dist');
    const code = (await readdir(dist)).filter((name) => name.endsWith('.cjs'));
    const sizeOf = async (names: readonly string[]): Promise<number> => {
      const stats = await Promise.all(names.map((name) => stat(join(dist, name))));
      return stats.reduce((sum, each) => sum + each.size, 0);
    };
    const loaded = code.filter((name) => times.some(({ files }) => files.includes(join(dist, name))));
    const vsix = await stat(await context.vsix());
    return [
      {
        name: 'activation',
        value: median(times.map(({ load, call }) => load + call)),
        unit: 'ms',
        aim: valueAtMost(10),
        rounds: context.rounds,
        note: `loading the code and calling activate, in a calm editor, as VS Code counts it in whole milliseconds: ${times.map(({ load, call }) => `${load} + ${call}`).join(', ')}`,
      },
      {
        ...size('bundle.host', await sizeOf(loaded)),
        aim: valueAtMost(250),
        note: `code that an activation loads, as it is installed: ${loaded.length} of ${code.length} files`,
      },
      { ...size('bundle.host.all', await sizeOf(code)), note: 'the same with what is loaded on demand' },
      { ...size('vsix', vsix.size), aim: valueAtMost(400), note: 'the package' },
    ];
  },
};

function size(name: string, bytes: number): Omit<Row, 'note'> {
  return { name, value: bytes / 1000, unit: 'kB', rounds: 1 };
}

interface Activation {
  /** Milliseconds to load the code, and to call `activate`. */
  readonly load: number;
  readonly call: number;
  /** Every file that the extension host has loaded by then. */
  readonly files: readonly string[];
}

async function activation(host: Host): Promise<Activation> {
  await machineCalm();
  await host.activate(extensionId);
  const files = await host.loadedFiles();
  const line = await waitFor(async () => activationLine(await host.startupPerformance()), {
    timeoutMs: 30_000,
    describe: 'Startup Performance to tell how long Warren took',
  });
  return { ...activationMs(line), files };
}

/** Warren's row of *Developer: Startup Performance*. */
function activationLine(report: string): string | undefined {
  return report.split('\n').find((line) => line.startsWith(`| ${extensionId} `));
}

/** The time to load the code, and to call `activate`. */
function activationMs(line: string): { load: number; call: number } {
  const [, , , load, call] = line.split('|').map(Number);
  if (load === undefined || call === undefined || Number.isNaN(load + call)) {
    throw new Error(`VS Code says of the activation: ${line}`);
  }
  return { load, call };
}
