import assert from 'node:assert/strict';
import { waitFor } from '../../support/waitFor.ts';
import { onEachBroker } from './scene.ts';
import { offsetsBy, offsetsOf, range, reading, readUpTo, streamOf } from './streams.ts';

onEachBroker('a stream with filter values', (on) => {
  it('gives only what was published with the one asked for, followed and in pages', async function () {
    // Before RabbitMQ 3.13 there are none, and Warren does not offer them.
    if (on.major < 4) this.skip();
    const queue = await streamOf(on, 0);
    // Two values in each chunk: the broker itself tells only chunks apart.
    for (const value of ['a', 'b', 'a', 'c']) {
      await on.fill(queue, 20, { headers: { 'x-stream-filter-value': value } });
      await on.fill(queue, 1, { headers: { 'x-stream-filter-value': 'b' } });
    }
    const followed = await reading(on.session, queue, { filter: 'a' });
    await waitFor(() => followed.tail.buffer.lastNumber >= 40, { describe: 'all of a' });
    assert.deepEqual(offsetsOf(followed.tail), [...range(0, 19), ...range(42, 61)]);
    const { tail, said } = await reading(on.session, queue, { filter: 'b', reading: 'page' });
    assert.deepEqual(offsetsOf(tail), range(20, 29));
    assert.equal(said.at(-1), 'Offsets 0–29 of 0–83 · 10 messages · the beginning');
    await tail.showPage('next');
    assert.deepEqual(offsetsOf(tail, 11), range(30, 41));
  });
});

onEachBroker('a stream in pages', (on) => {
  it('goes forth and back over the borders of chunks', async () => {
    const queue = await streamOf(on, 200);
    const read = await reading(on.session, queue, { reading: 'page' });
    const { tail } = read;
    assert.deepEqual(offsetsOf(tail), range(0, 29));
    const pages = [
      ['next', 30, 59],
      ['next', 60, 89],
      ['previous', 30, 59],
      ['previous', 0, 29],
      ['last', 170, 199],
      ['previous', 140, 169],
      [42, 42, 71],
      ['previous', 12, 41],
      ['previous', 0, 11],
      ['next', 12, 41],
      ['first', 0, 29],
    ] as const;
    for (const [request, from, to] of pages) {
      assert.deepEqual(await offsetsBy(read, () => tail.showPage(request)), range(from, to), String(request));
      assert.equal(tail.status.kind, 'paused');
      assert.deepEqual(tail.place, { from, next: to + 1 });
    }
    assert.deepEqual(read.said.slice(0, 2), ['Offsets 0–29 of 0–199 · the beginning', 'Offsets 30–59 of 0–199']);
    assert.equal(read.said[5], 'Offsets 170–199 of 0–199 · the end so far');
  });

  it('says when there is nothing further, and goes on when there is', async () => {
    const queue = await streamOf(on, 40);
    const read = await reading(on.session, queue, { reading: 'page', start: { kind: 'last' } });
    assert.deepEqual(await offsetsBy(read, () => read.tail.showPage('next')), []);
    assert.equal(read.said.at(-1), 'This is the end so far: the stream has nothing after offset 39 yet');
    await read.tail.showPage('first');
    assert.deepEqual(await offsetsBy(read, () => read.tail.showPage('previous')), []);
    assert.equal(read.said.at(-1), 'This is the beginning: the stream has nothing before offset 0');
    await read.tail.showPage('next');
    await on.fill(queue, 5, {}, 41);
    assert.deepEqual(await offsetsBy(read, () => read.tail.showPage('next')), range(40, 44));
    assert.deepEqual(await offsetsBy(read, () => read.tail.showPage(1_000_000)), []);
    assert.equal(read.said.at(-1), 'This is the end so far: the stream has nothing after offset 44 yet');
  });

  it('reads one page for each click, however quick', async () => {
    const queue = await streamOf(on, 100);
    const read = await reading(on.session, queue, { reading: 'page', pageSize: 10 });
    await Promise.all([read.tail.showPage('next'), read.tail.showPage('next'), read.tail.showPage('previous')]);
    assert.deepEqual(offsetsOf(read.tail), [...range(0, 29), ...range(10, 19)]);
  });

  it('is followed from its end, and leaves that for a page again', async () => {
    const queue = await streamOf(on, 100);
    const read = await reading(on.session, queue, { reading: 'page' });
    await read.tail.resume();
    await readUpTo(read, 100);
    assert.equal(read.tail.status.kind, 'running');
    assert.deepEqual(offsetsOf(read.tail), range(0, 99));
    assert.deepEqual(await offsetsBy(read, () => read.tail.showPage('previous')), range(0, 29));
    await on.fill(queue, 1, {}, 101);
    assert.deepEqual(await offsetsBy(read, () => read.tail.showPage('last')), range(71, 100));
  });

  it('can have one message, or more than come at once', async () => {
    const queue = await streamOf(on, 1_300);
    const one = await reading(on.session, queue, { reading: 'page', pageSize: 1 });
    await one.tail.showPage('next');
    assert.deepEqual(offsetsOf(one.tail), [0, 1]);
    const all = await reading(on.session, queue, { reading: 'page', pageSize: 10_000 });
    assert.deepEqual(offsetsOf(all.tail), range(0, 1_299));
    assert.deepEqual(all.said, ['Offsets 0–1,299 of 0–1,299 · the beginning and the end so far']);
  });
});
