import assert from 'node:assert/strict';
import { waitFor } from '../support/waitFor.ts';
import { received } from './support/core.ts';
import { useQueues } from './support/queues.ts';

describe('a settlement', () => {
  const on = useQueues();

  it('is confirmed when the queue knows of it, not before', async () => {
    await on.fill(10);
    const tail = await on.started({ prefetch: 10 });
    await received(tail, 10);
    // Nothing is delivered again, so that the queue can be asked at the very moment.
    await tail.pause();
    const ready: Promise<number>[] = [];
    tail.holding?.onDidConfirm(() => ready.push(on.admin.check(on.queue).then((counts) => counts.ready)));
    tail.settle([1, 2, 3], 'requeued');
    assert.equal(tail.stateOf(1), 'requeued');
    assert.equal(tail.holding?.isConfirmed(1), false);
    await waitFor(() => ready.length > 0, { describe: 'confirmed' });
    assert.equal(tail.holding?.isConfirmed(1), true);
    assert.deepEqual(await Promise.all(ready), [3]);
  });

  it('of many at once is asked for once, and all are told', async () => {
    await on.fill(50);
    const tail = await on.started({ prefetch: 50 });
    await received(tail, 50);
    const told: (readonly number[])[] = [];
    tail.holding?.onDidConfirm((numbers) => told.push(numbers));
    for (let number = 1; number <= 20; number++) tail.settle([number], 'acked');
    tail.settleUpTo(30, 'acked');
    await waitFor(() => told.flat().length === 30, { describe: 'all are told' });
    assert.equal(told.length, 1);
  });

  it('that the broker may never have read stays unconfirmed, also when others are confirmed later', async () => {
    const proxy = await on.core.proxy();
    await on.fill(3);
    const tail = await on.started({}, await on.core.connected({ port: proxy.port }));
    await received(tail, 3);
    proxy.swallow();
    tail.settle([1], 'acked');
    assert.equal(tail.holding?.isConfirmed(1), false);
    proxy.cut();
    await waitFor(() => tail.status.kind === 'interrupted', { describe: 'interrupted' });
    await received(tail, 6);
    tail.settle([4], 'acked');
    await waitFor(() => tail.holding?.isConfirmed(4), { describe: 'the later one is confirmed' });
    assert.equal(tail.holding?.isConfirmed(1), false);
  });

  it('is confirmed when the tail stops in order right after it', async () => {
    await on.fill(2);
    const tail = await on.started();
    await received(tail, 2);
    tail.settle([1], 'acked');
    await tail.stop();
    assert.deepEqual(
      [1, 2].map((number) => [tail.stateOf(number), tail.holding?.isConfirmed(number)]),
      [
        ['acked', true],
        ['requeued', true],
      ],
    );
    assert.equal((await on.admin.check(on.queue)).ready, 1);
  });
});
