import type { BenchContext, Benchmark } from '../context.ts';
import { deleteQueue, fillQueue } from '../fill.ts';
import { median } from '../measure.ts';
import { openPanel } from '../panel.ts';
import type { Row } from '../row.ts';
import { stopTail } from '../tailing.ts';
import { markOf } from './consume.ts';

const count = 100_000;
const bytes = 100;
const frames = 600;
/** Three rows, as a wheel that is turned fast. */
const pixels = 66;
const queue = 'bench.scroll';

interface Scrolled {
  readonly dropped: number;
  readonly blank: number;
}

/** Scrolling through a hundred thousand rows. */
export const panelScroll: Benchmark = {
  names: ['panel.scroll.100k', 'panel.scroll.100k.blank', 'panel.drag.100k'],

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
      const dragged: Scrolled[] = [];
      for (let round = 0; round < context.rounds; round++) {
        context.say(`panel.scroll: round ${round + 1} of ${context.rounds}`);
        still.push(await panel.inPage<Scrolled>(`scroll(${frames}, 0)`));
        moving.push(await panel.inPage<Scrolled>(`scroll(${frames}, ${pixels})`));
        dragged.push(await panel.inPage<Scrolled>(`scroll(${frames}, 'whole')`));
      }
      await stopTail(host);
      await host.changeSetting('warren.tail.bufferMessages', undefined);
      await deleteQueue(url, queue);
      const common = { unit: 'frames', rounds: context.rounds };
      const reference = median(still.map(({ dropped }) => dropped));
      return [
        {
          ...common,
          name: 'panel.scroll.100k',
          value: median(moving.map(({ dropped }) => dropped)),
          reference,
          note: `frames of 60 a second left out in ${frames} frames while ${count} rows are scrolled by ${pixels} pixels a frame; reference: the same while nothing moves`,
        },
        {
          ...common,
          name: 'panel.scroll.100k.blank',
          value: median(moving.map(({ blank }) => blank)),
          note: `of these ${frames} frames, those with a row in view that was not there yet`,
        },
        {
          ...common,
          name: 'panel.drag.100k',
          value: median(dragged.map(({ dropped }) => dropped)),
          reference,
          note: `the same while the scroll bar is dragged from the top to the end within ${frames} frames: each shows others`,
        },
      ];
    });
  },
};
