import type { Flood } from '../agent/floodWatch.ts';
import type { BenchContext, Benchmark } from '../context.ts';
import { deleteQueues, fillQueues } from '../fill.ts';
import { interleave, median } from '../measure.ts';
import { atLeast, compared, type Row } from '../row.ts';

const count = 200_000;
const queues = { bare: 'bench.bare', batched: 'bench.batched', tail: 'bench.tail' };

/** Draining into the kept buffer. All variants run in the same extension host, each on a queue of the same messages. */
export const consume: Benchmark = {
  names: ['consume.buffer.1k', 'consume.buffer.1k.noack'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const url = broker.amqpUrl;
    return context.inWindow(broker, async ({ host }) => {
      const drainOf = (queue: string, round: number) => ({ url, queue, count, last: markOf(round) });
      const figures = await interleave(
        context.rounds,
        {
          bare: async (round) => rate(await host.drainBare(drainOf(queues.bare, round), 'none'), count),
          batched: async (round) => rate(await host.drainBare(drainOf(queues.batched, round), 'batches'), count),
          tail: async (round) => rate(await host.drainTail(drainOf(queues.tail, round)), count),
        },
        (round) => {
          context.say(`consume.buffer: round ${round + 1} of ${context.rounds}`);
          return fillQueues(url, { queues: Object.values(queues), count, last: markOf(round) });
        },
      );
      await deleteQueues(url, Object.values(queues));
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
