import assert from 'node:assert/strict';
import type { Channel } from 'amqplib';
import { systemClock } from '../../src/common/clock.ts';
import { publishPoison } from '../support/poison.ts';
import { waitFor } from '../support/waitFor.ts';
import { codeOf, received, tailOf, textsOf } from './support/core.ts';
import { useQueues } from './support/queues.ts';

/** A paused tail looks for its queue every few seconds: by this clock fifty times as often. */
const hurried = {
  ...systemClock,
  setInterval: (fn: () => void, ms: number) => systemClock.setInterval(fn, ms / 50),
};

describe('a tail whose end it is not to choose', () => {
  const on = useQueues();

  it('does not start on a missing queue, and says so', async () => {
    const tail = tailOf(on.connection, 'no such queue');
    assert.equal(await codeOf(tail.start()), 'queueNotFound');
    assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'queueNotFound');
    assert.equal(on.connection.state.kind, 'open');
  });

  it('does not start on a queue that someone consumes exclusively', async () => {
    const channel = await on.connection.openChannel();
    await channel.call('consume', {}, (raw) => raw.consume(on.queue, () => undefined, { exclusive: true }));
    assert.equal(await codeOf(tailOf(on.connection, on.queue).start()), 'exclusiveConsumer');
  });

  it('can be stopped while it starts', async () => {
    await on.fill(5);
    const tail = tailOf(on.connection, on.queue);
    const starting = tail.start();
    await tail.stop();
    await starting;
    assert.deepEqual(tail.status, { kind: 'ended', returned: 0 });
    const second = tailOf(on.connection, on.queue);
    // When the broker is being asked for the consumer.
    second.onDidChangeStatus((status) => {
      if (status.kind === 'running') process.nextTick(() => void second.stop());
    });
    await second.start();
    await second.stop();
    assert.equal(second.status.kind === 'ended' && second.status.error, undefined);
    await on.counts(5, 0);
    assert.equal((await on.admin.check(on.queue)).consumers, 0);
  });

  it('says so when the broker ended delivery though the queue is there', async () => {
    await on.fill(1);
    const opening = on.connection.openChannel.bind(on.connection);
    let channel: (Channel & { readonly consumers: Map<string, unknown> }) | undefined;
    on.connection.openChannel = async () => {
      const handle = await opening();
      channel = handle.raw as typeof channel & Channel;
      return handle;
    };
    const tail = await on.started();
    await received(tail, 1);
    assert.ok(channel);
    const [tag] = channel.consumers.keys();
    // As the broker sends it when the home node goes down for one.
    channel.emit('cancel', { consumerTag: tag });
    await waitFor(() => tail.status.kind === 'ended', { describe: 'ended' });
    assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'consumerCancelled');
    await on.counts(1, 0);
  });

  for (const mode of ['hold', 'drain'] as const) {
    it(`ends with its queue when that is deleted, in ${mode}`, async () => {
      await on.fill(3);
      const tail = await on.started({ mode });
      const other = tailOf(on.connection, 'other');
      await on.admin.declare({ name: 'other', durable: false, arguments: {} });
      await other.start();
      await received(tail, 3);
      await on.admin.delete(on.queue);
      await waitFor(() => tail.status.kind === 'ended', { describe: 'ended' });
      assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'queueNotFound');
      if (mode === 'hold') assert.equal(tail.stateOf(1), 'lost');
      assert.equal(tail.settle([1], 'acked'), 0);
      assert.equal(other.status.kind, 'running');
    });
  }

  for (const mode of ['hold', 'drain'] as const) {
    it(`ends with its queue also when that is deleted while it is paused, in ${mode}`, async () => {
      await on.fill(2);
      const tail = tailOf(on.connection, on.queue, { mode }, hurried);
      await tail.start();
      await received(tail, 2);
      await tail.pause();
      const other = tailOf(on.connection, 'other');
      await on.admin.declare({ name: 'other', durable: false, arguments: {} });
      await other.start();
      await on.admin.delete(on.queue);
      await waitFor(() => tail.status.kind === 'ended', { describe: 'ended' });
      assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'queueNotFound');
      if (mode === 'hold') assert.equal(tail.stateOf(1), 'lost');
      assert.equal(other.status.kind, 'running');
    });
  }

  it('is interrupted by a cut, and resumes', async () => {
    const proxy = await on.core.proxy();
    await on.fill(4);
    const tail = await on.started({}, await on.core.connected({ port: proxy.port }));
    const kinds: string[] = [];
    tail.onDidChangeStatus((status) => kinds.push(status.kind));
    await received(tail, 4);
    tail.settle([1], 'requeued');
    await received(tail, 5);
    proxy.cut();
    await waitFor(() => kinds.length === 2, { describe: () => `two changes, not ${kinds.join()}` });
    assert.deepEqual(kinds, ['interrupted', 'running']);
    assert.deepEqual(
      [1, 2, 5].map((number) => tail.stateOf(number)),
      ['requeued', 'lost', 'lost'],
    );
    await received(tail, 9);
    await on.counts(0, 4);
    assert.deepEqual(textsOf(tail).slice(5).toSorted(), ['1', '2', '3', '4']);
  });

  it('says after a cut that acknowledged messages may come again', async () => {
    const proxy = await on.core.proxy();
    await on.fill(2);
    const tail = await on.started({}, await on.core.connected({ port: proxy.port }));
    await received(tail, 2);
    proxy.swallow();
    tail.settle([1], 'acked');
    proxy.cut();
    await received(tail, 4);
    assert.deepEqual(tail.notices, [{ kind: 'acksUnconfirmed' }]);
  });

  it('stays paused over a cut', async () => {
    const proxy = await on.core.proxy();
    await on.fill(2);
    const tail = await on.started({}, await on.core.connected({ port: proxy.port }));
    await received(tail, 2);
    await tail.pause();
    const kinds: string[] = [];
    tail.onDidChangeStatus((status) => kinds.push(status.kind));
    proxy.cut();
    await waitFor(() => kinds.length === 2, { describe: () => `two changes, not ${kinds.join()}` });
    assert.deepEqual(kinds, ['interrupted', 'paused']);
    assert.deepEqual(await on.admin.check(on.queue), { ready: 2, consumers: 0 });
    await tail.resume();
    await received(tail, 4);
  });

  it('ends with its queue also when that is deleted after a cut while it is paused', async () => {
    const proxy = await on.core.proxy();
    await on.fill(1);
    const tail = tailOf(await on.core.connected({ port: proxy.port }), on.queue, {}, hurried);
    await tail.start();
    await received(tail, 1);
    await tail.pause();
    const kinds: string[] = [];
    tail.onDidChangeStatus((status) => kinds.push(status.kind));
    proxy.cut();
    await waitFor(() => kinds.at(-1) === 'paused', { describe: 'paused again' });
    await on.admin.delete(on.queue);
    await waitFor(() => tail.status.kind === 'ended', { describe: 'ended' });
    assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'queueNotFound');
  });

  it('never settles a new message by the handle of an old one', async () => {
    const proxy = await on.core.proxy();
    await on.fill(1);
    const tail = await on.started({ prefetch: 1 }, await on.core.connected({ port: proxy.port }));
    await received(tail, 1);
    const thief = await on.core.connected();
    proxy.cut();
    await waitFor(() => tail.status.kind === 'interrupted', { describe: 'interrupted' });
    // Another client takes message 1, so that the tail's delivery tag 1 is now message 2.
    await waitFor(
      async () => {
        const channel = await thief.openChannel();
        return channel.call('get', {}, (raw) => raw.get(on.queue));
      },
      { describe: 'the thief has message 1' },
    );
    await on.fill(1, 2);
    await received(tail, 2);
    assert.deepEqual(textsOf(tail), ['1', '2']);
    assert.equal(tail.settle([1], 'acked'), 0);
    assert.equal(tail.settleUpTo(1, 'acked'), 0);
    await on.counts(0, 2);
    assert.deepEqual(tail.heldNumbers(), [2]);
  });

  it('stops within seconds towards a broker that went silent', async function () {
    this.timeout(30_000);
    const proxy = await on.core.proxy();
    await on.fill(3);
    const silent = await on.core.connected({ port: proxy.port });
    const tail = await on.started({}, silent);
    await received(tail, 3);
    proxy.swallow();
    const stopping = tail.stop();
    assert.equal(tail.status.kind, 'stopping');
    await silent.close();
    await stopping;
    proxy.cut();
    await on.counts(3, 0);
  });

  it('stops for good at a header that cannot be decoded, instead of meeting it again and again', async () => {
    await publishPoison(on.vhost.amqpUrl, on.queue);
    const tail = tailOf(on.connection, on.queue);
    await tail.start().catch(() => undefined);
    await waitFor(() => tail.status.kind === 'ended', { describe: 'ended' });
    assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'undecodableHeader');
    assert.equal(on.connection.state.kind, 'failed');
    await on.counts(1, 0);
  });
});
