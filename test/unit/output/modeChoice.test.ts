import type { QueueInfo } from '../../../src/broker/management/model.ts';
import assert from 'node:assert/strict';
import { modeChoices, refusalOf, warningsOf, type QueueFacts } from '../../../src/ui/output/modeChoice.ts';

const CLASSIC: QueueInfo = {
  name: 'orders',
  type: 'classic',
  durable: true,
  exclusive: false,
  autoDelete: false,
  arguments: {},
  ready: 0,
  unacknowledged: 0,
  consumers: 0,
  state: 'running',
  policy: undefined,
  deadLetterExchange: null,
  deadLetterRoutingKey: undefined,
};

function facts(over: Partial<QueueInfo> = {}, rest: Partial<QueueFacts> = {}): QueueFacts {
  return {
    queue: 'orders',
    details: { ...CLASSIC, ...over },
    consumers: 0,
    limit: { kind: 'none' },
    prefetch: 10,
    ...rest,
  };
}
const holdCost = (given: QueueFacts): string => modeChoices(given)[0]?.detail ?? '';
const description = (given: QueueFacts): string => modeChoices(given)[1]?.description ?? '';

describe('the ways to tail a queue', () => {
  it('begin with hold, and each says its cost', () => {
    assert.deepEqual(
      modeChoices(facts()).map(({ mode }) => mode),
      ['hold', 'drain'],
    );
    assert.equal(holdCost(facts()), 'Up to 10 held; unsettled ones go back, marked redelivered');
    assert.equal(modeChoices(facts())[1]?.detail, 'Takes messages off the queue for good');
  });

  it('say what is special about this queue', () => {
    assert.match(holdCost(facts({}, { limit: { kind: 'known', limit: 20 } })), /returns count \(limit 20\)$/);
    assert.match(holdCost(facts({ arguments: { 'x-message-ttl': 60_000 } })), /they expire after 60 s$/);
    assert.equal(description(facts({}, { consumers: 2 })), 'automatic ack · competes with 2 other consumers');
    const single = { arguments: { 'x-single-active-consumer': true } };
    assert.match(description(facts(single, { consumers: 1 })), /waits its turn after 1 other consumer$/);
    assert.match(description({ ...facts(), details: undefined }), /an auto-delete queue goes with its last consumer$/);
  });

  it('do not include a stream', () => {
    assert.match(refusalOf(facts({ type: 'stream' })) ?? '', /nothing was consumed/);
    assert.equal(refusalOf(facts()), undefined);
    assert.equal(refusalOf({ queue: 'orders', details: undefined }), undefined);
  });
});

describe('the warnings before a tail', () => {
  it('are none for a plain queue', () => {
    assert.deepEqual(warningsOf(facts(), 'hold'), []);
    assert.deepEqual(warningsOf({ ...facts(), details: undefined }, 'hold'), []);
  });

  it('are of an auto-delete queue in every mode', () => {
    assert.match(warningsOf(facts({ autoDelete: true }), 'drain')[0] ?? '', /deletes the queue with all messages/);
  });

  it('are of returns that lose messages, which a drain makes too, when it is cut off or stopped while paused', () => {
    const drops = facts({}, { limit: { kind: 'firstReturnDrops' } });
    const full = facts({ arguments: { 'x-max-length': 3 } });
    for (const given of [drops, full]) {
      assert.equal(warningsOf(given, 'hold').length, 1);
      assert.equal(warningsOf(given, 'drain').length, 1);
      assert.match(warningsOf(given, 'drain')[0] ?? '', /stops while it is paused/);
    }
  });

  it('are not of a bounded queue that refuses what is published instead', () => {
    const refusing = facts({ arguments: { 'x-max-length': 3, 'x-overflow': 'reject-publish' } });
    assert.deepEqual(warningsOf(refusing, 'hold'), []);
  });
});
