import assert from 'node:assert/strict';
import type { Matcher } from '../../../src/ui/panel/matcher.ts';
import { RowSource } from '../../../src/ui/panel/rowSource.ts';
import { FakeTail } from './fakeTail.ts';

const never = (): boolean => false;
const always = (): boolean => true;

/** Lets through every tenth. */
const tenth: Matcher = {
  matchEach: (messages) => messages.map(({ number }) => number % 10 === 0),
  problem: undefined,
};

function source(fake: FakeTail, matcher?: Matcher, clearedBelow = 1): RowSource {
  return new RowSource(fake.tail, matcher, clearedBelow, fake.heldNumbers());
}

function numbersOf(rows: RowSource): (number | undefined)[] {
  return Array.from({ length: rows.high - rows.low }, (_, index) => rows.at(rows.low + index));
}

describe('the rows of a tail', () => {
  it('are all messages that are kept, each in one place as long as it is kept', () => {
    const fake = new FakeTail(100);
    fake.receive(60);
    const rows = source(fake);
    const place = rows.placeOf(60) ?? NaN;
    fake.receive(60);
    rows.trim();
    assert.deepEqual(
      numbersOf(rows),
      Array.from({ length: 100 }, (_, i) => i + 21),
    );
    assert.equal(rows.placeOf(60), place);
    assert.equal(rows.placeOf(20), undefined);
    assert.equal(rows.at(rows.high), undefined);
  });

  it('keep every held message, before those in the buffer, until it is settled', () => {
    const fake = new FakeTail(100);
    fake.receive(3, true);
    const rows = source(fake);
    fake.receive(500);
    rows.trim();
    assert.deepEqual(numbersOf(rows).slice(0, 5), [1, 2, 3, 404, 405]);
    assert.deepEqual([rows.aside, rows.high - rows.low, rows.kept], [3, 103, 103]);
    assert.equal(rows.at(rows.placeOf(2) ?? NaN), 2);
    fake.settle([2], 'acked');
    fake.receive(1);
    rows.trim();
    assert.deepEqual(numbersOf(rows).slice(0, 3), [1, 3, 405]);
    assert.ok(fake.buffer.get(1));
  });

  it('keep what is held when they are cleared, and nothing else', () => {
    const fake = new FakeTail();
    fake.receive(5);
    fake.receive(2, true);
    const rows = source(fake, undefined, fake.buffer.lastNumber + 1);
    assert.deepEqual(numbersOf(rows), [6, 7]);
    fake.receive(2);
    rows.trim();
    assert.deepEqual(numbersOf(rows), [6, 7, 8, 9]);
    assert.equal(rows.kept, 4);
  });

  it('of a filter are there from the newest on, and the older ones come before them', () => {
    const fake = new FakeTail(1_000);
    fake.receive(200);
    const rows = source(fake, tenth);
    rows.filterOn(always);
    assert.deepEqual(numbersOf(rows), [170, 180, 190, 200]);
    const place = rows.placeOf(200);
    const progress = rows.progress ?? NaN;
    assert.ok(progress > 0 && progress < 0.5, String(progress));
    fake.receive(40);
    rows.filterOn(never);
    assert.equal(rows.progress, undefined);
    assert.deepEqual(
      numbersOf(rows),
      Array.from({ length: 24 }, (_, i) => (i + 1) * 10),
    );
    assert.equal(rows.placeOf(200), place);
    assert.deepEqual([rows.high - rows.low, rows.kept], [24, 240]);
  });

  it('of a filter leave with their messages, but for those that are held', () => {
    const fake = new FakeTail(100);
    fake.receive(30, true);
    const rows = source(fake, tenth);
    rows.filterOn(never);
    for (let round = 0; round < 20; round++) {
      fake.receive(20);
      rows.filterOn(never);
      rows.trim();
    }
    assert.deepEqual(numbersOf(rows), [10, 20, 30, ...Array.from({ length: 10 }, (_, i) => 340 + i * 10)]);
    assert.equal(rows.aside, 3);
    fake.settle([20], 'acked');
    fake.receive(10);
    rows.filterOn(never);
    rows.trim();
    assert.deepEqual(numbersOf(rows).slice(0, 3), [10, 30, 350]);
  });

  it('of a filter that falls behind what comes are found in what is still kept', () => {
    const fake = new FakeTail(100);
    fake.receive(100);
    const rows = source(fake, tenth);
    fake.receive(1_000);
    rows.trim();
    rows.filterOn(never);
    assert.deepEqual(
      numbersOf(rows),
      Array.from({ length: 10 }, (_, i) => 1_010 + i * 10),
    );
    assert.equal(rows.progress, undefined);
  });

  it('are selected by number, those alone that the filter lets through', () => {
    const fake = new FakeTail();
    fake.receive(100);
    const rows = source(fake, tenth);
    rows.filterOn(never);
    const intervals = [
      [5, 31],
      [90, 1_000],
    ] as const;
    assert.deepEqual([...rows.among(intervals)], [10, 20, 30, 90, 100]);
    assert.equal(rows.count(intervals), 5);
    assert.equal(source(fake).count(intervals), 27 + 11);
  });
});
