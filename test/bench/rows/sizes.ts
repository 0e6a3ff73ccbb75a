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
  names: ['activation', 'bundle.host', 'vsix'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const windows = await context.windows();
    const times: { load: number; call: number }[] = [];
    for (let round = 0; round < context.rounds; round++) {
      context.say(`activation: round ${round + 1} of ${context.rounds}`);
      const window = await windows.openInactive(broker);
      try {
        times.push(await activation(window.host));
      } finally {
        await window.dispose();
      }
    }
    const installed = windows.extensions;
    const folder = (await readdir(installed)).find((name) => name.startsWith(extensionId));
    const fileSize = async (name: string): Promise<number> =>
      (await stat(join(installed, folder ?? '', 'dist', name))).size;
    const [bundle, amqplib] = [await fileSize('extension.cjs'), await fileSize('amqplib.cjs')];
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
      size(
        'bundle.host',
        bundle,
        250,
        `dist/extension.cjs as it is installed; amqplib.cjs, loaded on demand: ${amqplib} B`,
      ),
      size('vsix', vsix.size, 400, 'the package'),
    ];
  },
};

function size(name: string, bytes: number, limit: number, note: string): Row {
  return { name, value: bytes / 1000, unit: 'kB', aim: valueAtMost(limit), rounds: 1, note };
}

async function activation(host: Host): Promise<{ load: number; call: number }> {
  await machineCalm();
  await host.activate(extensionId);
  const line = await waitFor(async () => activationLine(await host.startupPerformance()), {
    timeoutMs: 30_000,
    describe: 'Startup Performance to tell how long Warren took',
  });
  return activationMs(line);
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
