import assert from 'node:assert/strict';
import { publishOldLong } from '../../support/poison.ts';
import { TcpProxy } from '../../support/tcpProxy.ts';
import { waitFor } from '../../support/waitFor.ts';
import { codeOf } from '../support/core.ts';
import { onEachBroker } from './scene.ts';
import {
  contentOf,
  offsetsOf,
  overrun,
  range,
  reading,
  readUpTo,
  streamOf,
  truncatedStream,
  type ReadStream,
} from './streams.ts';

async function comesTo({ tail }: ReadStream, kind: ReadStream['tail']['status']['kind']): Promise<void> {
  await waitFor(() => tail.status.kind === kind, { describe: () => `${kind}, not ${tail.status.kind}` });
}

onEachBroker('a stream whose connection is lost', (on) => {
  let proxy: TcpProxy;
  beforeEach(async () => {
    proxy = await TcpProxy.to(on.vhost.amqpPort);
  });
  afterEach(() => proxy.dispose());

  it('is followed on where it was: nothing is missed, nothing comes twice', async () => {
    const queue = await streamOf(on, 50);
    const session = await on.connected({ port: proxy.port });
    const read = await reading(session, queue);
    await readUpTo(read, 50);
    for (let turn = 0; turn < 3; turn++) {
      const filling = on.fill(queue, 400, {}, 51 + turn * 400);
      proxy.cutAfter(3_000);
      await comesTo(read, 'interrupted');
      await filling;
      session.retry();
      await readUpTo(read, 450 + turn * 400);
    }
    assert.deepEqual(offsetsOf(read.tail), range(0, 1_249));
    const again = read.said.filter((text) => text.startsWith('Connected again; goes on at offset '));
    assert.equal(again.length, 3);
  });

  it('is followed from the message after the loss where none had come before it', async () => {
    const queue = await streamOf(on, 20);
    const session = await on.connected({ port: proxy.port });
    const next = await reading(session, queue, { start: { kind: 'next' } });
    const young = await reading(session, queue, { start: { kind: 'time', seconds: Math.floor(Date.now() / 1_000) } });
    proxy.refuse(true);
    proxy.cut();
    await comesTo(next, 'interrupted');
    await on.fill(queue, 5, {}, 21);
    proxy.refuse(false);
    session.retry();
    await readUpTo(next, 25);
    await readUpTo(young, 25);
    assert.deepEqual(offsetsOf(next.tail), range(20, 24));
    assert.deepEqual(offsetsOf(young.tail).slice(-5), range(20, 24));
  });

  it('has its page whole afterwards, each message once', async () => {
    const queue = await streamOf(on, 200);
    const session = await on.connected({ port: proxy.port });
    const read = await reading(session, queue, { reading: 'page', pageSize: 150 });
    const loading = read.tail.showPage('last');
    // Some of the page comes through.
    await waitFor(() => read.tail.buffer.lastNumber >= 150, { describe: 'the first page' });
    proxy.cutAfter(20_000);
    await loading;
    session.retry();
    await comesTo(read, 'paused');
    await waitFor(() => read.tail.buffer.lastNumber >= 300, {
      describe: () => `${read.tail.buffer.lastNumber} of 300`,
    });
    assert.deepEqual(offsetsOf(read.tail, 151), range(50, 199));
    await waitFor(() => read.said.at(-1) === 'Offsets 50–199 of 0–199 · the end so far', {
      describe: () => read.said.join('\n'),
    });
  });

  it('says what retention has removed meanwhile, and how many', async () => {
    const queue = await truncatedStream(on);
    const session = await on.connected({ port: proxy.port });
    const read = await reading(session, queue, { start: { kind: 'last' } });
    await waitFor(async () => (await contentOf(on, queue)).at(-1)?.[0] === (read.tail.place?.next ?? 0) - 1, {
      describe: 'all of it',
    });
    const next = read.tail.place?.next ?? 0;
    const before = read.tail.buffer.lastNumber;
    proxy.refuse(true);
    proxy.cut();
    await comesTo(read, 'interrupted');
    await overrun(on, queue);
    await waitFor(async () => ((await contentOf(on, queue))[0]?.[0] ?? 0) > next, { describe: 'more gone than read' });
    const left = (await contentOf(on, queue)).map(([offset]) => offset);
    proxy.refuse(false);
    session.retry();
    await readUpTo(read, (left.at(-1) ?? 0) + 1);
    assert.deepEqual(offsetsOf(read.tail, before + 1), left);
    const removed = { kind: 'removed', range: { from: next, to: (left[0] ?? 0) - 1 } };
    assert.deepEqual(read.notices.filter(({ kind }) => kind === 'removed').at(-1), removed);
  });

  it('stays paused where it was paused, and pages on', async () => {
    const queue = await streamOf(on, 100);
    const session = await on.connected({ port: proxy.port });
    const read = await reading(session, queue, { reading: 'page' });
    proxy.cut();
    await comesTo(read, 'interrupted');
    await read.tail.showPage('next');
    assert.equal(read.tail.buffer.lastNumber, 30);
    session.retry();
    await comesTo(read, 'paused');
    await read.tail.showPage('next');
    assert.deepEqual(offsetsOf(read.tail), range(0, 59));
  });

  it('is read on a connection of its own, which goes with the tail', async () => {
    const queue = await streamOf(on, 10);
    const session = await on.connected({ port: proxy.port });
    const before = proxy.connections;
    const one = await reading(session, queue);
    const two = await reading(session, queue, { reading: 'page' });
    assert.equal(proxy.connections, before + 2);
    await one.tail.stop();
    await waitFor(() => proxy.connections === before + 1, { describe: 'one of them gone' });
    assert.deepEqual(session.tails, [two.tail]);
    await session.close();
    assert.equal(two.tail.status.kind, 'ended');
    await waitFor(() => proxy.connections === 0, { describe: 'all of them gone' });
  });
});

onEachBroker('a stream that comes to harm', (on) => {
  it('is read on past a header of a type that amqplib does not know', async () => {
    const queue = await streamOf(on, 20);
    await publishOldLong(on.vhost.amqpUrl, queue);
    await on.fill(queue, 5, {}, 21);
    const read = await reading(on.session, queue);
    await readUpTo(read, 26);
    assert.deepEqual(offsetsOf(read.tail), range(0, 25));
    assert.equal(read.tail.buffer.get(21)?.properties.headers?.['n'], -(2 ** 40));
  });

  it('ends its tails when it is deleted, and a page of it fails', async () => {
    const queue = await streamOf(on, 40);
    const followed = await reading(on.session, queue);
    const paged = await reading(on.session, queue, { reading: 'page' });
    const channel = await on.channel();
    await channel.deleteQueue(queue);
    await waitFor(() => followed.tail.status.kind === 'ended', { describe: 'ended' });
    assert.equal(followed.tail.status.kind === 'ended' && followed.tail.status.error?.code, 'queueNotFound');
    assert.equal(await codeOf(paged.tail.showPage('next')), 'queueNotFound');
    assert.equal(paged.tail.status.kind, 'ended');
  });
});
