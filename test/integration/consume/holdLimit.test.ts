import assert from 'node:assert/strict';
import { copyAndAck, type CopyOutcome } from '../../../src/broker/consume/copyAndAck.ts';
import type { QueueTail } from '../../../src/broker/consume/queueTail.ts';
import { copyOf, toPublish } from '../../../src/broker/saved/saved.ts';
import { waitFor } from '../../support/waitFor.ts';
import { onEachBroker, textsOf, type Scene } from './scene.ts';

const limited = { 'x-queue-type': 'quorum', 'x-delivery-limit': 2 };

/** Copies messages of a tail as the command does; what became of each. */
async function copyTo(on: Scene, tail: QueueTail, queue: string, numbers: readonly number[]): Promise<string[]> {
  const kinds: string[] = [];
  const told = (_number: number, outcome: CopyOutcome): void => void kinds.push(outcome.kind);
  const user = { name: on.vhost.user, mayImpersonate: false };
  const options = {
    tail,
    publisher: on.session.publisher,
    queue,
    toDraft: (message: Parameters<typeof copyOf>[0]) => {
      const copy = copyOf(message);
      return 'problem' in copy ? copy : toPublish(copy.draft, user);
    },
  };
  await copyAndAck(numbers, options, told);
  return kinds;
}

onEachBroker('a tail that holds a message at its delivery limit', (on) => {
  it('knows it, and copies it elsewhere with all that it has before it acks it', async () => {
    const queue = await on.declare(limited);
    await on.fill(queue, 1, { headers: { n: 1 }, messageId: 'm1', priority: 3 });
    await on.returnAll(queue, 2);
    await on.fill(queue, 1, {}, 2);
    const tail = await on.hold(queue);
    assert.deepEqual(tail.lastReturns(), [1]);
    const rescue = await on.declare();
    assert.deepEqual(await copyTo(on, tail, rescue, tail.lastReturns()), ['moved']);
    assert.deepEqual([tail.stateOf(1), tail.lastReturns()], ['acked', []]);
    await tail.stop();
    await on.ready(queue, 1);
    assert.deepEqual(textsOf(await on.takeAll(queue)), ['2']);
    const channel = await on.channel();
    const copy = await channel.get(rescue, { noAck: true });
    assert.ok(copy !== false);
    assert.deepEqual(
      [copy.content.toString(), copy.properties.headers, copy.properties.messageId, copy.properties.priority],
      ['1', { n: 1 }, 'm1', 3],
    );
  });

  it('holds it on where the copy finds no queue, or is refused', async () => {
    const queue = await on.filled(1, limited);
    await on.returnAll(queue, 2);
    const tail = await on.hold(queue);
    assert.deepEqual(await copyTo(on, tail, 'nowhere', [1]), ['notConfirmed']);
    const full = await on.declare({ 'x-max-length': 0, 'x-overflow': 'reject-publish' });
    assert.deepEqual(await copyTo(on, tail, full, [1]), ['notConfirmed']);
    assert.equal(tail.stateOf(1), 'held');
    assert.equal(tail.settle([1], 'acked'), 1);
    await tail.stop();
  });

  it('says how many were lost by going back when it stops all the same', async () => {
    const dead = await on.declare();
    const queue = await on.filled(2, { ...limited, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': dead });
    await on.returnAll(queue, 2);
    const tail = await on.hold(queue);
    assert.deepEqual(tail.lastReturns(), [1, 2]);
    await tail.stop();
    assert.ok(tail.status.kind === 'ended');
    assert.deepEqual([tail.status.returned, tail.status.pastLimit], [2, 2]);
    await on.ready(dead, 2);
    await on.ready(queue, 0);
  });
});

onEachBroker('the consumers of a queue', (on) => {
  it('are told by name, user and address', async () => {
    const queue = await on.declare();
    const channel = await on.channel();
    await channel.consume(queue, () => undefined, { consumerTag: 'worker-1' });
    const { management, profile } = on.session;
    assert.equal(management?.kind, 'available');
    const [consumer] = await waitFor(
      async () => management.client.consumers(profile.vhost, queue).then((all) => all[0]?.user !== undefined && all),
      { describe: 'the consumer, which is told some seconds late' },
    );
    assert.deepEqual([consumer?.tag, consumer?.user], ['worker-1', on.vhost.user]);
    assert.match(consumer?.peer ?? '', /^127\.0\.0\.1:\d+$/);
    assert.deepEqual(await management.client.consumers(profile.vhost, '..'), []);
  });
});
