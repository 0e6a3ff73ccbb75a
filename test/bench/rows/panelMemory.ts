import type { BenchContext, Benchmark } from '../context.ts';
import { deleteQueue, fillQueue } from '../fill.ts';
import { openPanel } from '../panel.ts';
import type { Row } from '../row.ts';
import { tailInPanel } from '../tailing.ts';
import type { Window, Windows } from '../window.ts';
import { markOf } from './consume.ts';
import { growthRow, look, million, type Memory } from './memory.ts';

const queue = 'bench.panelMemory';

interface PanelMemory extends Memory {
  /** Elements in the webview. */
  readonly elements: number;
  /** The heap of the webview's scripts, in MB. */
  readonly heap: number;
}

/** What a long drain into the Messages panel costs; one round of a million messages. */
export const panelMemory: Benchmark = {
  names: ['memory.panel.1m', 'memory.panel.1m.webview', 'memory.panel.1m.renderer'],

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const url = broker.amqpUrl;
    return context.inWindow(broker, async (window, windows) => {
      context.say('memory.panel: one round');
      await fillQueue(url, { queue, count: 1000, last: markOf(-1) });
      // Idle is with the panel open, and everything loaded that a tail needs.
      await tailInPanel(window, { queue, count: 1000, last: markOf(-1) });
      const idle = await lookAtPanel(window, windows);
      const last = markOf(0);
      await fillQueue(url, { queue, count: million, last });
      const seen: PanelMemory[] = [];
      await tailInPanel(window, { queue, count: million, last }, async (arrived) => {
        await arrived(million / 2);
        seen.push(await lookAtPanel(window, windows));
      });
      seen.push(await lookAtPanel(window, windows));
      await deleteQueue(url, queue);
      const end = seen.at(-1) ?? idle;
      const rows = [
        ['memory.panel.1m', 'resident', 'the extension host’s resident set (all extensions are in it)'],
        [
          'memory.panel.1m.webview',
          'heap',
          `the heap of the webview’s scripts (${idle.elements} elements, then ${end.elements})`,
        ],
        [
          'memory.panel.1m.renderer',
          'renderer',
          'the resident set of the renderer, which the workbench and the webview share',
        ],
      ] as const;
      return rows.map(([name, key, what]) =>
        growthRow(
          name,
          idle[key],
          seen.map((each) => each[key]),
          (growth) => `${what}, drained into the Messages panel: ${growth} at 500k, 1M`,
        ),
      );
    });
  },
};

async function lookAtPanel(window: Window, windows: Windows): Promise<PanelMemory> {
  const memory = await look(window, windows);
  const panel = await openPanel(window);
  return { ...memory, ...(await panel.inPage<{ elements: number; heap: number }>('webviewSize()')) };
}
