import { setTimeout as delay } from 'node:timers/promises';
import { amqplib } from '../../../src/broker/connection/amqplib/amqplib.ts';
import type { BenchContext, Benchmark } from '../context.ts';
import { deleteQueue, fillQueue } from '../fill.ts';
import { median } from '../measure.ts';
import { messageProperties, orderBodies } from '../messages.ts';
import { openPanel, type Panel } from '../panel.ts';
import type { Row } from '../row.ts';
import { stopTail } from '../tailing.ts';

const queue = 'bench.latency';
const seconds = 10;
const rates = [100, 5_000] as const;
const tickMs = 5;

/** How long a message takes from its publisher to the screen. */
export const panelLatency: Benchmark = {
  names: rates.flatMap((perSecond) => [`panel.latency.${perSecond}.p50`, `panel.latency.${perSecond}.p99`]),

  async run(context: BenchContext): Promise<Row[]> {
    const broker = await context.broker();
    const url = broker.amqpUrl;
    return context.inWindow(broker, async (window) => {
      const { host } = window;
      const rows: Row[] = [];
      const panel = await openPanel(window);
      for (const perSecond of rates) {
        const rounds: { p50: number; p99: number; drawn: number }[] = [];
        for (let round = 0; round < context.rounds; round++) {
          context.say(`panel.latency ${perSecond}/s: round ${round + 1} of ${context.rounds}`);
          await fillQueue(url, { queue, count: 0, last: '' });
          await host.command('warren.tailQueue', { connection: 'demo', queue, mode: 'drain' });
          rounds.push(await measure(url, panel, perSecond));
          await stopTail(host);
        }
        for (const part of ['p50', 'p99'] as const) {
          rows.push({
            name: `panel.latency.${perSecond}.${part}`,
            value: median(rounds.map((each) => each[part])),
            unit: 'ms',
            rounds: context.rounds,
            note: `${part === 'p50' ? 'half' : '99 in 100'} of ${perSecond * seconds} messages, ${perSecond} a second, were drawn in the Messages panel within this time of being published: by the frame after the one that drew it, or a newer one; frames with something new: ${median(rounds.map(({ drawn }) => drawn))}`,
          });
        }
      }
      await deleteQueue(url, queue);
      return rows;
    });
  },
};

async function measure(
  url: string,
  panel: Panel,
  perSecond: number,
): Promise<{ p50: number; p99: number; drawn: number }> {
  await panel.inPage('startSeeing()');
  const sent = await publishSteadily(url, perSecond);
  const seen = await panel.inPage<{ number: number; at: number }[]>(`stopSeeing(${sent.length})`);
  let at = 0;
  const waits = sent.map((sentAt, i) => {
    while ((seen[at]?.number ?? Infinity) < i + 1) at++;
    return (seen[at]?.at ?? Number.NaN) - sentAt;
  });
  const sorted = waits.toSorted((a, b) => a - b);
  const part = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { p50: part(0.5), p99: part(0.99), drawn: seen.length };
}

/** Publishes at a rate; when each message was handed to the client, in milliseconds since the epoch. */
async function publishSteadily(url: string, perSecond: number): Promise<number[]> {
  const connection = await amqplib.connect(url, { noDelay: true });
  const channel = await connection.createChannel();
  const bodies = orderBodies();
  const sent: number[] = [];
  const started = performance.now();
  while (sent.length < perSecond * seconds) {
    const due = Math.min(perSecond * seconds, Math.ceil(((performance.now() - started) * perSecond) / 1000));
    while (sent.length < due) {
      const body = bodies[sent.length % bodies.length] ?? Buffer.alloc(0);
      sent.push(performance.timeOrigin + performance.now());
      channel.publish('', queue, body, messageProperties);
    }
    await delay(tickMs);
  }
  await connection.close();
  return sent;
}
