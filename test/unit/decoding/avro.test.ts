import assert from 'node:assert/strict';
import avsc from 'avsc';
import { openSchema, reasonOf } from '../../../src/broker/decoding/watchedSchema.ts';
import { Folder } from './schemaFiles.ts';

const order = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'name', type: 'string' },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'stock', type: { type: 'map', values: 'int' } },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['NONE', 'GIFT'] } },
    { name: 'raw', type: 'bytes' },
    { name: 'key', type: { type: 'fixed', name: 'Key', size: 2 } },
    { name: 'price', type: 'double' },
    { name: 'next', type: ['null', 'Order'], default: null },
  ],
};
const value = {
  id: 7,
  name: 'Ä€',
  tags: ['a', 'b'],
  stock: { k: -1 },
  note: 'n',
  kind: 'GIFT',
  raw: Buffer.of(0, 255),
  key: Buffer.of(1, 2),
  price: 1.5,
  next: null,
};
const shown = { ...value, raw: '0x00ff', key: '0x0102' };

describe('Avro by a schema file', () => {
  const folder = new Folder();
  before(() =>
    folder.create({
      'order.avsc': JSON.stringify(order),
      'spec.avsc': JSON.stringify({
        type: 'record',
        name: 'test',
        fields: [
          { name: 'a', type: 'long' },
          { name: 'b', type: 'string' },
        ],
      }),
      'several.avsc': JSON.stringify([
        { type: 'record', name: 'A', fields: [{ name: 'a', type: 'int' }] },
        { type: 'record', name: 'B', fields: [{ name: 'b', type: 'string' }] },
      ]),
      'nothings.avsc': JSON.stringify({ type: 'array', items: 'null' }),
      'longs.avsc': JSON.stringify({ type: 'array', items: 'long' }),
      'broken.avsc': '{"type": "record", "name": "X"',
      'unknown.avsc': JSON.stringify({ type: 'record', name: 'X', fields: [{ name: 'a', type: 'Other' }] }),
    }),
  );
  after(() => folder.remove());

  const open = (name: string) => openSchema('avro', folder.path(name));
  const encoded = avsc.Type.forSchema(order as never).toBuffer(value);

  it('is read as the specification and the library write it', async () => {
    // The example of the specification: https://avro.apache.org/docs/current/specification/#schema-record
    const spec = (await open('spec.avsc')).decoder(undefined);
    assert.deepEqual([spec.name, spec.decode(Buffer.from('3606666f6f', 'hex')).json], ['test', '{"a":27,"b":"foo"}']);
    const schema = await open('order.avsc');
    assert.deepEqual(schema.types, ['shop.Order']);
    assert.deepEqual(JSON.parse(schema.decoder(undefined).decode(encoded).json), shown);
  });

  it('passes over what the single-object encoding and Confluent put before a value', async () => {
    const decoder = (await open('order.avsc')).decoder('shop.Order');
    for (const prefix of ['c301 0123456789abcdef', '00 0000002a']) {
      const bytes = Buffer.concat([Buffer.from(prefix.replaceAll(' ', ''), 'hex'), encoded]);
      assert.deepEqual(JSON.parse(decoder.decode(bytes).json), shown, prefix);
    }
    const spec = (await open('spec.avsc')).decoder(undefined);
    assert.equal(spec.decode(Buffer.from('00 06 666f6f'.replaceAll(' ', ''), 'hex')).json, '{"a":0,"b":"foo"}');
  });

  it('keeps every digit of a long', async () => {
    const longs = (await open('longs.avsc')).decoder(undefined);
    const bytes = Buffer.from('04 ffffffffffffffffff01 feffffffffffffffff01 00'.replaceAll(' ', ''), 'hex');
    assert.equal(longs.decode(bytes).json, '[-9223372036854775808,9223372036854775807]');
  });

  it('has each of several types', async () => {
    const schema = await open('several.avsc');
    assert.deepEqual(schema.types, ['A', 'B']);
    assert.equal(schema.decoder('B').decode(Buffer.from('0262', 'hex')).json, '{"b":"b"}');
    assert.match(schema.decoder(undefined).decode(Buffer.from('020262', 'hex')).json, /"b":"b"/);
    assert.throws(() => schema.decoder('C'), /it has no type C/);
  });

  it('says why bytes are not of the type', async () => {
    const decoder = (await open('order.avsc')).decoder(undefined);
    assert.throws(() => decoder.decode(encoded.subarray(0, 10)), /truncated/);
    assert.throws(() => decoder.decode(Buffer.concat([encoded, Buffer.of(0)])), /trailing/);
  });

  it('stops at a list of more nothings than there could ever be', async function () {
    this.timeout(60_000);
    const decoder = (await open('nothings.avsc')).decoder(undefined);
    assert.throws(() => decoder.decode(Buffer.from('feffffffffffffff7f00', 'hex')), /too long|array length|memory/i);
  });

  it('says why a file cannot be used', async () => {
    for (const [name, reason] of [
      ['broken.avsc', /^broken\.avsc: .*JSON/],
      ['unknown.avsc', /^unknown\.avsc: .*Other/],
      ['nowhere.avsc', /^nowhere\.avsc: it does not exist$/],
    ] as const) {
      await assert.rejects(open(name), (error) => {
        assert.match(reasonOf(error, folder.path(name)), reason);
        return true;
      });
    }
  });
});
