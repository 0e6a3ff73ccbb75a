import assert from 'node:assert/strict';
import { FakeClock } from '../../support/fakeClock.ts';
import { waitFor } from '../../support/waitFor.ts';
import { look, Looking, planFor } from './looking.ts';
import { numbers, onEachBroker, textsOf } from './scene.ts';

const quorum = { 'x-queue-type': 'quorum' };
const limited = (limit: number): Record<string, unknown> => ({ ...quorum, 'x-delivery-limit': limit });

onEachBroker('a look at a queue that limits returns', (on) => {
  it('is refused where the first return drops a message', async () => {
    assert.deepEqual(await planFor(on, await on.declare(limited(0))), { kind: 'refused', why: 'firstReturnDrops' });
    const unlimited = await on.filled(3, limited(-1));
    if (on.major < 4) {
      assert.deepEqual(await planFor(on, unlimited), { kind: 'refused', why: 'firstReturnDrops' });
      return;
    }
    assert.equal((await look(on, unlimited)).result.count, 'same');
    assert.deepEqual(textsOf(await on.takeAll(unlimited)), numbers(3));
  });

  it('goes no further than a message that came back nearly as often, and gives that back', async () => {
    const queue = await on.filled(3, limited(5));
    await on.returnAll(queue, 3);
    const { seen, result, tail } = await look(on, queue);
    assert.deepEqual([seen.length, tail.status.kind], [1, 'ended']);
    assert.deepEqual(result.end, { kind: 'nearLimit', number: 1, returns: 3, limit: 5 });
    await on.ready(queue, 3);
    assert.deepEqual(
      (await on.takeAll(queue)).map(({ text, returns }) => [text, returns]),
      [
        ['2', 3],
        ['3', 3],
        ['1', 4],
      ],
    );
  });

  it('keeps a message at its limit, and gives back those before it in their order', async () => {
    const queue = await on.filled(4, limited(5));
    const others = await on.channel();
    await others.get(queue);
    await others.get(queue);
    // The third comes back five times, the last time after the first two.
    for (const isLast of [false, false, false, false, true]) {
      const third = await on.channel();
      const message = await third.get(queue);
      assert.equal(message !== false && message.content.toString(), '3');
      if (isLast) await others.close();
      if (isLast) await on.ready(queue, 3);
      await third.close();
      await on.ready(queue, isLast ? 4 : 2);
    }
    const { tail, seen, result, changed } = await look(on, queue);
    assert.deepEqual(changed, [1, 2, 4, 3]);
    // The third and the fourth come at one turn.
    assert.deepEqual(textsOf(seen), numbers(4));
    assert.deepEqual(result.end, { kind: 'kept', number: 3, returns: 5, limit: 5 });
    assert.deepEqual(
      [result.held, tail.status.kind, tail.heldNumbers(), tail.lastReturns?.()],
      [1, 'running', [3], [3]],
    );
    await on.ready(queue, 3);
    assert.equal(tail.settle([3], 'acked'), 1);
    await waitFor(() => tail.status.kind === 'ended', { describe: 'the end of the look' });
    assert.deepEqual(
      (await on.takeAll(queue)).map(({ text, returns = 0 }) => [text, returns]),
      [
        ['1', 2],
        ['2', 2],
        ['4', 1],
      ],
    );
  });

  it('gives back what it kept only when a person says so: it is lost then, and that is said', async () => {
    const queue = await on.filled(1, limited(3));
    await on.returnAll(queue, 3);
    const { tail } = await look(on, queue);
    await tail.stop();
    assert.ok(tail.status.kind === 'ended');
    assert.deepEqual([tail.status.returned, tail.status.pastLimit], [1, 1]);
    await on.ready(queue, 0);
    assert.deepEqual(await on.takeAll(queue), []);
  });

  it('does not let go of what it kept, however long the broker takes to answer', async () => {
    const queue = await on.filled(2, limited(3));
    await on.returnAll(queue, 3);
    const { proxy, session } = await on.behindProxy();
    const clock = new FakeClock();
    const looking = await Looking.at(on, queue, { session, clock });
    const looked = looking.tail.start();
    await looking.begun();
    proxy.holdReplies();
    const stopped = looking.tail.stop();
    clock.pass(60_000);
    proxy.release();
    await Promise.all([looked, stopped]);
    assert.deepEqual([looking.tail.status.kind, looking.tail.heldNumbers()], ['running', [1]]);
    assert.equal(looking.tail.settle([1], 'acked'), 1);
    await waitFor(() => looking.tail.status.kind === 'ended', { describe: 'the end of the look' });
    await on.ready(queue, 1);
  });

  it('says what went past its limit where the connection was lost meanwhile', async () => {
    const queue = await on.filled(1, limited(3));
    await on.returnAll(queue, 3);
    const { proxy, session } = await on.behindProxy();
    const looking = await Looking.at(on, queue, { session });
    const { tail } = looking;
    const looked = tail.start();
    await looking.begun();
    proxy.cut();
    await assert.rejects(looked, { code: 'connectionLost' });
    assert.ok(tail.status.kind === 'ended');
    assert.deepEqual([tail.status.returned, tail.status.pastLimit], [1, 1]);
    await on.ready(queue, 0);
  });

  it('never costs a message, however often one looks', async () => {
    const queue = await on.filled(2, on.major < 4 ? limited(20) : quorum);
    let looks = 0;
    for (; looks < 40; looks++) {
      const { tail, result } = await look(on, queue);
      assert.ok(result.count === 'same', JSON.stringify(result));
      if (tail.status.kind === 'ended') continue;
      assert.deepEqual(result.end, { kind: 'kept', number: 1, returns: 20, limit: 20 });
      assert.equal(tail.settle([1], 'acked'), 1);
      await waitFor(() => tail.status.kind === 'ended', { describe: 'the end of the look' });
      break;
    }
    assert.ok(looks >= 20 && looks < 40, `${looks} looks`);
    assert.equal((await on.takeAll(queue)).length, 1);
  });

  it('takes no publisher’s word for how often a message came back', async () => {
    const queue = await on.declare(limited(5));
    await on.fill(queue, 2, { headers: { 'x-delivery-count': 5 } });
    const { seen, tail } = await look(on, queue);
    assert.deepEqual([seen.length, tail.status.kind], [2, 'ended']);
    await on.ready(queue, 2);
  });

  it('holds all while one must be settled whose limit is not known, and gives back the others then', async () => {
    const queue = await on.filled(1, quorum);
    await on.returnAll(queue, 1);
    await on.fill(queue, 1, {}, 2);
    const { tail, result } = await look(on, queue, { unknown: true });
    assert.deepEqual(result.end, { kind: 'kept', number: 1, returns: 1, limit: undefined });
    assert.equal(tail.settle([1], 'requeued'), 1);
    await waitFor(() => tail.status.kind === 'ended', { describe: 'the end of the look' });
    await on.ready(queue, 2);
  });
});
