import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../support/waitFor.ts';
import type { BenchContext, Benchmark } from '../context.ts';
import type { Host } from '../host.ts';
import { median } from '../measure.ts';
import { type Row, valueAtMost } from '../row.ts';

const extension = 'warren-rabbitmq.warren';

/** What people download, and what it adds to the start of their editor. */
export const sizes: Benchmark = {
  names: ['activation', 'bundle.host', 'vsix'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const times: { load: number; call: number }[] = [];
    for (let round = 0; round < context.rounds; round++) {
      context.say(`activation: round ${round + 1} of ${context.rounds}`);
      times.push(await context.inWindow(broker, ({ host }) => activation(host)));
    }
    const installed = (await context.windows()).extensions;
    const folder = (await readdir(installed)).find((name) => name.startsWith(extension));
    const bundle = await stat(join(installed, folder ?? '', 'dist', 'extension.cjs'));
    const vsix = await stat(await context.vsix());
    return [
      {
        name: 'activation',
        value: median(times.map(({ load, call }) => load + call)),
        unit: 'ms',
        aim: valueAtMost(10),
        rounds: context.rounds,
        note: `loading the code and calling activate, as VS Code counts it in whole milliseconds: ${times.map(({ load, call }) => `${load} + ${call}`).join(', ')}`,
      },
      size('bundle.host', bundle.size, 250, 'dist/extension.cjs as it is installed'),
      size('vsix', vsix.size, 400, 'the package'),
    ];
  },
};

function size(name: string, bytes: number, limit: number, note: string): Row {
  return { name, value: bytes / 1000, unit: 'kB', aim: valueAtMost(limit), rounds: 1, note };
}

async function activation(host: Host): Promise<{ load: number; call: number }> {
  await waitFor(() => host.isActive(extension), { timeoutMs: 30_000, describe: 'Warren to be active' });
  const line = await waitFor(async () => activationLine(await host.startupPerformance()), {
    timeoutMs: 30_000,
    describe: 'Startup Performance to tell how long Warren took',
  });
  return activationMs(line);
}

/** Warren's row of *Developer: Startup Performance*. */
function activationLine(report: string): string | undefined {
  return report.split('\n').find((line) => line.startsWith(`| ${extension} `));
}

/** The time to load the code, and to call `activate`. */
function activationMs(line: string): { load: number; call: number } {
  const [, , , load, call] = line.split('|').map(Number);
  if (load === undefined || call === undefined || Number.isNaN(load + call)) {
    throw new Error(`VS Code says of the activation: ${line}`);
  }
  return { load, call };
}
