/** amqplib as it comes, in a file of its own: Warren's is changed before it is loaded. */
import amqplib from 'amqplib';
import { drainBatch, drainPrefetch } from '../../../src/broker/consume/tailOptions.ts';
import { toError } from '../../../src/common/errors.ts';
import { messageBytes, orderBodies, persistentProperties } from '../messages.ts';
import type { Drain, Publishing } from './tasks.ts';
import type { Flood, FloodWatch } from './floodWatch.ts';

/** A consumer that does nothing: `none` acknowledges nothing, `batches` as a draining tail does. */
export async function drainBare(watch: FloodWatch, drain: Drain, acks: 'none' | 'batches'): Promise<Flood> {
  const connection = await amqplib.connect(drain.url, { noDelay: true });
  const channel = await connection.createChannel();
  const flood = watch.expect(drain.count * (drain.bytes ?? messageBytes), drain.last);
  let unacknowledged = 0;
  if (acks === 'batches') await channel.prefetch(drainPrefetch);
  await channel.consume(
    drain.queue,
    (message) => {
      if (acks === 'none' || message === null || ++unacknowledged < drainBatch) return;
      unacknowledged = 0;
      channel.ack(message, true);
    },
    { noAck: acks === 'none' },
  );
  const times = await flood;
  await connection.close();
  return times;
}

/** Milliseconds from the first message to the last confirm. */
export async function publishBare({ url, queue, count, window }: Publishing): Promise<number> {
  const connection = await amqplib.connect(url, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const bodies = orderBodies();
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    let sent = 0;
    let confirmed = 0;
    const next = (): void => {
      while (sent < count && sent - confirmed < window) {
        const body = bodies[sent++ % bodies.length];
        if (body) channel.publish('', queue, body, persistentProperties, settled);
      }
    };
    const settled = (error: unknown): void => {
      if (error !== null) reject(toError(error));
      else if (++confirmed === count) resolve();
      else next();
    };
    next();
  });
  const ms = performance.now() - started;
  await connection.close();
  return ms;
}
