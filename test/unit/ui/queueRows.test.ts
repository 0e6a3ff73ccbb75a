import assert from 'node:assert/strict';
import type { QueueEntry } from '../../../src/broker/queueList.ts';
import type { Session } from '../../../src/broker/session.ts';
import { QueueRows } from '../../../src/ui/explorer/queueRows.ts';
import { SortedNames } from '../../../src/ui/picks/sortedNames.ts';

const entry = (name: string): QueueEntry => ({
  name,
  info: undefined,
  ready: 0,
  unacknowledged: 0,
  consumers: 0,
  missing: false,
});

function rowsOver(entries: ReadonlyMap<string, QueueEntry>): QueueRows {
  const queues = { entries: () => [...entries.values()], get: (name: string) => entries.get(name) };
  return new QueueRows({ queues } as unknown as Session);
}

const rowsOf = (...names: string[]): QueueRows => rowsOver(new Map(names.map((name) => [name, entry(name)])));

const shownBy = (rows: QueueRows): string[] => rows.read().shown.map(({ name }) => name);

describe('the rows of a connection', () => {
  it('are sorted as people count', () => {
    assert.deepEqual(shownBy(rowsOf('task10', 'Task2', 'apple')), ['apple', 'Task2', 'task10']);
  });

  it('are those whose name has the filter in it, whatever its case', () => {
    const rows = rowsOf('orders', 'Orders.dlq', 'hello');
    rows.filter = 'ORD';
    assert.deepEqual(shownBy(rows), ['orders', 'Orders.dlq']);
    assert.deepEqual({ ...rows.read(), shown: [] }, { shown: [], matching: 2, total: 3 });
  });

  it('come 500 at a time, the first 100 of them at once, and say how many there are', () => {
    const rows = rowsOf(...Array.from({ length: 1200 }, (_, i) => `q${i}`));
    assert.equal(shownBy(rows).length, 100);
    assert.deepEqual([rows.completePage(), rows.completePage()], [true, false]);
    assert.equal(shownBy(rows).length, 500);
    assert.equal(rows.read().matching, 1200);
    rows.showMore();
    assert.equal(shownBy(rows).length, 1000);
    rows.filter = 'q1';
    assert.equal(shownBy(rows).length, 311);
  });

  it('follow the list when a name is replaced by another', () => {
    const entries = new Map<string, QueueEntry>();
    const rows = rowsOver(entries);
    entries.set('b', entry('b'));
    assert.deepEqual(shownBy(rows), ['b']);
    entries.delete('b');
    entries.set('a', entry('a'));
    assert.deepEqual(shownBy(rows), ['a']);
  });
});

describe('the queues that are offered in a pick', () => {
  it('are in the order of the tree, also when a name is replaced by another', () => {
    const entries = new Map(['task10', 'Task2', 'apple'].map((name) => [name, entry(name)]));
    const queues = { entries: () => [...entries.values()], get: (name: string) => entries.get(name) };
    const sorted = new SortedNames({ queues });
    const names = (): string[] => sorted.entries().map(({ name }) => name);
    assert.deepEqual(names(), ['apple', 'Task2', 'task10']);
    entries.delete('apple');
    entries.set('zebra', entry('zebra'));
    assert.deepEqual(names(), ['Task2', 'task10', 'zebra']);
  });
});
