import assert from 'node:assert/strict';
import { received, textsOf } from './support/core.ts';
import { useQueues } from './support/queues.ts';

describe('a tail that drains', () => {
  const on = useQueues();

  it('takes the messages for good, in order', async () => {
    await on.fill(3_500);
    const tail = await on.started({ mode: 'drain' });
    await received(tail, 3_500);
    await on.counts(0, 0);
    assert.deepEqual(
      textsOf(tail),
      Array.from({ length: 3_500 }, (_, i) => String(i + 1)),
    );
    assert.equal(tail.settle([1], 'requeued'), 0);
  });

  it('pauses: what was shown is gone for good, and what waits is bounded', async () => {
    await on.fill(100);
    const tail = await on.started({ mode: 'drain' });
    await received(tail, 100);
    await tail.pause();
    await on.fill(3_000, 101);
    await on.counts(2_000, 1_000);
    assert.equal(tail.buffer.lastNumber, 100);
    assert.equal(tail.heldCount, 1_000);
    await tail.stop();
    assert.deepEqual(tail.status, { kind: 'ended', returned: 1_000 });
    await on.counts(3_000, 0);
  });

  it('goes on where it paused', async () => {
    const tail = await on.started({ mode: 'drain' });
    const filling = on.fill(3_000);
    await received(tail, 10);
    await tail.pause();
    await filling;
    await tail.resume();
    await received(tail, 3_000);
    await on.counts(0, 0);
    assert.deepEqual(
      textsOf(tail),
      Array.from({ length: 3_000 }, (_, i) => String(i + 1)),
    );
  });

  it('leaves nothing half when it stops: each message is either shown or in the queue', async () => {
    await on.fill(20_000);
    const tail = await on.started({ mode: 'drain' });
    // At once, while the first window is under way: a wait could take the whole queue.
    await tail.stop();
    const { lastNumber } = tail.buffer;
    assert.ok(lastNumber < 20_000);
    await on.counts(20_000 - lastNumber, 0);
    assert.deepEqual(tail.notices, []);
    const rest = await on.started({ prefetch: 1 });
    await received(rest, 1);
    assert.deepEqual(textsOf(rest), [String(lastNumber + 1)]);
  });

  it('gives nothing back when it stops, so that a queue whose first return drops loses nothing unseen', async () => {
    on.queue = 'strict';
    await on.admin.declare({
      name: on.queue,
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 0 },
    });
    await on.fill(6_000);
    const tail = await on.started({ mode: 'drain' });
    // At once, while the first window is under way: a wait could take the whole queue.
    await tail.stop();
    assert.deepEqual(tail.status, { kind: 'ended', returned: 0 });
    assert.ok(tail.buffer.lastNumber < 6_000);
    await on.counts(6_000 - tail.buffer.lastNumber, 0);
    const rest = await on.started({ prefetch: 1 });
    await received(rest, 1);
    assert.equal(rest.buffer.get(1)?.redelivered, false);
  });
});
