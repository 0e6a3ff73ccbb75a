import type { QueueInfo } from '../../../src/broker/management/model.ts';
import assert from 'node:assert/strict';
import type { StreamOptions } from '../../../src/broker/consume/stream/streamOptions.ts';
import type { Tail } from '../../../src/broker/consume/tail.ts';
import type { Session } from '../../../src/broker/session.ts';
import { drain } from '../../../src/ui/modes/drain.ts';
import { hold } from '../../../src/ui/modes/hold.ts';
import { offeredModes } from '../../../src/ui/modes/modes.ts';
import { queuePlan } from '../../../src/broker/consume/tap/queuePlan.ts';
import type { QueueFacts } from '../../../src/ui/modes/queueFacts.ts';
import { stream } from '../../../src/ui/modes/stream.ts';
import { binding, exchange } from '../tap/plans.ts';
import { classicQueue } from '../../support/queueInfo.ts';

function facts(over: Partial<QueueInfo> = {}, rest: Partial<QueueFacts> = {}): QueueFacts {
  return {
    queue: 'orders',
    details: { ...classicQueue, effectivePolicy: undefined, ...over },
    consumers: 0,
    consumersKnown: [],
    ready: 5,
    brokerVersion: '3.13.7',
    limit: { kind: 'none' },
    prefetch: 10,
    peekCount: 10,
    buffer: { messages: 1_000, bytes: 1e6 },
    ...rest,
  };
}
const holdCost = (given: QueueFacts): string => hold.offer(given)?.detail ?? '';
const description = (given: QueueFacts): string => drain.offer(given)?.description ?? '';

const offered = (given: QueueFacts): string[] => offeredModes(given).map(({ mode }) => mode.mode);

const startCost = async (prefetch: number): Promise<string | undefined> =>
  (await hold.prepare(facts({}, { prefetch }), {} as Session))?.cost;

describe('the ways to tail a queue', () => {
  it('begin with the least harmful, and each says its cost', () => {
    assert.deepEqual(
      offeredModes(facts()).map(({ mode }) => mode.mode),
      ['peek', 'hold', 'drain'],
    );
    assert.equal(holdCost(facts()), 'Up to 10 held; unsettled ones go back, marked redelivered');
    assert.equal(drain.offer(facts())?.detail, 'Takes messages off the queue for good');
  });

  it('begin with a tap where all bindings can be copied, and end with one that only the firehose feeds', () => {
    const exchanges = [exchange('shop', 'topic'), exchange('hash', 'x-consistent-hash')];
    const orderOf = (sources: readonly string[], hasFirehose: boolean): string[] => {
      const note = { isSet: () => false, set: () => Promise.resolve(), clear: () => Promise.resolve() };
      const plan = queuePlan(
        sources.map((source) => binding(source)),
        exchanges,
      );
      const tap = { plan, firehose: hasFirehose ? { isOn: false, note } : undefined };
      return offeredModes(facts({}, { tap })).map(({ mode }) => mode.mode);
    };
    assert.deepEqual(orderOf(['', 'shop'], false), ['tap', 'peek', 'hold', 'drain']);
    assert.deepEqual(orderOf(['', 'shop', 'hash'], false), ['peek', 'hold', 'drain', 'tap']);
    assert.deepEqual(orderOf([''], true), ['peek', 'hold', 'drain', 'tap']);
    assert.deepEqual(orderOf(['', 'hash'], false), ['peek', 'hold', 'drain']);
  });

  it('are only a tap where the queue is exclusive to another connection', () => {
    const tap = { plan: queuePlan([binding('shop')], [exchange('shop', 'topic')]), firehose: undefined };
    assert.deepEqual(
      offeredModes(facts({}, { isLocked: true, tap })).map(({ mode }) => mode.mode),
      ['tap'],
    );
  });

  it('say what is special about this queue', () => {
    assert.match(holdCost(facts({}, { limit: { kind: 'known', limit: 20 } })), /returns count \(limit 20\)$/);
    assert.match(holdCost(facts({ arguments: { 'x-message-ttl': 60_000 } })), /they expire after 60 s$/);
    assert.equal(description(facts({}, { consumers: 2 })), 'automatic ack · competes with 2 other consumers');
    const single = { arguments: { 'x-single-active-consumer': true } };
    assert.match(description(facts(single, { consumers: 1 })), /waits its turn after 1 other consumer$/);
    assert.match(description({ ...facts(), details: undefined }), /an auto-delete queue goes with its last consumer$/);
  });

  it('say what it costs in the first line of the tail', async () => {
    assert.equal(await startCost(10), 'hold (prefetch 10): messages you do not settle go back when you stop');
    assert.equal(await startCost(1), 'hold (prefetch 1): a message you do not settle goes back when you stop');
  });

  it('are by offset alone for a stream, and may be where the kind of the queue is not known', () => {
    assert.deepEqual(offered(facts({ type: 'stream' })), ['stream']);
    assert.equal(offered({ ...facts(), details: undefined }).at(-1), 'stream');
    assert.equal(offered(facts()).includes('stream'), false);
    assert.deepEqual(stream.warnings(facts({ type: 'stream' })), []);
  });

  it('of a stream are the same once more when it is read again, and say where it begins', async () => {
    const options: StreamOptions = {
      queue: 'events',
      start: { kind: 'offset', offset: 48_000 },
      reading: 'page',
      pageSize: 100,
      buffer: { messages: 1_000, bytes: 1e6 },
      filter: 'invoices',
    };
    const before = { mode: 'stream', options } as unknown as Tail;
    const prepared = await stream.prepare(facts(), {} as Session, { before });
    assert.equal(prepared?.cost, 'stream from offset 48,000, 100 at a time, filter invoices: nothing is taken off it');
  });
});

describe('the warnings before a tail', () => {
  it('are none for a plain queue', () => {
    assert.deepEqual(hold.warnings(facts()), []);
    assert.deepEqual(hold.warnings({ ...facts(), details: undefined }), []);
  });

  it('are of an auto-delete queue in every mode', () => {
    assert.match(drain.warnings(facts({ autoDelete: true }))[0] ?? '', /deletes the queue with all messages/);
  });

  it('are of returns that lose messages, which a drain makes too, when it is cut off or stopped while paused', () => {
    const drops = facts({}, { limit: { kind: 'firstReturnDrops' } });
    const full = facts({ arguments: { 'x-max-length': 3 } });
    for (const given of [drops, full]) {
      assert.equal(hold.warnings(given).length, 1);
      assert.equal(drain.warnings(given).length, 1);
      assert.match(drain.warnings(given)[0] ?? '', /stops while it is paused/);
    }
  });

  it('are not of a bounded queue that refuses what is published instead', () => {
    const refusing = facts({ arguments: { 'x-max-length': 3, 'x-overflow': 'reject-publish' } });
    assert.deepEqual(hold.warnings(refusing), []);
  });
});
