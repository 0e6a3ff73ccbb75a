import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchContext, Benchmark } from '../context.ts';
import { deleteQueue, fillQueue } from '../fill.ts';
import { median } from '../measure.ts';
import { atMost, compared, type Row, valueAtMost } from '../row.ts';
import type { Host } from '../host.ts';
import { tailInOutput } from '../tailing.ts';
import type { Window, Windows } from '../window.ts';
import { markOf } from './consume.ts';

export const million = 1_000_000;
const every = 50;
/** Of these, one in 50 fills two slabs of 1 MB, record by record: what is left of the last slab is not counted as a message's cost. */
const retainedOf = 1900 * every;
const queue = 'bench.memory';

/** Bytes kept for a message when most are let go of. */
export const retained: Benchmark = {
  names: ['memory.retained.1k'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const url = broker.amqpUrl;
    return context.inWindow(broker, async ({ host }) => {
      const figures: number[] = [];
      // The first flood is not counted: it makes the client and its code.
      for (let round = 0; round <= context.rounds; round++) {
        context.say(`memory.retained: round ${round} of ${context.rounds}`);
        const last = markOf(round);
        await fillQueue(url, { queue, count: retainedOf, last });
        const { bytes, kept } = await host.retain({ url, queue, count: retainedOf, last }, every);
        if (round > 0) figures.push(bytes / kept);
      }
      await deleteQueue(url, queue);
      return [
        compared({
          name: 'memory.retained.1k',
          value: median(figures),
          unit: 'bytes',
          reference: 1024,
          aim: atMost(1.5),
          rounds: context.rounds,
          note: `heap and external buffers for each message kept, 1 in ${every} of ${retainedOf}; reference: its body`,
        }),
      ];
    });
  },
};

/** What a long drain into the Output panel costs; one round of a million messages. */
export const memory: Benchmark = {
  names: ['memory.tail.1m', 'memory.tail.1m.heap', 'memory.tail.1m.renderer', 'memory.tail.1m.flat'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const url = broker.amqpUrl;
    return context.inWindow(broker, async (window, windows) => {
      context.say('memory.tail: one round');
      const last = markOf(0);
      await fillQueue(url, { queue, count: 1000, last: markOf(-1) });
      // Idle is with the panel open, and everything loaded that a tail needs.
      await tailInOutput(window, { queue, count: 1000, last: markOf(-1) });
      const idle = await look(window, windows);
      await fillQueue(url, { queue, count: million, last });
      const seen: Memory[] = [];
      const peak = new Peak(window.host);
      await tailInOutput(window, { queue, count: million, last }, async (arrived) => {
        for (const messages of [million / 4, million / 2]) {
          await arrived(messages);
          seen.push(await look(window, windows));
        }
      });
      seen.push(await look(window, windows));
      const highest = await peak.stop();
      await deleteQueue(url, queue);
      const [first = idle] = seen;
      const end = seen.at(-1) ?? idle;
      const rows = (
        [
          ['memory.tail.1m', 'resident', 'the extension host’s resident set (all extensions are in it)'],
          ['memory.tail.1m.heap', 'live', 'the extension host’s heap and external buffers after a collection'],
          ['memory.tail.1m.renderer', 'renderer', 'the renderer’s resident set'],
        ] as const
      ).map(([name, key, what]) =>
        growthRow(
          name,
          idle[key],
          seen.map((each) => each[key]),
          (growth) => `${what}, drained into the Output panel: ${growth} at 250k, 500k, 1M`,
        ),
      );
      const flat: Row = {
        name: 'memory.tail.1m.flat',
        value: end.resident - first.resident,
        unit: 'MB',
        rounds: 1,
        note: `of the extension host’s resident set, from 250k to 1M; its peak, looked at 5 times a second, was ${(highest - idle.resident).toFixed(0)} MB over idle`,
      };
      return [...rows, flat];
    });
  },
};

/** How much more there is at the end, in MB. @param note says of what, with the growth at each look */
export function growthRow(name: string, idle: number, seen: readonly number[], note: (growth: string) => string): Row {
  const end = seen.at(-1) ?? idle;
  return {
    name,
    value: end - idle,
    unit: 'MB',
    reference: idle,
    ratio: end / idle,
    aim: valueAtMost(150),
    rounds: 1,
    note: `growth of ${note(seen.map((each) => (each - idle).toFixed(1)).join(', '))}; reference: idle; ratio: end to idle`,
  };
}

/** In MB. */
export interface Memory {
  readonly resident: number;
  readonly live: number;
  readonly renderer: number;
}

/** After a collection in both. */
export async function look({ host, page }: Window, windows: Windows): Promise<Memory> {
  const { rss, heapUsed, external } = await host.memory();
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  return { resident: toMb(rss), live: toMb(heapUsed + external), renderer: toMb(await rendererBytes(windows)) };
}

/** The resident set of the window's renderer, which is the largest one. */
async function rendererBytes(windows: Windows): Promise<number> {
  const session = await windows.browserSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = await Promise.all(
    processInfo
      .filter(({ type }) => type === 'renderer')
      .map(async ({ id }) => {
        const status = await readFile(`/proc/${id}/status`, 'utf8');
        return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
      }),
  );
  return Math.max(...sizes);
}

/** The highest resident set of an extension host, in MB, looked at five times a second. */
class Peak {
  #highest = 0;
  #isOver = false;
  readonly #watching: Promise<void>;

  constructor(host: Host) {
    this.#watching = this.#watch(host);
  }

  async stop(): Promise<number> {
    this.#isOver = true;
    await this.#watching;
    return this.#highest;
  }

  async #watch(host: Host): Promise<void> {
    while (!this.#isOver) {
      this.#highest = Math.max(this.#highest, toMb(await host.residentBytes()));
      await delay(200);
    }
  }
}

function toMb(bytes: number): number {
  return bytes / 1e6;
}
