import type { Draft } from '../../../src/broker/publish/draft.ts';
import { orderBodies, persistentProperties } from '../messages.ts';
import { openSession } from './consume.ts';
import type { Publishing } from './tasks.ts';

/** Milliseconds through Warren's publisher, which also asks for unroutable messages back. */
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
  return { exchange: '', routingKey: queue, content, properties: persistentProperties };
}
