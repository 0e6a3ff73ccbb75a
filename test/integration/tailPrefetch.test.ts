import assert from 'node:assert/strict';
import type { QueueTailOptions } from '../../src/broker/consume/tailOptions.ts';
import { waitFor } from '../support/waitFor.ts';
import { plainTraits, received, textsOf } from './support/core.ts';
import { useQueues } from './support/queues.ts';

describe('the prefetch of a tail that holds', () => {
  const on = useQueues();

  it('can be raised while it runs: what is held stays held, and so many more come', async () => {
    await on.fill(20);
    const tail = await on.started({ prefetch: 3 });
    await received(tail, 3);
    await tail.holding?.changePrefetch(5);
    await received(tail, 8);
    await on.counts(12, 8);
    assert.equal(tail.holding?.prefetch, 5);
    assert.deepEqual(tail.heldNumbers(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(textsOf(tail), ['1', '2', '3', '4', '5', '6', '7', '8']);
    assert.equal(tail.settle([1], 'acked'), 1);
    await waitFor(() => tail.holding?.isConfirmed(1), { describe: 'confirmed' });
    assert.equal((await on.admin.check(on.queue)).consumers, 1);
  });

  it('can be lowered to one at a time: nothing goes back, and the next comes when all that is held is settled', async () => {
    await on.fill(8);
    const tail = await on.started({ prefetch: 5 });
    await received(tail, 5);
    await tail.holding?.changePrefetch(1);
    assert.equal(tail.settle([1, 2, 3, 4], 'acked'), 4);
    await waitFor(() => tail.holding?.isConfirmed(4), { describe: 'confirmed' });
    await on.counts(3, 1);
    for (let next = 6; next <= 8; next++) {
      tail.settle([next - 1], 'acked');
      await received(tail, next);
      await on.counts(8 - next, 1);
    }
    assert.equal(tail.buffer.get(6)?.redelivered, false);
  });

  it('is kept over a pause, in which nothing more comes, and over a cut', async () => {
    const proxy = await on.core.proxy();
    await on.fill(10);
    const tail = await on.started({ prefetch: 2 }, await on.core.connected({ port: proxy.port }));
    await received(tail, 2);
    await tail.pause();
    await tail.holding?.changePrefetch(4);
    await on.counts(8, 2);
    proxy.cut();
    await on.counts(10, 0);
    await waitFor(() => tail.status.kind === 'paused', { describe: 'connected again' });
    await tail.resume();
    await on.counts(6, 4);
  });

  it('is not exceeded by a pause', async () => {
    await on.fill(6);
    const tail = await on.started({ prefetch: 3 });
    await received(tail, 3);
    await tail.pause();
    await tail.resume();
    await on.counts(3, 3);
    assert.equal((await on.admin.check(on.queue)).consumers, 0);
    tail.settle([1, 2, 3], 'acked');
    await received(tail, 6);
    await on.counts(0, 3);
  });

  it('cannot be changed where the queue would go with its consumer', async () => {
    on.queue = 'fleeting';
    await on.admin.declare({ name: on.queue, durable: false, autoDelete: true, arguments: {} });
    const traits = { canCancel: false, deliveryLimit: { kind: 'none' } } as const;
    const tail = await on.started({ traits });
    assert.equal(tail.holding?.canChangePrefetch, false);
  });

  it('is looked into before the consumer goes, for a pause too: the queue may have become one that goes with it', async () => {
    const now: QueueTailOptions['readTraits'][] = [
      () => Promise.resolve({ ...plainTraits, canCancel: false }),
      () => Promise.reject(new Error('it cannot be known')),
    ];
    for (const [i, readTraits] of now.entries()) {
      on.queue = `fleeting${i}`;
      await on.admin.declare({ name: on.queue, durable: false, autoDelete: true, arguments: {} });
      await on.fill(5);
      const tail = await on.started({ prefetch: 2, ...(readTraits && { readTraits }) });
      assert.equal(tail.holding?.canChangePrefetch, true);
      await tail.pause();
      await tail.resume();
      await tail.holding.changePrefetch(3);
      assert.equal(tail.holding.prefetch, 2);
      await on.counts(3, 2);
    }
  });
});
