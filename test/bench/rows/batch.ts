import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '../../../scripts/lib/broker.mjs';
import { BatchRun, type BatchEnd } from '../../../src/broker/batch/batchRun.ts';
import { Journal, readJournal } from '../../../src/broker/batch/journal.ts';
import { fates, type Ledger } from '../../../src/broker/batch/ledger.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { openSession } from '../agent/consume.ts';
import { orders } from '../agent/batch.ts';
import type { BenchContext, Benchmark } from '../context.ts';
import { deleteQueue, fillQueue } from '../fill.ts';
import { interleave, median } from '../measure.ts';
import { compared, type Row } from '../row.ts';

const count = 100_000;
const window = 500;
const queue = 'bench.batch';

/** A batch with its ledger, all persistent and confirmed. */
export const batch: Benchmark = {
  names: ['batch.confirmed.1k'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const url = broker.amqpUrl;
    return context.inWindow(broker, async ({ host }) => {
      const measured = async (run: typeof host.publishBare): Promise<number> => {
        await fillQueue(url, { queue, count: 0, last: '' });
        return (count * 1000) / (await run({ url, queue, count, window }));
      };
      const figures = await interleave(
        context.rounds,
        { bare: () => measured(host.publishBare), ours: () => measured(host.publishBatch) },
        async (round) => context.say(`batch: round ${round + 1} of ${context.rounds}`),
      );
      await deleteQueue(url, queue);
      return [
        compared({
          name: 'batch.confirmed.1k',
          value: median(figures.ours),
          unit: 'messages/s',
          reference: median(figures.bare),
          rounds: context.rounds,
          note: `${count} persistent messages as a batch with a journal on disk, mandatory; reference: amqplib alone, not mandatory, the same window of ${window}`,
        }),
      ];
    });
  },
};

/** A batch whose broker is killed half-way, and that goes on when it is back: what its ledger says then. */
export const killedBatch: Benchmark = {
  names: ['batch.killed.1k'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await startBroker();
    const folder = await mkdtemp(join(tmpdir(), 'warren-bench-'));
    const path = join(folder, 'journal');
    const session = openSession(broker.amqpUrl);
    try {
      await session.connect();
      await session.admin.declare({ name: queue, durable: true, arguments: {} });
      Journal.create(path, {}).close();
      let killing: Promise<void> | undefined;
      await runBatch((ledger) => {
        if (ledger.count('routed') >= count / 2) killing ??= broker.kill();
      });
      await killing;
      const { ledger } = readJournal(path);
      context.say(`batch: after kill -9 of the broker: ${describe(ledger)}`);
      await broker.start();
      await session.connect();
      const { isComplete } = await runBatch();
      const after = readJournal(path).ledger;
      context.say(`batch: gone on, those unknown sent again: ${describe(after)}`);
      const { ready } = await session.admin.check(queue);
      const lost = after.count('routed') - Math.min(ready, after.count('routed'));
      return [
        {
          name: 'batch.killed.1k',
          value: lost,
          unit: 'messages lost',
          rounds: 1,
          note: `${count} messages, the broker killed half-way: ${describe(ledger)}; gone on (${isComplete ? 'to its end' : 'and stopped'}): ${describe(after)}, ${ready} in the queue, ${ready - count} of them twice`,
        },
      ];
    } finally {
      await session.dispose();
      await broker.dispose();
      await rm(folder, { recursive: true });
    }

    async function runBatch(look: (ledger: Ledger) => void = () => {}): Promise<BatchEnd> {
      const journal = Journal.resume(path);
      const options = { window, resendUnknown: true, clock: systemClock };
      const run = new BatchRun(session.publisher, orders(queue, count), journal, options);
      run.onDidProgress(() => look(journal.ledger));
      return run.run(new AbortController().signal);
    }
  },
};

function describe(ledger: Ledger): string {
  const counts = fates.map((fate) => [fate, ledger.count(fate)] as const).filter(([, number]) => number > 0);
  const unsent = count - ledger.length;
  return [...counts.map(([fate, number]) => `${number} ${fate}`), `${unsent} not sent`].join(', ');
}
