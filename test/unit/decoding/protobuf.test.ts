import assert from 'node:assert/strict';
import { openSchema, reasonOf } from '../../../src/broker/decoding/watchedSchema.ts';
import { Folder, moneyProto, orderBytes, orderJson, orderProto } from './schemaFiles.ts';

describe('Protobuf by a .proto file', () => {
  const folder = new Folder();
  before(() =>
    folder.create({
      'proto/shop/order.proto': orderProto,
      'proto/common/money.proto': moneyProto,
      'alone.proto': 'message Alone { required string name = 1; optional group Old = 2 { optional int32 a = 3; } }',
      'broken.proto': 'syntax = "proto3";\nmessage X { strin',
      'missing.proto': 'syntax = "proto3"; import "no/such.proto"; message X { such.Thing a = 1; }',
      'options.proto':
        'syntax = "proto3"; import "no/such.proto"; option (such.thing) = { a: 1 }; message X { string a = 1; }',
      'empty.proto': 'syntax = "proto3";',
      'a.proto': 'syntax = "proto3"; import "b.proto"; message A { B b = 1; }',
      'b.proto': 'syntax = "proto3"; import "a.proto"; message B { A a = 1; }',
    }),
  );
  after(() => folder.remove());

  const open = (name: string) => openSchema('protobuf', folder.path(name));
  const reason = async (name: string): Promise<string> => {
    try {
      await open(name);
      return 'it was read';
    } catch (error) {
      return reasonOf(error, folder.path(name));
    }
  };

  it('is read with what it imports, as the JSON of Protobuf', async () => {
    const schema = await open('proto/shop/order.proto');
    assert.deepEqual(schema.types, ['shop.Order', 'shop.Order.Line', 'shop.Cancelled']);
    assert.deepEqual(schema.files, [folder.path('proto/shop/order.proto'), folder.path('proto/common/money.proto')]);
    const decoder = schema.decoder('shop.Order');
    assert.equal(decoder.name, 'shop.Order');
    const { json, note } = decoder.decode(orderBytes);
    assert.deepEqual(JSON.parse(json), orderJson);
    assert.equal(note, undefined);
  });

  it("passes over what Confluent's serializer puts before a message", async () => {
    const decoder = (await open('proto/shop/order.proto')).decoder('shop.Order');
    for (const prefix of ['00 0000002a 00', '00 00000001 02 02', '00 00000001 04 02 04']) {
      const bytes = Buffer.concat([Buffer.from(prefix.replaceAll(' ', ''), 'hex'), orderBytes]);
      assert.deepEqual(JSON.parse(decoder.decode(bytes).json), orderJson, prefix);
    }
  });

  it('says how many fields there are that the type does not have', async () => {
    const decoder = (await open('proto/shop/order.proto')).decoder('shop.Cancelled');
    const { json, note } = decoder.decode(orderBytes);
    assert.deepEqual([JSON.parse(json), note], [{ orderId: 'o7' }, '7 fields more that it does not have']);
    const other = Buffer.from('f87f01', 'hex');
    assert.throws(() => decoder.decode(other), /none of its fields is in these bytes/);
  });

  it('says why bytes are not of the type', async () => {
    const order = (await open('proto/shop/order.proto')).decoder('shop.Order');
    assert.throws(() => order.decode(orderBytes.subarray(0, 18)), /index out of range|offset/);
    assert.throws(() => order.decode(Buffer.from('hello world')), Error);
    const alone = (await open('alone.proto')).decoder(undefined);
    assert.throws(() => alone.decode(Buffer.from('2300', 'hex')), Error);
    assert.deepEqual(alone.decode(Buffer.from('0a0161', 'hex')).json, '{"name":"a"}');
  });

  it('needs to know the type where a file has several', async () => {
    const schema = await open('proto/shop/order.proto');
    assert.throws(() => schema.decoder(undefined), /it has 3 message types/);
    assert.throws(() => schema.decoder('shop.Nothing'), /it has no message type shop\.Nothing/);
  });

  it('says why a file cannot be used', async () => {
    assert.match(
      await reason('broken.proto'),
      /^broken\.proto: illegal end of input 'null' \(broken\.proto, line 2\)$/,
    );
    assert.match(
      await reason('missing.proto'),
      /^missing\.proto: no such .*such\.Thing.*, and no\/such\.proto cannot be found$/,
    );
    assert.match(await reason('nowhere.proto'), /^nowhere\.proto: it does not exist$/);
  });

  it('takes what is missing but not needed, what is empty, and files that import each other', async () => {
    assert.deepEqual((await open('options.proto')).types, ['X']);
    assert.deepEqual((await open('empty.proto')).types, []);
    assert.deepEqual((await open('a.proto')).types, ['A']);
  });
});
