import assert from 'node:assert/strict';
import { connect } from '../../support/amqplib.ts';
import type { StreamStart } from '../../../src/broker/consume/stream/streamStart.ts';
import { codeOf } from '../support/core.ts';
import { waitFor } from '../../support/waitFor.ts';
import { onEachBroker, textsOf } from './scene.ts';
import {
  contentOf,
  nextSecond,
  offsetsBy,
  offsetsOf,
  range,
  readerOf,
  reading,
  readUpTo,
  streamOf,
  truncatedStream,
} from './streams.ts';

onEachBroker('a stream that is read', (on) => {
  it('gives all from the first message on and what comes, and is the same afterwards', async () => {
    const queue = await streamOf(on, 120);
    const before = await contentOf(on, queue);
    assert.equal(before.length, 120);
    const read = await reading(on.session, queue);
    await readUpTo(read, 120);
    await on.fill(queue, 30, {}, 121);
    await readUpTo(read, 150);
    assert.deepEqual(offsetsOf(read.tail), range(0, 149));
    assert.deepEqual([read.tail.heldCount, read.tail.settle(), read.tail.settleUpTo()], [0, 0, 0]);
    await read.tail.stop();
    assert.deepEqual(read.tail.status, { kind: 'ended', returned: 0 });
    const after = await contentOf(on, queue);
    assert.deepEqual(after.slice(0, 120), before);
    assert.ok(after.every(([, , redelivered]) => !redelivered));
  });

  it('takes thousands in order, and keeps as many as it may', async () => {
    const queue = await streamOf(on, 0);
    await on.fill(queue, 6_000);
    const read = await reading(on.session, queue, { buffer: { messages: 100, bytes: 1e9 } });
    await readUpTo(read, 6_000);
    const { buffer } = read.tail;
    assert.deepEqual([buffer.firstNumber, buffer.lastNumber], [5_901, 6_000]);
    assert.deepEqual(offsetsOf(read.tail, 5_901), range(5_900, 5_999));
    assert.deepEqual(read.tail.ends, { first: 0, last: 5_999 });
  });

  const starts: readonly (readonly [string, StreamStart, number])[] = [
    ['the newest messages', { kind: 'last' }, 90],
    ['the next message', { kind: 'next' }, 120],
    ['an offset within a chunk', { kind: 'offset', offset: 77 }, 77],
    ['an age', { kind: 'age', age: '1h' }, 0],
    ['a time', { kind: 'time', seconds: Math.floor(Date.now() / 1_000) - 3_600 }, 0],
  ];
  for (const [name, start, first] of starts) {
    it(`can be followed from ${name}`, async () => {
      const queue = await streamOf(on, 120);
      const read = await reading(on.session, queue, { start });
      await on.fill(queue, 5, {}, 121);
      await readUpTo(read, 125);
      assert.deepEqual(offsetsOf(read.tail), range(first, 124));
    });
  }

  it('begins at a time with what was written since, and with nothing when nothing was', async () => {
    const queue = await streamOf(on, 60);
    const seconds = await nextSecond();
    const late = await reading(on.session, queue, { start: { kind: 'time', seconds }, reading: 'page' });
    assert.deepEqual(late.said, ['This is the end so far: the stream has nothing after offset 59 yet']);
    await on.fill(queue, 40, {}, 61);
    const read = await reading(on.session, queue, { start: { kind: 'time', seconds }, reading: 'page' });
    assert.deepEqual(offsetsOf(read.tail), range(60, 89));
    assert.deepEqual(read.said, ['Offsets 60–89 of 0–99']);
    // What it could not find it goes on with.
    await late.tail.showPage('next');
    assert.deepEqual(offsetsOf(late.tail), range(60, 89));
  });

  it('has no message of an age that all are older than', async () => {
    const queue = await streamOf(on, 10);
    await nextSecond();
    await nextSecond();
    const read = await reading(on.session, queue, { start: { kind: 'age', age: '1s' } });
    await on.fill(queue, 2, {}, 11);
    await readUpTo(read, 12);
    assert.deepEqual(offsetsOf(read.tail), [10, 11]);
  });

  it('is waited for where it does not reach yet, and nothing before is shown', async () => {
    const queue = await streamOf(on, 10);
    const read = await reading(on.session, queue, { start: { kind: 'offset', offset: 15 } });
    assert.equal(read.said.at(-1), 'Offset 15 is still to come: the stream ends at 9. Waiting for it');
    await on.fill(queue, 10, {}, 11);
    await readUpTo(read, 20);
    assert.deepEqual(offsetsOf(read.tail), range(15, 19));
  });

  it('is empty, says so, and gives what comes', async () => {
    const queue = await streamOf(on, 0);
    const read = await reading(on.session, queue, { reading: 'page' });
    await read.tail.showPage('previous');
    await read.tail.showPage(5);
    assert.deepEqual(read.said, ['The stream is empty', 'The stream is empty', 'The stream is empty']);
    await on.fill(queue, 3);
    assert.deepEqual(await offsetsBy(read, () => read.tail.showPage('next')), [0, 1, 2]);
    const followed = await reading(on.session, await streamOf(on, 0), { start: { kind: 'next' } });
    assert.deepEqual(followed.said, ['Following from offset 0 · the stream is empty']);
  });

  it('tells offsets as the broker does, whatever a publisher has written into their header', async () => {
    const queue = await streamOf(on, 0);
    await on.fill(queue, 3, { headers: { 'x-stream-offset': 999 } });
    const read = await reading(on.session, queue);
    await readUpTo(read, 3);
    assert.deepEqual(offsetsOf(read.tail), [0, 1, 2]);
  });

  it('is read on without a gap or a duplicate after a pause', async () => {
    const queue = await streamOf(on, 20);
    const read = await reading(on.session, queue);
    await readUpTo(read, 20);
    for (let turn = 0; turn < 5; turn++) {
      const filling = on.fill(queue, 100, {}, 21 + turn * 100);
      await read.tail.pause();
      assert.equal(read.tail.status.kind, 'paused');
      await read.tail.resume();
      await filling;
    }
    await readUpTo(read, 520);
    assert.deepEqual(offsetsOf(read.tail), range(0, 519));
  });

  it('begins where retention has left it, and says what is gone', async () => {
    const queue = await truncatedStream(on);
    const first = (await contentOf(on, queue))[0]?.[0] ?? 0;
    assert.ok(first > 0);
    const read = await reading(on.session, queue, { start: { kind: 'offset', offset: 0 }, reading: 'page' });
    assert.equal(offsetsOf(read.tail)[0], first);
    assert.match(read.said[0] ?? '', /^Retention has removed offsets? 0–\d+: [\d,]+ messages can no longer be read$/);
    assert.deepEqual(read.notices[0], { kind: 'removed', range: { from: 0, to: first - 1 } });
    assert.deepEqual(await offsetsBy(read, () => read.tail.showPage('previous')), []);
    assert.match(read.said.at(-1) ?? '', /the stream has nothing before offset \d+$/);
  });
});

onEachBroker('what a stream answers by ending the connection', (on) => {
  const traps: readonly (readonly [string, StreamStart])[] = [
    ['a text that is no age', { kind: 'age', age: 'yesterday' }],
    ['an age without a unit', { kind: 'age', age: '7' }],
    ['an age in a unit of its own', { kind: 'age', age: '7d' }],
    ['a fraction of an offset', { kind: 'offset', offset: 1.5 }],
    ['an offset before the first', { kind: 'offset', offset: -1 }],
    ['an offset that cannot be sent exactly', { kind: 'offset', offset: 2 ** 53 }],
    ['a time that is none', { kind: 'time', seconds: Number.NaN }],
  ];

  it('does so to others', async () => {
    const queue = await streamOf(on, 1);
    for (const args of [{ 'x-stream-offset': 'yesterday' }, { 'x-stream-offset': 1.5 }]) {
      const model = await connect(on.vhost.amqpUrl);
      const ended = new Promise<Error>((resolve) => model.once('error', resolve));
      const channel = await model.createChannel();
      channel.on('error', () => undefined);
      await channel.prefetch(1);
      await assert.rejects(channel.consume(queue, () => undefined, { arguments: args }));
      assert.match((await ended).message, /541/);
    }
  });

  it('is refused before the broker sees it, and other tails of the stream go on', async () => {
    const queue = await streamOf(on, 10);
    const other = await reading(on.session, queue);
    for (const [name, start] of traps) {
      const read = readerOf(on.session, queue, { start });
      assert.equal(await codeOf(read.tail.start()), 'invalidInput', name);
      assert.equal(read.tail.status.kind === 'ended' && read.tail.status.error?.code, 'invalidInput', name);
    }
    await on.fill(queue, 5, {}, 11);
    await readUpTo(other, 15);
    assert.equal(other.tail.status.kind, 'running');
  });

  it('takes nothing off a queue that is no stream: that is refused', async () => {
    for (const args of [{}, { 'x-queue-type': 'quorum' }]) {
      const queue = await on.filled(2, args);
      const read = readerOf(on.session, queue);
      assert.equal(await codeOf(read.tail.start()), 'notAStream');
      const all = await on.takeAll(queue);
      assert.deepEqual(textsOf(all), ['1', '2']);
      assert.ok(all.every(({ redelivered }) => !redelivered));
    }
  });

  it('is not what stopping does, with messages under way', async () => {
    const queue = await streamOf(on, 300);
    const other = await reading(on.session, queue, { start: { kind: 'next' } });
    for (let turn = 0; turn < 5; turn++) {
      const read = readerOf(on.session, queue);
      const starting = read.tail.start();
      await waitFor(() => read.tail.buffer.lastNumber > 0, { describe: 'some messages' });
      await read.tail.stop();
      await starting;
      assert.deepEqual(read.tail.status, { kind: 'ended', returned: 0 });
    }
    assert.equal(other.tail.status.kind, 'running');
    assert.equal((await contentOf(on, queue)).length, 300);
  });
});
