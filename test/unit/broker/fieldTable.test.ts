import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { root } from '../../../scripts/lib/run.mjs';
import { amqplib } from '../../../src/broker/connection/amqplib/amqplib.ts';
import { decodeTable, wireBytes } from '../../../src/broker/message/fieldTable.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { headerTable } from '../fuzz/headerTable.ts';

interface Codec {
  encodeTable(buffer: Buffer, table: object, offset: number): number;
  decodeFields(bytes: Buffer): object;
}

const require = createRequire(import.meta.url);
const file = join(root, 'node_modules', 'amqplib', 'lib', 'codec.js');
/** As Warren has amqplib encode. */
const exact = require(file) as Codec;

/** amqplib's own, as nothing of Warren has touched it. */
function untouched(): Codec {
  const { [file]: kept } = require.cache;
  delete require.cache[file];
  const own = require(file) as Codec;
  if (kept) require.cache[file] = kept;
  return own;
}

function encoded(codec: Codec, table: object): string {
  const buffer = Buffer.alloc(1_000_000);
  return buffer.subarray(4, codec.encodeTable(buffer, table, 0)).toString('hex');
}

function bytesOf(...fields: readonly [name: string, tag: string, value: string][]): Buffer {
  const parts = fields.map(([name, tag, hex]) =>
    Buffer.concat([Buffer.of(name.length), Buffer.from(name + tag), Buffer.from(hex, 'hex')]),
  );
  return Buffer.concat(parts);
}

describe('a header table', () => {
  const own = untouched();
  before(() => assert.ok(amqplib));

  it('is published in the bytes that it came in, whatever is in it', async () => {
    await fuzz(headerTable, (bytes) => {
      let table: object;
      try {
        table = decodeTable(bytes);
      } catch (error) {
        assert.ok(error instanceof RangeError || error instanceof TypeError, String(error));
        return;
      }
      assert.equal(encoded(exact, table), bytes.toString('hex'));
      // Whatever says nothing beside its values is encoded in the same bytes by amqplib itself.
      if (!wireBytes(table)) assert.equal(encoded(own, table), bytes.toString('hex'));
    });
  });

  it('has the values that amqplib reads', async () => {
    const odd = /__proto__|\d/;
    await fuzz(headerTable, (bytes) => {
      let expected: object;
      try {
        expected = own.decodeFields(Buffer.from(bytes));
      } catch {
        return;
      }
      fc.pre(!odd.test(bytes.toString('latin1')));
      assert.deepStrictEqual(decodeTable(Buffer.from(bytes)), expected);
    });
  });

  it('keeps what a number was, beside its value, only where amqplib would make it another', () => {
    const cases: readonly [tag: string, hex: string, value: unknown, isKept: boolean][] = [
      ['b', 'fb', -5, false],
      ['s', 'fffb', -5, true],
      ['s', '8000', -32_768, false],
      ['I', 'fffffffb', -5, true],
      ['I', '80000000', -(2 ** 31), false],
      ['l', '000000000000000c', 12, true],
      ['l', 'ffffff0000000000', -(2 ** 40), false],
      ['l', '7fffffffffffffff', 2 ** 63, true],
      ['L', 'ffffff0000000000', -(2 ** 40), true],
      ['B', 'fb', 251, true],
      ['u', 'fffb', 65_531, true],
      ['i', 'fffffffb', 4_294_967_291, true],
      ['d', '3ff8000000000000', 1.5, false],
      ['d', '3ff0000000000000', 1, true],
      ['d', '8000000000000000', -0, true],
      ['d', '7ff8000000000000', NaN, true],
      ['f', '3fc00000', 1.5, true],
      ['t', '01', true, false],
      ['t', '02', true, true],
      ['S', '0000000161', 'a', false],
      ['S', '00000001ff', '\uFFFD', true],
      ['V', '', null, false],
      ['T', '0000000000000001', { '!': 'timestamp', value: 1 }, false],
      ['T', 'ffffffffffffffff', { '!': 'timestamp', value: 2 ** 64 }, true],
    ];
    for (const [tag, hex, value, isKept] of cases) {
      const table = decodeTable(bytesOf(['n', tag, hex]));
      assert.deepStrictEqual(table, { n: value }, tag + hex);
      assert.equal(wireBytes(table) !== undefined, isKept, tag + hex);
    }
  });

  it('keeps names that an object cannot have, cannot have twice, or would put in another place', () => {
    for (const names of [['__proto__'], ['!'], ['a', 'a'], ['b', '1']]) {
      const bytes = bytesOf(...names.map((name): [string, string, string] => [name, 'V', '']));
      const table = decodeTable(bytes);
      assert.deepEqual(Object.keys(table).toSorted(), [...new Set(names)].toSorted());
      assert.equal(Object.getPrototypeOf(table), Object.prototype);
      assert.equal(encoded(exact, table), bytes.toString('hex'));
    }
  });

  it('within another keeps its own bytes, and a copy of it none', () => {
    const inner = bytesOf(['n', 'I', '00000005']);
    const outer = decodeTable(
      bytesOf(['t', 'F', `${inner.length.toString(16).padStart(8, '0')}${inner.toString('hex')}`]),
    );
    const table = outer['t'] as object;
    assert.deepEqual(Buffer.from(wireBytes(table) ?? []), inner);
    assert.equal(wireBytes({ ...table }), undefined);
    assert.equal(wireBytes(Object.create(table) as object), undefined);
  });
});
