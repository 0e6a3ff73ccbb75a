import { amqplib } from '../../../src/broker/connection/amqplib/amqplib.ts';
import type { Draft } from '../../../src/broker/publish/draft.ts';
import { toError } from '../../../src/common/errors.ts';
import { messageProperties, orderBodies } from '../messages.ts';
import { openSession } from './consume.ts';

export interface Publishing {
  readonly url: string;
  readonly queue: string;
  readonly count: number;
  /** How many may be unconfirmed at once. */
  readonly window: number;
}

const properties = { ...messageProperties, persistent: true };

/** Milliseconds that amqplib alone takes from the first message to the last confirm. */
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
        if (body) channel.publish('', queue, body, properties, settled);
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

/** The same through Warren's publisher, which also asks for unroutable messages back. */
export async function publishOurs({ url, queue, count, window }: Publishing): Promise<number> {
  const session = openSession(url);
  await session.connect();
  // The channel is opened by the first message; the bare client has its own by now, too.
  await session.publisher.publish(draft(orderBodies(1)[0] ?? Buffer.alloc(0), queue));
  const outcomes = new Map<string, number>();
  const started = performance.now();
  await session.publisher.publishMany(drafts(queue, count), {
    window,
    onOutcome: (_index, { kind }) => outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1),
  });
  const ms = performance.now() - started;
  await session.dispose();
  if (outcomes.get('routed') !== count) throw new Error(`outcomes: ${JSON.stringify([...outcomes])}`);
  return ms;
}

function* drafts(queue: string, count: number): Generator<Draft> {
  const bodies = orderBodies();
  for (let i = 0; i < count; i++) yield draft(bodies[i % bodies.length] ?? Buffer.alloc(0), queue);
}

function draft(content: Buffer, queue: string): Draft {
  return { exchange: '', routingKey: queue, content, properties };
}
