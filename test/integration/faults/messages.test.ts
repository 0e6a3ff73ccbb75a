import assert from 'node:assert/strict';
import { connect } from '../../support/amqplib.ts';
import { deliveryLimitOf, traitsOf } from '../../../src/broker/consume/queueTraits.ts';
import type { Session } from '../../../src/broker/session.ts';
import { hold } from '../../../src/ui/modes/hold.ts';
import { offeredModes } from '../../../src/ui/modes/modes.ts';
import type { QueueFacts } from '../../../src/ui/modes/queueFacts.ts';
import { publishOldLong, publishPoison } from '../../support/poison.ts';
import { waitFor } from '../../support/waitFor.ts';
import { received } from '../support/core.ts';
import {
  comesTo,
  endOf,
  errorIn,
  failureOf,
  isTold,
  messageId,
  nothingUnhandled,
  Scene,
  tailComesTo,
} from './scene.ts';
import { onEachVersion, useBroker } from './versions.ts';

/** What is known of a queue before it is tailed, as Warren reads it. */
async function factsOf(session: Session, queue: string): Promise<QueueFacts> {
  const { management, server, profile } = session;
  assert.equal(management?.kind, 'available');
  const details = await management.client.queue(profile.vhost, queue);
  return {
    queue,
    details,
    consumers: 0,
    consumersKnown: [],
    ready: 0,
    peekCount: 10,
    brokerVersion: server?.version,
    limit: deliveryLimitOf(details, server?.version),
    prefetch: 10,
    buffer: { messages: 100, bytes: 1e6 },
  };
}

onEachVersion('faults of queues and messages', (version) => {
  const config = version.major < 4 ? ['max_message_size = 1000000'] : [];
  const on = useBroker(version, config);
  nothingUnhandled();
  let scene: Scene;
  let session: Session;
  beforeEach(async () => {
    scene = await Scene.on(on.broker);
    session = await scene.connected();
  });
  afterEach(() => scene.dispose());

  if (version.major >= 4) {
    it('11: a quorum queue’s message that is requeued again and again is announced before its last return, in time to ack it', async () => {
      await scene.fill(session, 'q', 1, { 'x-queue-type': 'quorum' });
      // Whether a policy limits it is told with the statistics, some seconds later.
      const { details } = await waitFor(
        async () => factsOf(session, 'q').then((facts) => (facts.limit.kind === 'unknown' ? undefined : facts)),
        { describe: 'what the policy says' },
      );
      const traits = traitsOf(details, session.server?.version);
      assert.deepEqual(traits.deliveryLimit, { kind: 'known', limit: 20 });
      const notices: unknown[] = [];
      const tail = await scene.tail(session, 'q', { traits });
      tail.onDidNotice((notice) => notices.push(notice));
      for (let number = 1; number <= 21; number++) {
        await received(tail, number);
        if (number < 21) assert.equal(tail.settle([number], 'requeued'), 1);
      }
      assert.deepEqual(notices, [{ kind: 'lastReturn', number: 21, returns: 20 }]);
      assert.equal(scene.ack(tail, [21]), 1);
      await tail.stop();
      const balance = await scene.balance('q');
      assert.deepEqual([balance.acked, balance.inQueues], [1, 0]);
    });
  } else {
    it('19: a header that cannot be read stops consuming at once, for all tails, and says so; it is not tried again by itself', async () => {
      await scene.fill(session, 'q', 0);
      await scene.fill(session, 'other', 1);
      const other = await scene.tail(session, 'other');
      await received(other, 1);
      const tail = await scene.tail(session, 'q');
      await publishPoison(scene.vhost.amqpUrl, 'q');
      await tailComesTo(tail, 'ended');
      isTold(endOf(tail), 'undecodableHeader', /header of type "F" .* It stays disconnected/);
      isTold(endOf(other), 'undecodableHeader', /header of type "F"/);
      assert.equal(session.state.kind, 'failed');
      assert.equal((await session.admin.check('q')).ready, 1);
      await session.admin.purge('q');
      await session.connect();
      await comesTo(session, 'open');
      const again = await scene.tail(session, 'other');
      await received(again, 1);
      await again.stop();
      await scene.balance('other');
    });

    it('12: a 3.10 quorum queue that drops what comes back says so before it is held, and what is acked there is not lost', async () => {
      await scene.fill(session, 'q', 2, { 'x-queue-type': 'quorum', 'x-delivery-limit': -1 });
      const facts = await factsOf(session, 'q');
      assert.deepEqual(facts.limit, { kind: 'firstReturnDrops' });
      assert.match(hold.warnings(facts).join(), /What you do not ack is lost when the tail stops/);
      const tail = await scene.tail(session, 'q', { traits: traitsOf(facts.details, session.server?.version) });
      await received(tail, 2);
      assert.equal(scene.ack(tail, [1, 2]), 2);
      await tail.stop();
      await scene.balance('q');
    });
  }

  it('19: an integer that amqplib knows no type for is read like any other, and the connection stays', async () => {
    await scene.fill(session, 'q', 0);
    const tail = await scene.tail(session, 'q');
    await publishOldLong(scene.vhost.amqpUrl, 'q');
    await received(tail, 1);
    assert.equal(tail.buffer.get(1)?.properties.headers?.['n'], -(2 ** 40));
    assert.equal(tail.settle([1], 'acked'), 1);
    assert.equal(session.state.kind, 'open');
  });

  it('13: a bounded queue drops what comes back when it is full meanwhile: said before it is held, and no more than that', async () => {
    await scene.fill(session, 'q', 3, { 'x-max-length': 3 });
    assert.match(
      hold.warnings(await factsOf(session, 'q')).join(),
      /maximum length: what goes back when it is full is dropped/,
    );
    const tail = await scene.tail(session, 'q');
    await received(tail, 3);
    const held = [1, 2, 3].map((number) => messageId(tail, number));
    assert.equal(scene.ack(tail, [1]), 1);
    for (const { kind } of await scene.publish(session, scene.drafts('q', 3))) assert.equal(kind, 'routed');
    await tail.stop();
    await scene.close();
    const balance = await scene.ledger.balance(scene.vhost.amqpUrl, ['q']);
    assert.ok(
      balance.lost.every((id) => held.includes(id)),
      balance.lost.join(),
    );
    assert.deepEqual([balance.acked, balance.inQueues, balance.lost.length], [1, 3, 2]);
  });

  it('14: an auto-delete queue is not deleted by looking at it, and holding it says that stopping deletes it', async () => {
    await session.admin.declare({ name: 'q', durable: true, autoDelete: true, arguments: {} });
    for (const { kind } of await scene.publish(session, scene.drafts('q', 2))) assert.equal(kind, 'routed');
    await session.refreshQueues(['q']);
    await session.admin.check('q');
    assert.match(hold.warnings(await factsOf(session, 'q')).join(), /Stopping the tail deletes the queue/);
    const tail = await scene.tail(session, 'q');
    await received(tail, 2);
    scene.ack(tail, [1, 2]);
    await tail.stop();
    isTold(await failureOf(session.admin.check('q')), 'queueNotFound', /Queue q does not exist/);
    await scene.balance();
  });

  it('16: acked twice, clicked twice, and acked after the end: each message is settled once', async () => {
    await scene.fill(session, 'q', 4);
    const tail = await scene.tail(session, 'q');
    await received(tail, 4);
    assert.deepEqual(
      [1, 2].map(() => scene.ack(tail, [1])),
      [1, 0],
    );
    assert.equal(tail.settle([1, 1, 2, 2], 'requeued'), 1);
    assert.equal(tail.settle([99], 'acked'), 0);
    assert.equal(tail.status.kind, 'running');
    await tail.stop();
    assert.deepEqual([scene.ack(tail, [3]), tail.settleUpTo(4, 'acked')], [0, 0]);
    assert.equal(session.state.kind, 'open');
    const balance = await scene.balance('q');
    assert.deepEqual([balance.acked, balance.inQueues], [1, 3]);
  });

  it('21: a publish to a deleted queue is returned, and makes none; to a full one that rejects it is refused', async () => {
    await scene.fill(session, 'full', 2, { 'x-max-length': 2, 'x-overflow': 'reject-publish' });
    const [deleted] = await scene.publish(session, scene.drafts('deleted', 1));
    assert.equal(deleted?.kind, 'unroutable');
    isTold(await failureOf(session.admin.check('deleted')), 'queueNotFound', /Queue deleted does not exist/);
    const [rejected] = await scene.publish(session, scene.drafts('full', 1));
    assert.equal(rejected?.kind, 'refused');
    isTold(errorIn(rejected), 'publishNacked', /refused the message for queue full: the queue may be full/);
    const balance = await scene.balance('full');
    assert.deepEqual([balance.confirmed, balance.inQueues], [2, 2]);
  });

  it('21: a publish to a full queue that drops its head is confirmed, and costs the queue its oldest message', async () => {
    const [oldest = ''] = await scene.fill(session, 'q', 2, { 'x-max-length': 2 });
    const [outcome] = await scene.publish(session, scene.drafts('q', 1));
    assert.equal(outcome?.kind, 'routed');
    scene.ledger.gaveUp(oldest);
    const balance = await scene.balance('q');
    assert.equal(balance.inQueues, 2);
  });

  it('22: with another’s user-id or too large a body nothing is published, and the next message is', async () => {
    await scene.fill(session, 'q', 0);
    const [foreign] = await scene.publish(session, scene.drafts('q', 1, { userId: 'someone' }));
    assert.equal(foreign?.kind, 'refused');
    isTold(errorIn(foreign), 'preconditionFailed', /The broker refused it: user_id property set to 'someone'/);
    const bytes = version.major < 4 ? 1_100_000 : 17 * 1024 * 1024;
    const [large] = await scene.publish(session, scene.drafts('q', 1, {}, bytes));
    assert.equal(large?.kind, 'refused');
    isTold(errorIn(large), 'messageTooLarge', /The message is too large: message size \d+ is larger than/);
    const [next] = await scene.publish(session, scene.drafts('q', 1));
    assert.equal(next?.kind, 'routed');
    const balance = await scene.balance('q');
    assert.deepEqual([balance.confirmed, balance.inQueues], [1, 1]);
  });

  it('22: with a CC header a message is in both queues, and shown with it', async () => {
    await scene.fill(session, 'q', 0);
    await scene.fill(session, 'copy', 0);
    const [outcome] = await scene.publish(session, scene.drafts('q', 1, { headers: { CC: ['copy'] } }));
    assert.equal(outcome?.kind, 'routed');
    const tail = await scene.tail(session, 'q');
    await received(tail, 1);
    assert.deepEqual(tail.buffer.get(1)?.properties.headers?.['CC'], ['copy']);
    await tail.stop();
    const balance = await scene.balance('q', 'copy');
    assert.equal(balance.inQueues, 2);
  });

  it('23: a stream is read by offset only, and what it does not support ends neither tails nor what they hold', async () => {
    await scene.fill(session, 's', 0, { 'x-queue-type': 'stream' });
    await scene.fill(session, 'q', 2);
    const tail = await scene.tail(session, 'q');
    await received(tail, 2);
    const offered = offeredModes(await factsOf(session, 's'));
    assert.deepEqual(
      offered.map(({ mode }) => mode.mode),
      ['stream'],
    );
    isTold(await failureOf(session.admin.purge('s')), 'notSupported', /The broker does not support this:/);
    await comesTo(session, 'open');
    assert.equal((await session.admin.check('q')).consumers, 1);
    assert.deepEqual([tail.status.kind, tail.heldCount], ['running', 2]);
    assert.equal(scene.ack(tail, [1, 2]), 2);
    await tail.stop();
    const balance = await scene.balance('q');
    assert.equal(balance.acked, 2);
  });
});

describe('a message that another client has got meanwhile', () => {
  nothingUnhandled();
  let scene: Scene;
  beforeEach(async () => (scene = await Scene.on()));
  afterEach(() => scene.dispose());

  it('15: cannot be acked by its old handle after a reconnect, nor can the message that has its tag now', async () => {
    const { proxy, session } = await scene.behindProxy();
    await scene.fill(session, 'q', 1);
    const tail = await scene.tail(session, 'q');
    await received(tail, 1);
    proxy.refuse(true);
    proxy.cut();
    const client = await connect(scene.vhost.amqpUrl);
    try {
      const channel = await client.createConfirmChannel();
      const other = await waitFor(() => channel.get('q'), { describe: 'the other client has it' });
      proxy.refuse(false);
      await comesTo(session, 'open');
      await tailComesTo(tail, 'running');
      await scene.publish(session, scene.drafts('q', 1));
      await received(tail, 2);
      assert.equal(tail.stateOf(1), 'lost');
      assert.deepEqual([scene.ack(tail, [1]), tail.settleUpTo(1, 'acked')], [0, 0]);
      assert.equal(tail.stateOf(2), 'held');
      await waitFor(
        async () => (await scene.vhost.management.queueCounts(scene.vhost.vhost, 'q'))?.unacknowledged === 2,
        { describe: 'one held by each' },
      );
      if (typeof other === 'object') channel.ack(other);
      scene.ledger.acked('m1');
      await channel.close();
    } finally {
      await client.close();
    }
    await tail.stop();
    const balance = await scene.balance('q');
    assert.deepEqual([balance.acked, balance.inQueues, balance.duplicates.length], [1, 1, 0]);
  });
});
