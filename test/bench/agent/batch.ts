import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchRun, type BatchSource } from '../../../src/broker/batch/batchRun.ts';
import { Journal } from '../../../src/broker/batch/journal.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { orderBodies, persistentProperties as properties } from '../messages.ts';
import { openSession } from './consume.ts';
import type { Publishing } from './tasks.ts';

/** Milliseconds that a batch takes with its journal on disk, from the first message to the last confirm. */
export async function publishBatch({ url, queue, count, window }: Publishing): Promise<number> {
  const session = openSession(url);
  const folder = await mkdtemp(join(tmpdir(), 'warren-bench-'));
  try {
    await session.connect();
    // The channel is opened by the first message; the bare client has its own by now, too.
    await session.publisher.publish({ exchange: '', routingKey: queue, content: Buffer.alloc(1), properties });
    const journal = Journal.create(join(folder, 'journal'), {});
    const run = new BatchRun(session.publisher, orders(queue, count), journal, { window, clock: systemClock });
    const started = performance.now();
    await run.run(new AbortController().signal);
    const ms = performance.now() - started;
    const routed = journal.ledger.count('routed');
    if (routed !== count) throw new Error(`${routed} of ${count} were routed`);
    return ms;
  } finally {
    await session.dispose();
    await rm(folder, { recursive: true });
  }
}

/** Orders in turn, as if they were read from somewhere. */
export function orders(queue: string, count: number): BatchSource {
  const bodies = orderBodies();
  return {
    async *drafts() {
      for (let i = 0; i < count; i++) {
        const content = bodies[i % bodies.length] ?? Buffer.alloc(0);
        yield { exchange: '', routingKey: queue, content, properties };
      }
    },
  };
}
