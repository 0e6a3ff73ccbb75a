import type { BenchContext, Benchmark } from '../context.ts';
import { deleteQueue, fillQueue } from '../fill.ts';
import { median } from '../measure.ts';
import { openPanel } from '../panel.ts';
import { compared, type Row } from '../row.ts';
import { stopTail } from '../tailing.ts';
import { markOf } from './consume.ts';

const count = 100_000;
const bytes = 100;
const frames = 600;
const queue = 'bench.scroll';

interface Scrolled {
  readonly dropped: number;
  readonly blank: number;
}

/** Scrolling through a hundred thousand rows. */
export const panelScroll: Benchmark = {
  names: ['panel.scroll.100k', 'panel.scroll.100k.blank'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const url = broker.amqpUrl;
    return context.inWindow(broker, async (window) => {
      const { host } = window;
      await host.changeSetting('warren.tail.bufferMessages', count);
      const last = markOf(0);
      await fillQueue(url, { queue, count, bytes, last });
      const panel = await openPanel(window);
      await host.command('warren.tailQueue', { connection: 'demo', queue, mode: 'drain' });
      await panel.inPage(`messageShows(${count})`);
      const still: Scrolled[] = [];
      const moving: Scrolled[] = [];
      for (let round = 0; round < context.rounds; round++) {
        context.say(`panel.scroll: round ${round + 1} of ${context.rounds}`);
        still.push(await panel.inPage<Scrolled>(`scrollThrough(${frames}, false)`));
        moving.push(await panel.inPage<Scrolled>(`scrollThrough(${frames}, true)`));
      }
      await stopTail(host);
      await host.changeSetting('warren.tail.bufferMessages', undefined);
      await deleteQueue(url, queue);
      const common = { unit: 'frames', rounds: context.rounds };
      return [
        compared({
          ...common,
          name: 'panel.scroll.100k',
          value: median(moving.map(({ dropped }) => dropped)),
          reference: median(still.map(({ dropped }) => dropped)),
          note: `frames of 60 a second left out while ${count} rows are scrolled through in ${frames} frames; reference: the same while nothing moves`,
        }),
        {
          ...common,
          name: 'panel.scroll.100k.blank',
          value: median(moving.map(({ blank }) => blank)),
          note: `of the ${frames}, those with a row in view or beside it that was not there yet: at this speed each frame shows others`,
        },
      ];
    });
  },
};
