import { queueTail } from '../../../src/broker/consume/queueTail.ts';
import { amqplib } from '../../../src/broker/connection/amqplib/amqplib.ts';
import { MessageBuffer } from '../../../src/broker/consume/messageBuffer.ts';
import { drainPrefetch } from '../../../src/broker/consume/tailOptions.ts';
import { parseAmqpUri } from '../../../src/broker/amqpUri.ts';
import { Session } from '../../../src/broker/session.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { messageBytes } from '../messages.ts';
import type { Flood, FloodWatch } from './floodWatch.ts';
import type { Drain } from './tasks.ts';

/** The buffer of a tail with default settings. */
const bufferLimits = { messages: 10_000, bytes: 64 << 20 };

/** A tail in drain mode, with its buffer and without any view. */
export async function drainTail(watch: FloodWatch, drain: Drain): Promise<Flood> {
  const session = openSession(drain.url);
  const flood = watch.expect(drain.count * messageBytes, drain.last);
  const tail = session.openTail(
    queueTail({
      queue: drain.queue,
      mode: 'drain',
      prefetch: drainPrefetch,
      buffer: bufferLimits,
      traits: { canCancel: false, deliveryLimit: { kind: 'none' } },
    }),
  );
  await tail.start();
  const times = await flood;
  await session.dispose();
  if (tail.buffer.lastNumber !== drain.count) throw new Error(`the tail kept ${tail.buffer.lastNumber} messages`);
  return times;
}

/** What keeping one message in `every` costs. */
export async function retain(watch: FloodWatch, drain: Drain, every: number): Promise<{ bytes: number; kept: number }> {
  const connection = await amqplib.connect(drain.url, { noDelay: true });
  const channel = await connection.createChannel();
  const buffer = new MessageBuffer({ messages: drain.count, bytes: 1 << 30 });
  const before = liveBytes();
  const flood = watch.expect(drain.count * messageBytes, drain.last);
  let received = 0;
  await channel.consume(
    drain.queue,
    (message) => {
      if (message && received++ % every === 0) buffer.add(message, Date.now());
    },
    { noAck: true },
  );
  await flood;
  const bytes = liveBytes() - before;
  const kept = buffer.lastNumber;
  await connection.close();
  return { bytes, kept };
}

/** What is reachable: the JavaScript heap and the buffers outside of it. */
function liveBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export function collectGarbage(): void {
  const { gc } = globalThis;
  if (!gc) throw new Error('The garbage collector is not exposed.');
  gc();
  gc();
}

export function openSession(url: string, managementUrl?: string): Session {
  const { target, password } = parseAmqpUri(url);
  return new Session({
    profile: { ...target, id: 'bench', name: 'bench', ...(managementUrl === undefined ? {} : { managementUrl }) },
    secrets: async () => ({ password }),
    knownQueues: [],
    clock: systemClock,
  });
}
