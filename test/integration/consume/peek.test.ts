import assert from 'node:assert/strict';
import { waitFor } from '../../support/waitFor.ts';
import { codeOf } from '../support/core.ts';
import { look, Looking, planFor } from './looking.ts';
import { numbers, onEachBroker, textsOf } from './scene.ts';

const quorum = { 'x-queue-type': 'quorum' };

onEachBroker('a look at a queue', (on) => {
  for (const [kind, args] of Object.entries({
    classic: {},
    priority: { 'x-max-priority': 5 },
    'classic with a single active consumer': { 'x-single-active-consumer': true },
  })) {
    it(`takes nothing from a ${kind} queue: order and count are kept, and what was seen is marked redelivered`, async () => {
      const queue = await on.filled(6, args);
      const { seen, result, tail } = await look(on, queue, { count: 4 });
      assert.deepEqual(
        seen.map(({ text, redelivered }) => [text, redelivered]),
        numbers(4).map((text) => [text, false]),
      );
      assert.equal(tail.status.kind, 'ended');
      assert.equal(tail.heldCount, 0);
      assert.deepEqual(
        [1, 2, 3, 4].map((number) => tail.stateOf(number)),
        Array.from({ length: 4 }, () => 'requeued'),
      );
      await on.ready(queue, 6);
      assert.deepEqual([result.looked, result.of, result.end.kind, result.count], [4, 6, 'all', 'same']);
      assert.equal(result.counts, 'no');
      assert.deepEqual(
        (await on.takeAll(queue)).map(({ text, redelivered }) => [text, redelivered]),
        numbers(6).map((text) => [text, Number(text) <= 4]),
      );
    });
  }

  it('takes nothing from a quorum queue: it keeps order and count, and each look counts as a return', async () => {
    const queue = await on.filled(5, quorum);
    const first = await look(on, queue, { count: 3 });
    assert.equal(first.result.counts, 'yes');
    assert.equal(first.result.mayBeBehindReturned, false);
    const more = await look(on, queue, { count: 4 });
    assert.deepEqual(textsOf(more.seen), numbers(4));
    assert.deepEqual(
      more.seen.map(({ redelivered, returns = 0 }) => [redelivered, returns]),
      [
        [true, 1],
        [true, 1],
        [true, 1],
        [false, 0],
      ],
    );
    await on.ready(queue, 5);
    assert.deepEqual(
      (await on.takeAll(queue)).map(({ text, redelivered, returns = 0 }) => [text, redelivered, returns]),
      [
        ['1', true, 2],
        ['2', true, 2],
        ['3', true, 2],
        ['4', true, 1],
        ['5', false, 0],
      ],
    );
  });

  for (const [kind, args] of Object.entries({
    classic: {},
    quorum,
    'quorum and limited': { ...quorum, 'x-delivery-limit': 5 },
    'quorum with a single active consumer': { ...quorum, 'x-single-active-consumer': true },
  })) {
    it(`keeps the order of many messages, again and again: ${kind}`, async () => {
      const queue = await on.filled(130, args);
      for (const count of [10, 40, 120]) {
        const { seen, result } = await look(on, queue, { count });
        assert.deepEqual(textsOf(seen), numbers(count));
        assert.equal(result.count, 'same');
      }
      assert.deepEqual(textsOf(await on.consumeAll(queue, 130)), numbers(130));
    });
  }

  it('says that others may be first now when a quorum queue puts what was seen behind what had come back before', async () => {
    const queue = await on.filled(5, quorum);
    await on.returnAll(queue, 1);
    const { result } = await look(on, queue, { count: 2 });
    assert.equal(result.mayBeBehindReturned, true);
    assert.equal(result.count, 'same');
    assert.deepEqual(textsOf(await on.takeAll(queue)), ['3', '4', '5', '1', '2']);
  });

  it('of a quorum queue with a single active consumer consumes as the only one, and keeps order and count', async () => {
    const queue = await on.filled(5, { ...quorum, 'x-single-active-consumer': true });
    const plan = await planFor(on, queue);
    assert.equal(plan.kind === 'peek' && plan.method, 'consume');
    const { seen, result } = await look(on, queue, { count: 3 });
    assert.deepEqual(textsOf(seen), numbers(3));
    assert.deepEqual([result.looked, result.of, result.count], [3, 5, 'same']);
    const again = await look(on, queue, { count: 10 });
    assert.deepEqual(textsOf(again.seen), numbers(5));
    assert.equal(again.result.end.kind, 'empty');
    await on.ready(queue, 5);
  });

  it('of such a queue with a consumer is refused; where one comes in between it waits its turn, takes nothing and says so', async () => {
    const queue = await on.filled(3, { ...quorum, 'x-single-active-consumer': true });
    const late = await Looking.at(on, queue);
    const other = await on.channel();
    await other.prefetch(1);
    await other.consume(queue, () => undefined);
    assert.deepEqual(await planFor(on, queue), { kind: 'refused', why: 'singleActiveConsumer' });
    assert.equal(await codeOf(late.tail.start()), 'singleActiveConsumer');
    assert.equal(late.tail.buffer.lastNumber, 0);
    await on.ready(queue, 2);
  });

  it('looks at no stream: without a management API the broker refuses it, and no other connection ends over it', async () => {
    const queue = await on.filled(3, { 'x-queue-type': 'stream' });
    assert.deepEqual(await planFor(on, queue), { kind: 'stream' });
    const blind = await Looking.at(on, queue, { unknown: true });
    assert.equal(await codeOf(blind.tail.start()), 'queueIsStream');
    assert.equal(blind.tail.status.kind, 'ended');
    assert.equal(on.session.state.kind, 'open');
  });

  it('does not know what it cannot know without a management API, and says so', async () => {
    const single = await on.filled(3, { ...quorum, 'x-single-active-consumer': true });
    const refused = await Looking.at(on, single, { unknown: true });
    assert.equal(await codeOf(refused.tail.start()), 'singleActiveConsumer');
    const queue = await on.filled(3);
    const { seen, result } = await look(on, queue, { count: 2, unknown: true });
    assert.deepEqual(textsOf(seen), numbers(2));
    assert.equal(result.counts, 'perhaps');
    await on.ready(queue, 3);
  });

  it('leaves an auto-delete queue alive', async () => {
    const queue = await on.filled(2, {}, { autoDelete: true });
    assert.deepEqual(textsOf((await look(on, queue)).seen), numbers(2));
    await on.ready(queue, 2);
  });

  it('is refused on a queue that belongs to another connection', async () => {
    const queue = await on.filled(0, {}, { exclusive: true, durable: false });
    assert.equal(await codeOf(planFor(on, queue)), 'queueLocked');
  });

  for (const type of ['classic', 'quorum']) {
    it(`costs a full ${type} queue only what it would have dropped anyway, and warns of it`, async () => {
      const queue = await on.filled(200, { 'x-max-length': 200, 'x-queue-type': type });
      const plan = await planFor(on, queue);
      assert.deepEqual(plan.kind === 'peek' && plan.cautions, ['full']);
      const { proxy, session } = await on.behindProxy();
      const looking = await Looking.at(on, queue, { session, count: 200 });
      const starting = looking.tail.start();
      await looking.begun();
      proxy.holdReplies();
      await on.fill(queue, 3, {}, 201);
      proxy.release();
      await starting;
      assert.ok(looking.seen.length >= 3);
      await on.ready(queue, 200);
      assert.deepEqual(textsOf(await on.takeAll(queue)), numbers(200, 4));
    });
  }

  it('says that a queue has less than before where messages expired meanwhile', async () => {
    const queue = await on.filled(2);
    await on.fill(queue, 1, { expiration: '1' }, 3);
    const { seen, result } = await look(on, queue);
    await waitFor(async () => (await on.session.admin.check(queue)).ready === 2, { describe: 'expired' });
    assert.ok(seen.length === 3 || seen.length === 2);
    assert.ok(result.count === 'same' || (typeof result.count === 'object' && result.count.less === 1));
    assert.deepEqual(textsOf(await on.takeAll(queue)), numbers(2));
  });

  it('stops at what a tail may keep, and holds no more than it was asked to', async () => {
    const queue = await on.filled(5);
    const { seen, result } = await look(on, queue, { maxBytes: 1 });
    assert.equal(seen.length, 1);
    assert.equal(result.end.kind, 'bytes');
    assert.equal((await look(on, await on.declare())).result.looked, 0);
    await on.ready(queue, 5);
  });

  it('gives all back when it is stopped in between, and when its connection is cut', async () => {
    const queue = await on.filled(200);
    const stopped = await Looking.at(on, queue, { count: 200 });
    const starting = stopped.tail.start();
    await stopped.begun();
    await stopped.tail.stop();
    await starting;
    assert.ok(stopped.result.looked < 200, 'it was stopped too late');
    assert.equal(stopped.result.end.kind, 'stopped');
    assert.equal(stopped.result.count, 'same');
    await on.ready(queue, 200);
    const { proxy, session } = await on.behindProxy();
    const cut = await Looking.at(on, queue, { count: 200, session });
    const failing = codeOf(cut.tail.start());
    await cut.begun();
    proxy.cut();
    assert.equal(await failing, 'connectionLost');
    assert.equal(cut.tail.status.kind, 'ended');
    await on.ready(queue, 200);
    assert.deepEqual(textsOf(await on.takeAll(queue)), numbers(200));
  });

  it('holds nothing for longer than it may, however slow the broker is', async () => {
    const queue = await on.filled(300);
    const { proxy, session } = await on.behindProxy();
    const looking = await Looking.at(on, queue, { session, count: 300, holdMs: 200 });
    const starting = looking.tail.start();
    await looking.begun();
    proxy.holdReplies();
    await waitFor(() => looking.tail.status.kind !== 'running', { describe: 'the end of looking' });
    proxy.release();
    await starting;
    assert.deepEqual(looking.result.end, { kind: 'time', ms: 200 });
    await on.ready(queue, 300);
    assert.deepEqual(textsOf(await on.takeAll(queue)), numbers(300));
  });

  it('gives all back when the connection of its session is closed', async () => {
    const queue = await on.filled(1, { ...quorum, 'x-delivery-limit': 2 });
    await on.returnAll(queue, 2);
    const session = await on.connected();
    const { tail } = await look(on, queue, { session });
    assert.equal(tail.heldCount, 1);
    await session.close();
    assert.ok(tail.status.kind === 'ended');
    assert.equal(tail.status.pastLimit, 1);
  });

  it('gives all back where a body never ends: it drops the connection, and other tails do not notice', async () => {
    const queue = await on.filled(50);
    const channel = await on.channel();
    channel.sendToQueue(queue, Buffer.alloc(500_000), { persistent: true });
    await on.ready(queue, 51);
    const { proxy, session } = await on.behindProxy();
    const other = await on.hold(await on.filled(1), { session });
    const looking = await Looking.at(on, queue, { session });
    const starting = looking.tail.start();
    await looking.begun();
    proxy.stallAfter(100_000);
    await waitFor(() => looking.tail.buffer.lastNumber >= 50, { describe: 'all but the endless one' });
    await looking.tail.stop();
    await starting;
    assert.equal(looking.tail.status.kind, 'ended');
    await on.ready(queue, 51);
    assert.deepEqual([other.status.kind, other.heldCount], ['running', 1]);
  });
});
