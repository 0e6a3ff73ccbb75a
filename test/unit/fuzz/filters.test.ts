import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Filter, parseFilter } from '../../../src/broker/filter/filter.ts';
import { messageOf } from '../filter/messages.ts';
import { anyJson, fuzz, inherited, jsonOf } from './fuzz.ts';

const name = fc.oneof(inherited, fc.constantFrom('a', 'order', 'x-death', 'a b', ''), fc.string({ maxLength: 8 }));
const token = fc.oneof(
  fc.constantFrom(...'( ) | OR AND - ! " / $ . .. [ ] [0] [*] ["a"] = != > >= < <= ~ !~ \\ \0'.split(' ')),
  fc.constantFrom(
    ' ',
    'key',
    'size',
    'header',
    '$',
    'state=held',
    'redelivered',
    'timestamp',
    '2026-01-01',
    '10kB',
    '1e999',
    'null',
  ),
  fc.constantFrom('/a/', '/(a|b)*c/i', '/[', '$..*', '$.a.b[0]', 'header.x', '-1', '99999999999999999999', '__proto__'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const filterText = fc.oneof(
  fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join('')),
  fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join(' ')),
  fc.constantFrom(
    '('.repeat(4_000),
    '-'.repeat(4_000),
    '$'.padEnd(4_000, '..a'),
    `$${'["a"]'.repeat(700)}`,
    '"\\'.repeat(1_500),
  ),
  fc.constantFrom('a '.repeat(1_900), 'key='.repeat(900), '/['.repeat(1_500), 'a-'.repeat(1_900), 'a|'.repeat(1_900)),
);

const header = fc.oneof(
  fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }),
  fc.record({ '!': fc.constantFrom('timestamp', 'decimal', 'byte'), value: fc.anything() }),
);
const message = fc
  .record({
    routingKey: fc.string({ unit: 'binary' }),
    exchange: fc.constantFrom('', 'orders'),
    redelivered: fc.boolean(),
    number: fc.nat(),
    headers: fc.oneof(fc.dictionary(name, header), fc.anything()),
    contentType: fc.oneof(
      fc.constantFrom('application/json', 'text/plain; charset=utf-16le', undefined),
      fc.anything(),
    ),
    timestamp: fc.oneof(fc.double(), fc.anything()),
    body: fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      anyJson.map((value) => Buffer.from(jsonOf(value))),
      fc.constantFrom('['.repeat(100_000), '{"a":'.repeat(50_000)).map((text) => Buffer.from(text)),
    ),
  })
  .map(({ headers, contentType, timestamp, ...rest }) =>
    messageOf({ ...rest, properties: { headers, contentType, timestamp } as never }),
  );

describe('fuzz: filters', () => {
  it('are filters, or told what is wrong with them and where; and test any message', async () => {
    await fuzz(fc.tuple(filterText, message), ([text, each]) => {
      const filter = parseFilter(text);
      if (filter instanceof Filter) {
        assert.equal(typeof filter.matches(each), 'boolean');
        assert.equal(filter.slowCount, 0);
      } else {
        assert.match(filter.message, /^[A-Z].*[.:]$|^[a-z-]+ is .*\.$/s);
        assert.ok(filter.at >= 0 && filter.at <= text.length, `at ${filter.at} of ${text.length}`);
      }
    });
  });

  it('find a text by what the message has of it, and nothing by its negation', async () => {
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 });
    await fuzz(fc.tuple(text, message), ([part, each]) => {
      const quoted = `"${part.replaceAll(/["\\]/g, '\\$&')}"`;
      const body = Buffer.concat([Buffer.from('before '), Buffer.from(part.toUpperCase())]);
      const having = { ...each, properties: {}, content: body };
      const filter = parseFilter(quoted);
      const negated = parseFilter(`-${quoted}`);
      assert.ok(filter instanceof Filter && negated instanceof Filter, quoted);
      assert.equal(filter.matches(having), true, quoted);
      assert.notEqual(filter.matches(each), negated.matches(each));
    });
  });

  it('take time in proportion to a body, a header table and a text', async () => {
    const large = messageOf({ body: JSON.stringify(Array.from({ length: 60_000 }, (_, a) => ({ a }))) });
    const deep = messageOf({ body: '{"a":['.repeat(80_000) });
    const headers = messageOf({
      properties: { headers: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`h${i}`, [i]])) },
    });
    await fuzz(
      fc.constantFrom('nothing', '$..*..*..*=x', '$..a..a=x', '"\\"b"', 'header..*=x', '/nothing$/', 'body~nothing'),
      (text) => {
        const filter = parseFilter(text);
        assert.ok(filter instanceof Filter);
        assert.deepEqual(filter.matchEach([large, deep, headers]), [false, false, false], text);
      },
    );
  });
});
