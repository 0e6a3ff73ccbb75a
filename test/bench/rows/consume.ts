import type { Drain } from '../agent/tasks.ts';
import type { Flood } from '../agent/floodWatch.ts';
import type { BenchContext, Benchmark } from '../context.ts';
import { deleteQueue, fillQueue } from '../fill.ts';
import { interleave, median } from '../measure.ts';
import { atLeast, compared, type Row } from '../row.ts';

const count = 200_000;
const queue = 'bench.consume';

/** Draining into the kept buffer. All variants run in the same extension host, each after its own filling of the queue. */
export const consume: Benchmark = {
  names: ['consume.buffer.1k', 'consume.buffer.1k.noack'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const url = broker.amqpUrl;
    return context.inWindow(broker, async ({ host }) => {
      /** The rate at which the full queue is emptied. */
      const measured = async (round: number, take: (drain: Drain) => Promise<Flood>): Promise<number> => {
        const last = markOf(round);
        await fillQueue(url, { queue, count, last });
        return rate(await take({ url, queue, count, last }), count);
      };
      const figures = await interleave(
        context.rounds,
        {
          bare: (round) => measured(round, (drain) => host.drainBare(drain, 'none')),
          batched: (round) => measured(round, (drain) => host.drainBare(drain, 'batches')),
          tail: (round) => measured(round, (drain) => host.drainTail(drain)),
        },
        async (round) => context.say(`consume.buffer: round ${round + 1} of ${context.rounds}`),
      );
      await deleteQueue(url, queue);
      const value = median(figures.tail);
      const { rounds } = context;
      const common = { value, unit: 'messages/s', rounds };
      return [
        compared({
          ...common,
          name: 'consume.buffer.1k',
          reference: median(figures.batched),
          aim: atLeast(0.95),
          note: `${count} messages into a tail's buffer; reference: amqplib alone, no-op, prefetch 1000, one ack per 500`,
        }),
        compared({
          ...common,
          name: 'consume.buffer.1k.noack',
          reference: median(figures.bare),
          note: 'the same; reference: amqplib alone, no-op, without acknowledgement',
        }),
      ];
    });
  },
};

/** Ends the last message's body; without spaces, which an editor draws as others. */
export function markOf(round: number): string {
  return `round-${round}-ends`;
}

/** Messages a second from the first bytes read to the last message handled. */
export function rate({ firstAt, lastAt }: Flood, messages: number): number {
  return (messages * 1000) / (lastAt - firstAt);
}
