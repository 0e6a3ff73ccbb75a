import assert from 'node:assert/strict';
import { deathsOf } from '../../../src/ui/panel/deaths.ts';
import { headerTree } from '../../../src/ui/panel/headerTree.ts';
import { goneRow } from '../../../src/ui/panel/row.ts';

describe('the headers of a message in the Messages panel', () => {
  it('are a tree with the type of each value', () => {
    const { nodes, more } = headerTree({
      tenant: 'acme',
      retries: 3,
      at: { '!': 'timestamp', value: 1_700_000_000 },
      route: { hops: ['eu', 'us'], empty: {} },
      raw: Buffer.from([1, 2]),
      nothing: null,
    });
    assert.equal(more, 0);
    assert.deepEqual(
      nodes.map(({ name, type, text }) => [name, type, text]),
      [
        ['tenant', 'string', 'acme'],
        ['retries', 'number', '3'],
        ['at', 'timestamp', '2023-11-14T22:13:20Z'],
        ['route', 'table', '2 entries'],
        ['raw', 'bytes', '<2 bytes: 01 02>'],
        ['nothing', 'void', 'null'],
      ],
    );
    const [hops, empty] = nodes[3]?.children ?? [];
    assert.deepEqual([hops?.type, hops?.text, empty?.children], ['list', '2 items', []]);
    assert.deepEqual(hops?.children?.[1]?.path, ['route', 'hops', '1']);
  });

  it('are bounded, however many and deep they are', () => {
    const wide = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`h${i}`, i]));
    assert.deepEqual([headerTree(wide).nodes.length, headerTree(wide).more], [500, 2_500]);
    let deep: unknown = 'end';
    for (let i = 0; i < 10_000; i++) deep = { deep };
    const text = JSON.stringify(headerTree({ deep }));
    assert.ok(text.length < 5_000, String(text.length));
    for (const odd of [undefined, null, 'x', 7]) assert.deepEqual(headerTree(odd), { nodes: [], more: 0 });
  });
});

const time = (seconds: number) => ({ '!': 'timestamp', value: seconds });

describe('the deaths of a message', () => {
  it('are told in the order in which they happened', () => {
    const deaths = deathsOf([
      { reason: 'expired', queue: 'wait', count: 2, exchange: '', 'routing-keys': ['wait'], time: time(1_700_000_100) },
      {
        reason: 'rejected',
        queue: 'work',
        count: 1,
        exchange: 'orders',
        'routing-keys': ['a', 'b'],
        time: time(1_700_000_000),
      },
    ]);
    assert.deepEqual(
      deaths.map(({ reason, queue, count, exchange, keys, time: at }) => [reason, queue, count, exchange, keys, at]),
      [
        ['rejected', 'work', 'once', 'orders', 'a, b', '2023-11-14T22:13:20Z'],
        ['expired', 'wait', '2 times', '(default)', 'wait', '2023-11-14T22:15:00Z'],
      ],
    );
  });

  it('are none where the header is something else', () => {
    for (const odd of [undefined, 'x', {}, [1, null, {}, { reason: 1, queue: 'q' }]])
      assert.deepEqual(deathsOf(odd), []);
  });
});

describe('a row of the Messages panel', () => {
  it('of a message that is no longer kept says so', () => {
    const { number, state, preview, isGone } = goneRow(7, 'acked');
    assert.deepEqual([number, state, preview, isGone], [7, 'acked', 'no longer kept', true]);
  });
});
