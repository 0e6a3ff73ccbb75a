import type { BenchContext, Benchmark } from '../context.ts';
import { deleteQueue, fillQueue } from '../fill.ts';
import { interleave, median } from '../measure.ts';
import { atLeast, compared, type Row, valueAtMost } from '../row.ts';
import { tailInOutput } from '../tailing.ts';
import type { Window } from '../window.ts';
import { markOf, rate } from './consume.ts';

const count = 200_000;
const queue = 'bench.output';

/** Draining into the Output panel, by the command a person runs, in a window that shows it. */
export const output: Benchmark = {
  names: ['consume.output.1k', 'consume.output.1k.shown', 'consume.output.1k.blocked', 'consume.output.1k.palette'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const url = broker.amqpUrl;
    return context.inWindow(broker, async (window) => {
      const idlePalette: number[] = [];
      const filled = async <T>(round: number, body: (last: string) => Promise<T>): Promise<T> => {
        await fillQueue(url, { queue, count, last: markOf(round) });
        return body(markOf(round));
      };
      // The first time loads what the palette needs.
      await openPalette(window);
      const figures = await interleave(
        context.rounds,
        {
          bare: (round) => filled(round, (last) => bareFlood(window, url, last)),
          output: (round) => filled(round, (last) => flood(window, last)),
          palette: (round) => filled(round, (last) => paletteInFlood(window, last)),
        },
        async (round) => {
          context.say(`consume.output: round ${round + 1} of ${context.rounds}`);
          idlePalette.push(await openPalette(window));
        },
      );
      await deleteQueue(url, queue);
      const of = (figure: 'rate' | 'shown' | 'blocked'): number => median(figures.output.map((each) => each[figure]));
      const { rounds } = context;
      return [
        compared({
          name: 'consume.output.1k',
          value: of('rate'),
          unit: 'messages/s',
          reference: median(figures.bare.map((each) => each.rate)),
          aim: atLeast(0.8),
          rounds,
          note: `${count} messages into the Output panel, in view; reference: amqplib alone, no-op, without acknowledgement`,
        }),
        {
          name: 'consume.output.1k.shown',
          value: of('shown'),
          unit: 'ms',
          aim: valueAtMost(200),
          rounds,
          note: 'from the last message handled to the frame that shows it',
        },
        compared({
          name: 'consume.output.1k.blocked',
          value: of('blocked'),
          unit: 'ms',
          reference: median(figures.bare.map((each) => each.blocked)),
          aim: valueAtMost(50),
          rounds,
          note: "the longest time in which the page's thread did not get to a 4 ms timer during the flood; reference: the same while amqplib takes the flood alone, and the page only waits for the processor",
        }),
        compared({
          name: 'consume.output.1k.palette',
          value: median(figures.palette),
          unit: 'ms',
          reference: median(idlePalette),
          aim: valueAtMost(250),
          rounds,
          note: 'from F1 to the command palette with entries, half a flood in; reference: the same when idle',
        }),
      ];
    });
  },
};

interface Seen {
  readonly rate: number;
  readonly shown: number;
  readonly blocked: number;
}

/** One flood, with nothing else going on. */
async function flood(window: Window, last: string): Promise<Seen> {
  const { shownAt, ...times } = await tailInOutput(window, { queue, count, last }, async (arrived) => {
    await arrived(1);
    await window.inPage('startBeat()');
  });
  const blocked = await window.inPage<number>('stopBeat()');
  return { rate: rate(times, count), shown: shownAt - times.lastAt, blocked };
}

/** The reference: nothing comes to the page, which only waits for the processor. */
async function bareFlood(window: Window, url: string, last: string): Promise<{ rate: number; blocked: number }> {
  await window.inPage('startBeat()');
  const times = await window.host.drainBare({ url, queue, count, last }, 'none');
  return { rate: rate(times, count), blocked: await window.inPage<number>('stopBeat()') };
}

/** Opens the palette when half of a flood has come. */
async function paletteInFlood(window: Window, last: string): Promise<number> {
  let ms = Number.NaN;
  await tailInOutput(window, { queue, count, last }, async (arrived) => {
    await arrived(count / 2);
    ms = await openPalette(window);
  });
  return ms;
}

/** Milliseconds from F1 to the command palette with entries, which is closed again. */
export async function openPalette(window: Window): Promise<number> {
  await window.inPage('awaitKey()');
  await window.page.keyboard.press('F1');
  const ms = await window.inPage<number>('paletteOpens()');
  await window.page.keyboard.press('Escape');
  await window.inPage('paletteCloses()');
  return ms;
}
