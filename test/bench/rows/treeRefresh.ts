import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Broker } from '../../../scripts/lib/broker.mjs';
import { machineCalm } from '../calm.ts';
import type { BenchContext } from '../context.ts';
import { interleave, median } from '../measure.ts';
import { nameOf, queueCount } from '../queues.ts';
import { atMost, compared, type Row } from '../row.ts';
import type { Window } from '../window.ts';

const visible = Array.from({ length: 40 }, (_, i) => nameOf(100 + i));
/** Eleven refreshes of what is visible follow one of the whole list. */
const refreshes = 11;
/**
 * The broker brings its statistics of all queues up to date every 5 s, which takes most of a second: whole periods are
 * compared, so that each has as many of these. What a request leaves to be done is done within them, too.
 */
const periodMs = 10_000;
const idlePeriods = 3;
/** Of Linux, for times in /proc. */
const ticksPerSecond = 100;

export const refreshNames = ['tree.refresh.10k', 'tree.refresh.10k.mean'];

/** What it costs the broker to keep the visible rows fresh. The window's own tree must be hidden. */
export async function measureRefresh({ rounds, say }: BenchContext, broker: Broker, { host }: Window): Promise<Row[]> {
  const size = await host.openList(broker.amqpUrl, broker.managementUrl ?? '');
  if (size !== queueCount) throw new Error(`The list has ${size} queues.`);
  const cpu = new BrokerCpu(broker);
  await machineCalm();
  await cpu.measureIdle();
  const figures = await interleave(
    rounds,
    {
      naive: () => cpu.msOf(() => host.bareGet(broker.managementUrl ?? '', '/api/queues/%2F')),
      ours: async () => {
        const ofVisible = await cpu.msOf(async () => {
          for (let i = 0; i < refreshes; i++) await host.refreshList(visible);
        });
        const twelfth = await cpu.msOf(() => host.refreshList(visible));
        return { visible: ofVisible / refreshes, mean: (ofVisible + twelfth) / (refreshes + 1) };
      },
    },
    async (round) => say(`tree.refresh: round ${round + 1} of ${rounds}`),
  );
  await host.closeList();
  const common = { unit: 'ms of CPU', reference: median(figures.naive), rounds };
  return [
    compared({
      ...common,
      name: 'tree.refresh.10k',
      value: median(figures.ours.map((each) => each.visible)),
      aim: atMost(0.02),
      note: `the broker's CPU for a refresh of ${visible.length} visible rows of ${queueCount}, over idle, ${refreshes} at a time; reference: GET /api/queues/{vhost}`,
    }),
    compared({
      ...common,
      name: 'tree.refresh.10k.mean',
      value: median(figures.ours.map((each) => each.mean)),
      note: 'the same with the whole list that is taken once in twelve refreshes',
    }),
  ];
}

/** CPU time of a broker's process, in milliseconds. */
class BrokerCpu {
  readonly #stat: string;
  /** Of a period in which nothing is asked of it. */
  #idle = 0;

  constructor({ pid }: Broker) {
    this.#stat = `/proc/${pid}/stat`;
  }

  async measureIdle(): Promise<void> {
    const periods: number[] = [];
    for (let i = 0; i < idlePeriods; i++) periods.push(await this.#during(async () => {}));
    this.#idle = median(periods);
  }

  /** What a task costs the broker, with what it leaves to be done, over idle. */
  async msOf(task: () => Promise<unknown>): Promise<number> {
    return (await this.#during(task)) - this.#idle;
  }

  /** The CPU time of a period in which a task is done. */
  async #during(task: () => Promise<unknown>): Promise<number> {
    const before = await this.#total();
    const [elapsed] = await Promise.all([timeOf(task), delay(periodMs)]);
    if (elapsed > periodMs / 2) throw new Error(`The broker took ${Math.round(elapsed)} ms.`);
    return (await this.#total()) - before;
  }

  async #total(): Promise<number> {
    const text = await readFile(this.#stat, 'utf8');
    // The fields after the name in parentheses; user and system time are the 14th and 15th of all.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  }
}

async function timeOf(task: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await task();
  return performance.now() - started;
}
