import type { BenchContext, Benchmark } from '../context.ts';
import { deleteQueue, fillQueue } from '../fill.ts';
import { interleave, median } from '../measure.ts';
import { atLeast, compared, type Row } from '../row.ts';

const count = 50_000;
const window = 500;
const queue = 'bench.publish';

/** Publishing many messages, all persistent and confirmed. */
export const publish: Benchmark = {
  names: ['publish.confirmed.1k'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const url = broker.amqpUrl;
    return context.inWindow(broker, async ({ host }) => {
      const task = { url, queue, count, window };
      /** The queue is there, and empty. */
      const cleared = (): Promise<void> => fillQueue(url, { queue, count: 0, last: '' });
      const measured = async (run: typeof host.publishBare): Promise<number> => {
        await cleared();
        return (count * 1000) / (await run(task));
      };
      const figures = await interleave(
        context.rounds,
        { bare: () => measured(host.publishBare), ours: () => measured(host.publishOurs) },
        async (round) => context.say(`publish: round ${round + 1} of ${context.rounds}`),
      );
      await deleteQueue(url, queue);
      return [
        compared({
          name: 'publish.confirmed.1k',
          value: median(figures.ours),
          unit: 'messages/s',
          reference: median(figures.bare),
          aim: atLeast(0.95),
          rounds: context.rounds,
          note: `${count} persistent messages, each confirmed, mandatory; reference: amqplib alone, not mandatory, the same window of ${window}`,
        }),
      ];
    });
  },
};
