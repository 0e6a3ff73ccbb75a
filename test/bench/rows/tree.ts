import { type Broker, startBroker } from '../../../scripts/lib/broker.mjs';
import { machineCalm } from '../calm.ts';
import type { BenchContext, Benchmark } from '../context.ts';
import { Gate } from '../gate.ts';
import { median } from '../measure.ts';
import { declareQueues, nameOf, queueCount } from '../queues.ts';
import { atMost, compared, type Row } from '../row.ts';
import type { Connected, Window } from '../window.ts';
import { measureRefresh, refreshNames } from './treeRefresh.ts';

/** The queue tree on a broker with 10,000 queues. */
export const tree: Benchmark = {
  names: ['tree.firstPaint.10k', 'tree.firstPaint.10k.connect', ...refreshNames],

  async run(context: BenchContext): Promise<Row[]> {
    context.say(`tree: declaring ${queueCount} queues`);
    const broker = await startBroker();
    const gate = await Gate.to(broker.amqpPort);
    try {
      await declareQueues(broker.amqpUrl);
      const gated = { ...addressOf(broker), amqpUrl: broker.amqpUrl.replace(`:${broker.amqpPort}`, `:${gate.port}`) };
      const painted = await firstPaint(context, broker, gated, gate);
      const refreshed = await context.inWindow(addressOf(broker), (window) => measureRefresh(context, broker, window));
      return [...painted, ...refreshed];
    } finally {
      gate.shut();
      await broker.dispose();
    }
  },
};

/** Its properties are getters of its class. */
function addressOf({
  amqpUrl,
  amqpPort,
  managementUrl,
}: Broker): Pick<Broker, 'amqpUrl' | 'amqpPort' | 'managementUrl'> {
  return { amqpUrl, amqpPort, managementUrl };
}

async function firstPaint(context: BenchContext, broker: Broker, gated: Connected, gate: Gate): Promise<Row[]> {
  const { rounds, say } = context;
  const figures: { bare: number; fromAsking: number; fromProbing: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    say(`tree.firstPaint: round ${round + 1} of ${rounds}`);
    gate.shut();
    figures.push(
      await context.inWindow(gated, async (window) => {
        const path = await window.host.listPath('/');
        await window.host.command('workbench.view.extension.warren');
        await machineCalm();
        await window.inPage("openBranch('demo')");
        await machineCalm();
        const bare = await window.host.bareGet(broker.managementUrl ?? '', path);
        return { bare, ...(await paint(window, gate, path)) };
      }),
    );
  }
  const common = { unit: 'ms', reference: median(figures.map(({ bare }) => bare)), rounds };
  return [
    compared({
      ...common,
      name: 'tree.firstPaint.10k',
      value: median(figures.map(({ fromAsking }) => fromAsking)),
      aim: atMost(1.3),
      note: `from the request for ${queueCount} queues to the frame with their first rows; reference: a bare GET of the same URL, body read and not parsed`,
    }),
    compared({
      ...common,
      name: 'tree.firstPaint.10k.connect',
      value: median(figures.map(({ fromProbing }) => fromProbing)),
      note: 'the same from the moment the connection opened, where Warren first looks for the management API',
    }),
  ];
}

/** Warren connects when the gate opens: the window has started by then, and its tree waits with an open branch. */
async function paint(window: Window, gate: Gate, path: string): Promise<{ fromAsking: number; fromProbing: number }> {
  const since = await window.host.now();
  const shown = window.inPage<number>(`rowShows(${JSON.stringify(nameOf(0))})`);
  await gate.open();
  await window.host.command('warren.connect', { connection: 'demo' });
  const drawn = await shown;
  const requests = (await window.host.requests()).filter(({ at }) => at > since);
  const asked = requests.find((each) => each.path === path)?.at ?? Number.NaN;
  const probed = requests[0]?.at ?? Number.NaN;
  if (!(probed <= asked && asked < drawn)) throw new Error('The rows were there before they were asked for.');
  return { fromAsking: drawn - asked, fromProbing: drawn - probed };
}
