import assert from 'node:assert/strict';
import { encode, ExtData } from '@msgpack/msgpack';
import { messagePack } from '../../../src/broker/decoding/messagePack.ts';

const jsonOf = (hex: string): string => messagePack.decode(Buffer.from(hex.replaceAll(' ', ''), 'hex')).json;

describe('MessagePack', () => {
  it('is read as the specification writes it', () => {
    for (const [hex, json] of [
      // The example of msgpack.org.
      ['82 a7 636f6d70616374 c3 a6 736368656d61 00', '{"compact":true,"schema":0}'],
      ['c0', 'null'],
      ['c2', 'false'],
      ['7f', '127'],
      ['e0', '-32'],
      ['cd ffff', '65535'],
      ['d1 8000', '-32768'],
      ['cf ffffffffffffffff', '18446744073709551615'],
      ['d3 8000000000000000', '-9223372036854775808'],
      ['cb 3ff8000000000000', '1.5'],
      ['ca 7fc00000', '"NaN"'],
      ['d9 01 61', '"a"'],
      ['da 0001 61', '"a"'],
      ['db 00000001 61', '"a"'],
      ['c4 03 0001ff', '"0x0001ff"'],
      ['93 01 02 03', '[1,2,3]'],
      ['dc 0002 01 02', '[1,2]'],
      ['dd 00000001 90', '[[]]'],
      ['de 0001 01 02', '{"1":2}'],
      ['d6 ff 6553f100', '"2023-11-14T22:13:20.000Z"'],
      ['d4 05 2a', '{"type":5,"data":"0x2a"}'],
    ] as const)
      assert.equal(jsonOf(hex), json, hex);
  });

  it('is read as its library writes it', () => {
    const value = {
      id: 7n,
      name: 'Ä€😀',
      list: Array.from({ length: 70_000 }, (_, i) => i),
      deep: { a: [{ b: null }] },
      bytes: new Uint8Array(300),
      long: 'x'.repeat(70_000),
      ext: new ExtData(9, new Uint8Array(20)),
    };
    const json = JSON.parse(messagePack.decode(encode(value, { useBigInt64: true })).json) as typeof value;
    assert.deepEqual([json.id, json.name, json.list.length, json.deep], [7, value.name, 70_000, value.deep]);
    assert.equal(json.long, value.long);
  });

  it('says why bytes are none', () => {
    for (const [hex, reason] of [
      ['82 a1 61', /ends too early/],
      ['c1', /0xc1/],
      ['01 02', /1 more bytes follow/],
      ['dd 7fffffff', /ends too early/],
      ['df 10000000 00', /ends too early/],
      [`${'91'.repeat(101)}00`, /deeper than 100/],
      ['dd 00ffffff'.repeat(50), /ends too early/],
    ] as const)
      assert.throws(() => jsonOf(hex), reason, hex);
  });
});
