import assert from 'node:assert/strict';
import { BatchRun } from '../../../src/ui/publish/batch.ts';
import { waitFor } from '../../support/waitFor.ts';
import { Core, received } from '../support/core.ts';
import { comesTo, errorIn, failureOf, isTold, nothingUnhandled, Scene, tailComesTo } from './scene.ts';

const lostToOtherSide = /^The connection was lost: the other side (reset|closed) the connection/;

describe('faults of the network', function () {
  this.timeout(30_000);
  nothingUnhandled();
  let scene: Scene;
  beforeEach(async () => (scene = await Scene.on()));
  afterEach(() => scene.dispose());

  it('4: into a black hole, whatever waits ends when the person disconnects', async () => {
    const { proxy, session } = await scene.behindProxy();
    await scene.fill(session, 'q', 1);
    const tail = await scene.tail(session, 'q');
    await received(tail, 1);
    proxy.swallow();
    const publishing = scene.publish(session, scene.drafts('q', 1));
    const asking = failureOf(session.admin.check('q'));
    const began = Date.now();
    await session.close();
    assert.ok(Date.now() - began < 8_000, String(Date.now() - began));
    const status = await tailComesTo(tail, 'ended');
    assert.equal(status.kind === 'ended' && status.isUnconfirmed, true);
    isTold(await asking, 'connectionLost', /the broker did not answer/);
    isTold(errorIn((await publishing)[0]), 'notConnected', /no connection/);
    assert.deepEqual(scene.ledger.told('unknown').length, 1);
    assert.equal(session.state.kind, 'closed');
    assert.equal(tail.stateOf(1), 'lost');
    proxy.cut();
    const balance = await scene.balance('q');
    assert.deepEqual(balance.duplicates, []);
  });

  for (const [how, cut] of [
    ['reset', 'cut'],
    ['ended', 'end'],
  ] as const) {
    it(`5: a connection ${how} in the middle of calls is told at once, and comes back by itself`, async () => {
      const { proxy, session } = await scene.behindProxy();
      await scene.fill(session, 'q', 3);
      const tail = await scene.tail(session, 'q');
      await received(tail, 3);
      proxy.holdReplies();
      const publishing = scene.publish(session, scene.drafts('q', 2));
      const declaring = failureOf(session.admin.declare({ name: 'other', durable: true, arguments: {} }));
      // What is asked is on its way.
      await waitFor(async () => (await scene.vhost.management.queueCounts(scene.vhost.vhost, 'q'))?.total === 5, {
        describe: 'five messages',
      });
      proxy[cut]();
      isTold(await declaring, 'connectionLost', lostToOtherSide);
      for (const outcome of await publishing) {
        assert.equal(outcome.kind, 'unknown');
        isTold(errorIn(outcome), 'connectionLost', lostToOtherSide);
      }
      const status = await tailComesTo(tail, 'interrupted');
      assert.equal(status.kind === 'interrupted' && status.returned, 3);
      isTold('error' in status ? status.error : undefined, 'connectionLost', lostToOtherSide);
      await comesTo(session, 'open');
      await tailComesTo(tail, 'running');
      await received(tail, 8);
      assert.equal(scene.ack(tail, [1, 2, 3]), 0);
      assert.equal(scene.ack(tail, [4, 5, 6, 7, 8]), 5);
      await tail.stop();
      const balance = await scene.balance('q');
      assert.deepEqual([balance.unknown, balance.acked, balance.inQueues], [2, 5, 0]);
    });
  }

  it('6: a body of 800 kB that is cut half-way is shown once, and whole', async () => {
    const { proxy, session } = await scene.behindProxy();
    const direct = await scene.connected();
    await scene.fill(direct, 'q', 0);
    const tail = await scene.tail(session, 'q');
    proxy.cutAfter(300_000);
    await scene.publish(direct, scene.drafts('q', 1, {}, 800_000));
    const status = await tailComesTo(tail, 'interrupted');
    isTold('error' in status ? status.error : undefined, 'connectionLost', lostToOtherSide);
    assert.equal(tail.buffer.lastNumber, 0);
    await received(tail, 1);
    assert.equal(tail.buffer.get(1)?.content.length, 800_000);
    assert.equal(tail.buffer.get(1)?.redelivered, true);
    assert.equal(scene.ack(tail, [1]), 1);
    await tail.stop();
    const balance = await scene.balance('q');
    assert.deepEqual([balance.acked, balance.inQueues], [1, 0]);
  });

  it('7: a spoilt frame ends the connection, and no message with it', async () => {
    const { proxy, session } = await scene.behindProxy();
    const direct = await scene.connected();
    await scene.fill(direct, 'q', 0);
    const tail = await scene.tail(session, 'q');
    proxy.spoilNextFrame();
    await scene.publish(direct, scene.drafts('q', 1));
    const status = await tailComesTo(tail, 'interrupted');
    isTold('error' in status ? status.error : undefined, 'connectionLost', /not AMQP|Invalid frame/);
    await received(tail, 1);
    assert.equal(scene.ack(tail, [1]), 1);
    await tail.stop();
    const balance = await scene.balance('q');
    assert.deepEqual([balance.acked, balance.inQueues], [1, 0]);
  });

  it('5: whoever does not wait for the answer to a purge is told that the broker may still do it, as it does', async () => {
    const session = await scene.connected();
    for (const id of await scene.fill(session, 'q', 2)) scene.ledger.gaveUp(id);
    const core = new Core(scene.vhost.amqpUrl);
    try {
      const proxy = await core.proxy();
      const channel = await (await core.connected({ port: proxy.port })).openChannel();
      const giveUp = new AbortController();
      const purge = (): Promise<unknown> =>
        failureOf(channel.call('purge queue', {}, (raw) => raw.purgeQueue('q'), giveUp.signal));
      proxy.holdReplies();
      const purging = purge();
      await waitFor(async () => (await session.admin.check('q')).ready === 0, { describe: 'purged' });
      giveUp.abort();
      isTold(await purging, 'abandoned', /stopped waiting for an answer \(purge queue\): the broker may still do it/);
      isTold(await purge(), 'cancelled', /Cancelled/);
      proxy.release();
      await channel.close();
    } finally {
      await core.dispose();
    }
    await scene.balance('q');
  });

  it('20: many messages cut half-way: what is published again is at most twice there, and nothing is missing', async () => {
    const { proxy, session } = await scene.behindProxy();
    await scene.fill(session, 'q', 0);
    const drafts = scene.drafts('q', 5_000);
    const run = new BatchRun({
      count: drafts.length,
      label: 'messages',
      target: { exchange: '', routingKey: 'q' },
      drafts: async function* (from) {
        yield* drafts.slice(from);
      },
    });
    let done = 0;
    const result = await run.send((each, onOutcome) =>
      session.publisher.publishMany(each, {
        onOutcome: (index, outcome) => {
          onOutcome(index, outcome);
          scene.note(drafts[index], outcome);
          if (++done === 1_000) proxy.cut();
        },
      }),
    );
    const unknown = new Set(scene.ledger.told('unknown'));
    assert.ok(unknown.size > 0 && unknown.size <= 500, String(unknown.size));
    assert.ok(result.outcomes.length < drafts.length);
    await comesTo(session, 'open');
    const rest = run.rest();
    assert.equal(rest.count, drafts.length - scene.ledger.told('routed').length);
    await session.publisher.publishMany(rest.drafts(0), { onOutcome: (_i, { kind }) => assert.equal(kind, 'routed') });
    for (const { properties } of drafts) scene.ledger.published(String(properties.messageId), 'routed');
    const balance = await scene.balance('q');
    assert.ok(balance.duplicates.every((id) => unknown.has(id)));
    assert.equal(balance.inQueues - balance.duplicates.length, drafts.length);
  });
});
