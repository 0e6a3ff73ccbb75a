import assert from 'node:assert/strict';
import type { Row, ViewPush } from '../../../src/protocol/messages.ts';
import { columnTracks, parseLayout, plainLayout, shownColumns } from '../../../src/webview/grid/columns.ts';
import {
  contentHeight,
  firstRowAt,
  rowHeight,
  scrollTopAt,
  scrollTopToShow,
} from '../../../src/webview/grid/geometry.ts';
import { RowCache } from '../../../src/webview/rowCache.ts';
import { afterFilter, noSelection, select, selectAll } from '../../../src/webview/selection.ts';

describe('the window of rows that is drawn', () => {
  it('is found by the scroll position, and the other way round', () => {
    const extent = { count: 100_000, viewport: 440 };
    assert.equal(contentHeight(extent), 100_000 * rowHeight);
    assert.equal(firstRowAt(scrollTopAt(1_234.5, extent), extent), 1_234.5);
    assert.equal(scrollTopAt(1e9, extent), contentHeight(extent) - 440);
  });

  it('reaches the first and the last of more rows than an element has pixels for', () => {
    const extent = { count: 5_000_000, viewport: 440 };
    assert.ok(contentHeight(extent) < 17_000_000);
    assert.equal(firstRowAt(0, extent), 0);
    const end = firstRowAt(contentHeight(extent) - extent.viewport, extent);
    assert.ok(Math.abs(end + 20 - extent.count) < 0.001, String(end));
    for (const row of [0, 1, 777_777, 4_999_000]) {
      assert.ok(Math.abs(firstRowAt(scrollTopAt(row, extent), extent) - row) < 0.001);
    }
  });

  it('moves no further than it takes to show a row', () => {
    const extent = { count: 1_000, viewport: 10 * rowHeight };
    const at = 100 * rowHeight;
    assert.equal(scrollTopToShow(105, at, extent), at);
    assert.equal(scrollTopToShow(99, at, extent), 99 * rowHeight);
    assert.equal(scrollTopToShow(110, at, extent), 101 * rowHeight);
  });
});

describe('the selection', () => {
  it('is one message, several, or all from one to another', () => {
    const one = select(noSelection, 5, 'only');
    assert.deepEqual(one.intervals, [[5, 5]]);
    const two = select(one, 9, 'toggle');
    assert.deepEqual(two.intervals, [
      [5, 5],
      [9, 9],
    ]);
    assert.deepEqual(select(two, 5, 'toggle').intervals, [[9, 9]]);
    const range = select(two, 12, 'extend');
    assert.deepEqual([range.intervals, range.focus, range.anchor], [[[9, 12]], 12, 9]);
    assert.deepEqual(select(range, 7, 'extend').intervals, [[7, 9]]);
    assert.deepEqual(selectAll(range, 40).intervals, [[1, 40]]);
  });

  it('stays after a change of the filter only if it is a single message: others would come in unseen', () => {
    assert.deepEqual(afterFilter(select(noSelection, 5, 'only')).intervals, [[5, 5]]);
    assert.deepEqual(afterFilter(selectAll(noSelection, 40)), noSelection);
  });
});

describe('the layout of columns', () => {
  it('is read as far as it can be, and at least one column is shown', () => {
    assert.deepEqual(parseLayout('no JSON'), plainLayout);
    const layout = parseLayout('{"widths":{"time":1,"key":300,"no":3},"hidden":["flags","no"],"split":7}');
    assert.deepEqual(layout, { widths: { time: 40, key: 300 }, hidden: ['flags'], split: 0.85 });
    assert.equal(parseLayout(JSON.stringify(layout)).widths.key, 300);
    const all = shownColumns(plainLayout, 'hold').map(({ id }) => id);
    assert.equal(shownColumns({ ...plainLayout, hidden: all }, 'hold').length, 1);
    const narrower = { ...layout, hidden: ['preview' as const] };
    assert.match(columnTracks(narrower, shownColumns(narrower, 'hold')), /^60px 100px 40px .*minmax\(100px, 1fr\)$/);
  });

  it('has the state where the narrowest table shows it, and nowhere for a tail whose messages have none', () => {
    for (const mode of ['hold', 'peek'] as const) {
      const first = shownColumns(plainLayout, mode).slice(0, 2);
      assert.deepEqual(
        first.map(({ id }) => id),
        ['number', 'state'],
      );
    }
    for (const mode of ['drain', 'tap', 'stream'] as const)
      assert.ok(shownColumns(plainLayout, mode).every(({ id }) => id !== 'state'));
  });
});

const row = (number: number): Row => ({ number, state: 'held' }) as Row;
const push = (change: Partial<ViewPush>): ViewPush =>
  ({ epoch: 1, low: 0, high: 100, aside: 0, rows: undefined, changed: [], ...change }) as ViewPush;

describe('the rows that the webview knows', () => {
  it('take over changes of state, and forget what has left', () => {
    const cache = new RowCache();
    const first = push({});
    cache.replace(10, [row(10), row(11), row(12)]);
    cache.follow(push({ low: 11, changed: [[12, 'acked?']] }), first);
    assert.deepEqual([cache.get(10), cache.get(12)?.state, cache.placeOf(12)], [undefined, 'acked?', 12]);
    assert.ok(cache.has(11, 13) && !cache.has(10, 13));
    cache.follow(push({ epoch: 2 }), first);
    assert.equal(cache.get(11), undefined);
  });

  it('forget the places of held messages that move up as others leave', () => {
    const cache = new RowCache();
    const first = push({ low: 0, aside: 2 });
    cache.replace(0, [row(1), row(2), row(50), row(51)]);
    cache.follow(push({ low: 1, aside: 2 }), first);
    assert.deepEqual([cache.get(1), cache.get(2), cache.get(3)?.number], [undefined, undefined, 51]);
  });

  it('stay bounded while the end is followed', () => {
    const cache = new RowCache();
    let before: ViewPush | undefined;
    for (let high = 10; high <= 10_000; high += 10) {
      const rows = Array.from({ length: 10 }, (_, i) => row(high - 10 + i));
      const next = push({ high, rows: { from: high - 10, rows } });
      cache.follow(next, before);
      before = next;
    }
    assert.ok(cache.has(9_800, 10_000));
    assert.equal(cache.get(9_799), undefined);
  });
});
