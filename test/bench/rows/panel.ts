import type { BenchContext, Benchmark } from '../context.ts';
import { deleteQueue, fillQueue } from '../fill.ts';
import { interleave, median } from '../measure.ts';
import { compared, type Row, valueAtMost } from '../row.ts';
import { tailInOutput, tailInPanel, type Tailed } from '../tailing.ts';
import type { Window } from '../window.ts';
import { markOf, rate } from './consume.ts';
import { openPalette } from './output.ts';

const queue = 'bench.panel';

/** By what they are called: how long each body is, and how many messages there are. */
const floods = {
  '100b': { bytes: 100, count: 200_000 },
  '1k': { bytes: 1024, count: 200_000 },
  '64k': { bytes: 65_536, count: 5_000 },
} as const;
type Size = keyof typeof floods;
const sizes: readonly Size[] = ['100b', '1k', '64k'];
const views = { panel: 'Messages panel', output: 'Output panel' } as const;
type View = keyof typeof views;

/** Draining bodies of several sizes into the panel and into the output, each in view. */
export const panelDrains: readonly Benchmark[] = sizes.map((size) => ({
  names: [`drain.panel.${size}`, `drain.output.${size}`],
  run: (context) => inWindow(context, (url, window) => drains(context, url, window, size)),
}));

/** The command palette during a flood into the panel. */
export const panelPalette: Benchmark = {
  names: ['panel.palette.1k'],
  run: (context) => inWindow(context, async (url, window) => [await palette(context, url, window)]),
};

async function inWindow(context: BenchContext, body: (url: string, window: Window) => Promise<Row[]>): Promise<Row[]> {
  const broker = await context.broker();
  return context.inWindow(broker, async (window) => {
    const rows = await body(broker.amqpUrl, window);
    await deleteQueue(broker.amqpUrl, queue);
    return rows;
  });
}

async function drains(context: BenchContext, url: string, window: Window, size: Size): Promise<Row[]> {
  const { bytes, count } = floods[size];
  const filled = async <T>(round: number, body: (last: string) => Promise<T>): Promise<T> => {
    await fillQueue(url, { queue, count, bytes, last: markOf(round) });
    return body(markOf(round));
  };
  const seen = (tailed: Tailed) => ({ rate: rate(tailed, count), shown: tailed.shownAt - tailed.lastAt });
  const figures = await interleave(
    context.rounds,
    {
      bare: (round) =>
        filled(round, async (last) =>
          rate(await window.host.drainBare({ url, queue, count, bytes, last }, 'none'), count),
        ),
      panel: (round) => filled(round, async (last) => seen(await tailInPanel(window, { queue, count, bytes, last }))),
      output: (round) => filled(round, async (last) => seen(await tailInOutput(window, { queue, count, bytes, last }))),
    },
    async (round) => context.say(`drain ${size}: round ${round + 1} of ${context.rounds}`),
  );
  return (['panel', 'output'] as const).map((view: View) =>
    compared({
      name: `drain.${view}.${size}`,
      value: median(figures[view].map((each) => each.rate)),
      unit: 'messages/s',
      reference: median(figures.bare),
      rounds: context.rounds,
      note: `${count} messages of ${bytes} B into the ${views[view]}, in view; the last was seen after ${median(figures[view].map((each) => each.shown)).toFixed(0)} ms; reference: amqplib alone, no-op, without acknowledgement`,
    }),
  );
}

async function palette(context: BenchContext, url: string, window: Window): Promise<Row> {
  const { bytes, count } = floods['1k'];
  // The first time loads what the palette needs.
  await openPalette(window);
  const idle: number[] = [];
  const flooded: number[] = [];
  for (let round = 0; round < context.rounds; round++) {
    context.say(`palette: round ${round + 1} of ${context.rounds}`);
    idle.push(await openPalette(window));
    const last = markOf(round);
    await fillQueue(url, { queue, count, bytes, last });
    await tailInPanel(window, { queue, count, bytes, last }, async (arrived) => {
      await arrived(count / 2);
      flooded.push(await openPalette(window));
    });
  }
  return compared({
    name: 'panel.palette.1k',
    value: median(flooded),
    unit: 'ms',
    reference: median(idle),
    aim: valueAtMost(250),
    rounds: context.rounds,
    note: 'from F1 to the command palette with entries, half a flood into the Messages panel; reference: the same when idle',
  });
}
