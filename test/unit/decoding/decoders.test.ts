import assert from 'node:assert/strict';
import { utimes } from 'node:fs/promises';
import { encode } from '@msgpack/msgpack';
import { parseChoice, type DecoderChoice } from '../../../src/broker/decoding/choice.ts';
import { Decoders, type Chosen } from '../../../src/broker/decoding/decoders.ts';
import { Filter, parseFilter } from '../../../src/broker/filter/filter.ts';
import { waitFor } from '../../support/waitFor.ts';
import { messageOf, withBody } from '../filter/messages.ts';
import { Folder, moneyProto, orderBytes, orderJson, orderProto } from './schemaFiles.ts';

describe('the decoders of bodies', () => {
  const folder = new Folder();
  const byType = new Map<string, Chosen>();
  let decoders: Decoders;
  let chosen: DecoderChoice | undefined;
  before(() => folder.create({ 'order.proto': orderProto, 'common/money.proto': moneyProto }));
  after(() => folder.remove());
  beforeEach(() => {
    byType.clear();
    chosen = undefined;
    decoders = new Decoders(() => byType, 50);
  });
  afterEach(() => decoders.dispose());

  const reader = () => decoders.reader(() => chosen);
  const protobuf = (type?: string): DecoderChoice => ({
    kind: 'protobuf',
    schema: folder.path('order.proto'),
    ...(type !== undefined && { type }),
  });

  it('need nothing for what is text, JSON or packed by zlib', () => {
    for (const properties of [
      {},
      { contentType: 'application/json' },
      { contentEncoding: 'gzip' },
      { contentType: 7 },
    ]) {
      assert.equal(reader().prepare(messageOf({ properties })), undefined);
    }
  });

  it('load MessagePack when the first body of that type comes, and until then say so', async () => {
    for (const contentType of ['application/msgpack', 'application/x-msgpack; v=1', 'application/vnd.msgpack']) {
      const message = withBody(encode({ id: 7 }), { contentType });
      const fresh = new Decoders(() => byType);
      const bodies = fresh.reader(() => undefined);
      const loading = bodies.prepare(message);
      assert.ok(loading);
      assert.match(bodies.read(message).note ?? '', /^MessagePack: it is not loaded yet; shown as bytes$/);
      await loading;
      assert.equal(bodies.prepare(message), undefined);
      const body = bodies.read(message);
      assert.deepEqual([body.kind, body.text, body.note], ['json', '{\n  "id": 7\n}', 'MessagePack']);
      fresh.dispose();
    }
  });

  it('read what is chosen for a queue, whatever the type of a message', async () => {
    chosen = protobuf('shop.Order');
    const message = withBody(orderBytes, { contentType: 'application/json' });
    await reader().prepare(message);
    const body = reader().read(message);
    assert.deepEqual([JSON.parse(body.text), body.languageId, body.note], [orderJson, 'json', 'shop.Order']);
    chosen = { kind: 'hex' };
    assert.equal(reader().read(withBody('{}')).kind, 'hex');
    chosen = { kind: 'text' };
    assert.deepEqual(
      [reader().read(withBody('{"a":1}')).text, reader().read(withBody(Uint8Array.of(255))).text],
      ['{"a":1}', '\ufffd'],
    );
    chosen = { kind: 'json' };
    assert.deepEqual(
      [reader().read(withBody('7')).kind, reader().read(withBody('x')).note],
      ['json', 'this is not JSON'],
    );
  });

  it('read what the settings say of a content type, and a queue has the last word', async () => {
    byType.set('application/x-order', protobuf('shop.Cancelled'));
    const message = withBody(orderBytes, { contentType: 'Application/X-Order; v=2' });
    await reader().prepare(message);
    assert.match(reader().read(message).text, /"orderId": "o7"/);
    assert.equal(reader().read(message).note, 'shop.Cancelled, 7 fields more that it does not have');
    assert.equal(reader().read(withBody('plain')).text, 'plain');
    chosen = { kind: 'hex' };
    assert.equal(reader().read(message).kind, 'hex');
  });

  it('show bytes and say why where a schema or a body does not fit', async () => {
    for (const [choice, note] of [
      [{ kind: 'protobuf', schema: folder.path('no.proto') }, 'no.proto: it does not exist; shown as bytes'],
      [protobuf(), 'order.proto: it has 3 message types; shown as bytes'],
      [protobuf('shop.X'), 'order.proto: it has no message type shop.X; shown as bytes'],
    ] as const) {
      chosen = choice;
      await reader().prepare(withBody('x'));
      const body = reader().read(withBody('x'));
      assert.deepEqual([body.kind, body.note], ['hex', note]);
    }
    chosen = undefined;
    byType.set('a/b', 'the settings are wrong');
    assert.equal(reader().read(withBody('x', { contentType: 'a/b' })).note, 'the settings are wrong; shown as bytes');
    chosen = protobuf('shop.Order');
    const odd = reader().read(withBody('hello'));
    assert.equal(odd.kind, 'hex');
    assert.match(odd.note ?? '', /^shop\.Order: .+; shown as bytes$/);
  });

  it('name the way to a schema for what needs one', () => {
    const body = reader().read(withBody(orderBytes, { contentType: 'application/x-protobuf' }));
    assert.deepEqual([body.kind, body.note], ['hex', 'Choose Decoder reads it by its schema']);
    assert.equal(reader().read(withBody('text', { contentType: 'application/x-protobuf' })).note, undefined);
  });

  it('read a schema again when a file of it changes, and say so', async function () {
    this.timeout(30_000);
    chosen = protobuf('shop.Order');
    const message = withBody(orderBytes);
    await reader().prepare(message);
    assert.match(reader().read(message).text, /"currency": "EUR"/);
    let changes = 0;
    reader().onDidChange(() => changes++);
    const money = moneyProto.replace('currency', 'unit');
    await folder.write('common/money.proto', money);
    // Files that were written in the same moment may have the same time.
    await utimes(folder.path('common/money.proto'), 1, 1);
    await waitFor(() => reader().read(message).text.includes('"unit": "EUR"'), {
      timeoutMs: 20_000,
      describe: 'the new schema',
    });
    assert.ok(changes > 0);
    await folder.write('common/money.proto', 'message {');
    await waitFor(() => reader().read(message).kind === 'hex', { timeoutMs: 20_000, describe: 'the broken schema' });
    assert.match(reader().read(message).note ?? '', /^order\.proto: .*; shown as bytes$/);
    await folder.write('common/money.proto', moneyProto);
    await waitFor(() => reader().read(message).text.includes('"currency": "EUR"'), {
      timeoutMs: 20_000,
      describe: 'the old schema',
    });
  });

  it('let a filter look into what they decode', async () => {
    const message = withBody(encode({ order: { total: 12 } }), { contentType: 'application/msgpack' });
    await reader().prepare(message);
    const filter = parseFilter('$.order.total>10');
    assert.ok(filter instanceof Filter);
    assert.equal(filter.matches(message, reader()), true);
    assert.equal(filter.matches(message), false);
  });
});

function absolute(path: string): string | undefined {
  return path.startsWith('/') ? path : `/project/${path}`;
}

describe('a decoder in the settings', () => {
  it('is a schema and a type, or a decoder by its name', () => {
    assert.deepEqual(parseChoice({ schema: 'a/b.proto', type: 'p.T' }, absolute), {
      kind: 'protobuf',
      schema: '/project/a/b.proto',
      type: 'p.T',
    });
    assert.deepEqual(parseChoice({ schema: '/x.avsc' }, absolute), { kind: 'avro', schema: '/x.avsc' });
    assert.deepEqual(parseChoice({ decoder: 'messagepack' }, absolute), { kind: 'messagepack' });
  });

  it('is refused with a reason otherwise', () => {
    for (const value of [
      null,
      7,
      {},
      { decoder: 'x' },
      { schema: 7 },
      { schema: '' },
      { schema: 'a.txt' },
      { schema: 'a.proto', type: 7 },
    ]) {
      assert.equal(typeof parseChoice(value, absolute), 'string', JSON.stringify(value));
    }
    assert.equal(typeof parseChoice({ schema: 'a.proto' }, () => undefined), 'string');
  });
});
