import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { unlessUntrusted } from '../../../src/broker/decoding/choice.ts';
import { SourceDecoders } from '../../../src/ui/decoding/sourceDecoders.ts';

const orders = { kind: 'queue', name: 'orders' } as const;
const exchange = { kind: 'exchange', name: 'orders', routingKey: '#' } as const;
const protobuf = { kind: 'protobuf', schema: '/project/order.proto', type: 'shop.Order' } as const;

describe('the decoder of a queue', () => {
  let stored: Map<string, unknown>;
  let decoders: SourceDecoders;

  beforeEach(() => {
    stored = new Map();
    const memento = {
      get: (key: string) => stored.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void stored.set(key, value)),
    };
    decoders = new SourceDecoders(memento as unknown as Memento);
  });

  it('is remembered for each queue and exchange of each connection, until it is left to the messages', async () => {
    await decoders.remember('one', orders, protobuf);
    await decoders.remember('one', exchange, { kind: 'hex' });
    await decoders.remember('two', orders, { kind: 'avro', schema: '/project/a.json' });
    assert.deepEqual(decoders.of('one', orders), protobuf);
    assert.deepEqual(decoders.of('one', { ...exchange, routingKey: 'other' }), { kind: 'hex' });
    assert.deepEqual(decoders.of('two', orders), { kind: 'avro', schema: '/project/a.json' });
    await decoders.remember('one', orders, undefined);
    assert.equal(decoders.of('one', orders), undefined);
    await decoders.forget('one');
    assert.equal(decoders.of('one', exchange), undefined);
    assert.ok(decoders.of('two', orders));
  });

  it('is bounded, and survives what else may be stored there', async () => {
    stored.set('warren.decoders.one', [
      'x',
      ['queue a', { decoder: 'juggle' }],
      ['queue orders', { decoder: 'text' }],
      7,
    ]);
    assert.equal(decoders.of('one', { kind: 'queue', name: 'a' }), undefined);
    assert.deepEqual(decoders.of('one', orders), { kind: 'text' });
    for (let i = 0; i < 210; i++) await decoders.remember('one', { kind: 'queue', name: `q${i}` }, { kind: 'json' });
    assert.equal(decoders.of('one', { kind: 'queue', name: 'q9' }), undefined);
    assert.deepEqual(decoders.of('one', { kind: 'queue', name: 'q209' }), { kind: 'json' });
  });

  it('is not by a schema where the workspace is not trusted', () => {
    assert.deepEqual(unlessUntrusted(protobuf, true), protobuf);
    assert.equal(typeof unlessUntrusted(protobuf, false), 'string');
    assert.deepEqual(unlessUntrusted({ kind: 'messagepack' }, false), { kind: 'messagepack' });
    assert.equal(unlessUntrusted(undefined, false), undefined);
  });
});
