import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { RingBuffer } from '../../../src/common/ringBuffer.ts';

const itself = (n: number): number => n;

describe('a ring buffer', () => {
  it('keeps the newest within a count, and hands over what it drops, oldest first', () => {
    const ring = new RingBuffer<number>({ count: 2, weight: 100 }, itself);
    const dropped: number[] = [];
    for (const n of [1, 2, 3, 4]) ring.push(n, (item) => dropped.push(item));
    assert.deepEqual([...ring], [3, 4]);
    assert.deepEqual(dropped, [1, 2]);
  });

  it('keeps the newest within a weight', () => {
    const ring = new RingBuffer<number>({ count: 100, weight: 10 }, itself);
    for (const n of [6, 4, 5]) ring.push(n);
    assert.deepEqual([...ring], [4, 5]);
    assert.equal(ring.weight, 9);
  });

  it('keeps the newest even if that alone is over the limit', () => {
    const ring = new RingBuffer<number>({ count: 1, weight: 10 }, itself);
    ring.push(5);
    ring.push(99);
    assert.deepEqual([...ring], [99]);
    assert.equal(ring.weight, 99);
  });

  it('has nothing at an index outside of it', () => {
    const ring = new RingBuffer<number>({ count: 3, weight: 100 }, itself);
    assert.equal(ring.at(0), undefined);
    ring.push(7);
    assert.equal(ring.at(0), 7);
    assert.equal(ring.at(1), undefined);
    assert.equal(ring.at(-1), undefined);
  });

  it('is the end of all that was pushed, whatever that was', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 400 }), fc.integer({ min: 1, max: 90 }), (items, count) => {
        const ring = new RingBuffer<number>({ count, weight: 200 }, itself);
        let expected: number[] = [];
        for (const item of items) {
          ring.push(item);
          expected = [...expected, item].slice(-count);
          while (expected.length > 1 && expected.reduce((a, b) => a + b, 0) > 200) expected.shift();
          assert.equal(ring.size, expected.length);
          assert.equal(ring.at(ring.size - 1), item);
        }
        assert.deepEqual([...ring], expected);
        assert.deepEqual(
          expected.map((_item, i) => ring.at(i)),
          expected,
        );
        assert.equal(
          ring.weight,
          expected.reduce((a, b) => a + b, 0),
        );
      }),
      { seed: 20263 },
    );
  });
});
