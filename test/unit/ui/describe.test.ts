import assert from 'node:assert/strict';
import type { QueueInfo } from '../../../src/broker/management/model.ts';
import type { QueueEntry } from '../../../src/broker/queueList.ts';
import { describeQueue, queueFacts } from '../../../src/ui/explorer/describe.ts';

const entry = (facts: Partial<QueueEntry>): QueueEntry => ({
  name: 'orders',
  info: undefined,
  ready: undefined,
  unacknowledged: undefined,
  consumers: undefined,
  missing: false,
  ...facts,
});

const info: QueueInfo = {
  name: 'orders',
  type: 'quorum',
  durable: true,
  exclusive: false,
  autoDelete: false,
  arguments: { 'x-delivery-limit': 5, 'x-dead-letter-exchange': 'dlx' },
  ready: 3,
  unacknowledged: 1,
  consumers: 2,
  state: 'running',
  policy: 'ha',
  deadLetterExchange: 'dlx',
  deadLetterRoutingKey: undefined,
};

describe('a queue in words', () => {
  it('tells what is ready, unacknowledged and consuming', () => {
    assert.equal(
      describeQueue(entry({ ready: 3, unacknowledged: 1, consumers: 2 })),
      '3 ready · 1 unacked · 2 consumers',
    );
  });

  it('leaves out what is none, and says one consumer', () => {
    assert.equal(describeQueue(entry({ ready: 0, unacknowledged: 0, consumers: 1 })), '0 ready · 1 consumer');
  });

  it('shortens thousands', () => {
    assert.equal(describeQueue(entry({ ready: 12_400 })), '12.4k ready');
  });

  it('says "?" for a count that is not known, never 0', () => {
    assert.equal(describeQueue(entry({})), '? ready');
  });

  it('says that a queue is not there', () => {
    assert.equal(describeQueue(entry({ missing: true })), 'not found');
  });

  it('lists type, features, exact counts, policy and arguments', () => {
    const facts = new Map(queueFacts(entry({ info, ready: 12_400, unacknowledged: 1 })));
    assert.equal(facts.get('Type'), 'quorum');
    assert.equal(facts.get('Features'), 'durable');
    assert.equal(facts.get('Ready'), '12400');
    assert.equal(facts.get('Consumers'), 'not known');
    assert.equal(facts.get('Policy'), 'ha');
    assert.equal(facts.get('x-delivery-limit'), '5');
  });

  it('keeps an argument short, however long or deep it is', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-${i}`, i]));
    const facts = queueFacts(entry({ info: { ...info, arguments: { deep, long: 'x'.repeat(100_000), ...many } } }));
    assert.ok(facts.every(([, value]) => value.length < 500));
    assert.deepEqual(facts.at(-1), ['…', '38 more arguments']);
  });

  it('names what sets a queue apart', () => {
    const apart = { ...info, durable: false, exclusive: true, autoDelete: true };
    assert.equal(new Map(queueFacts(entry({ info: apart }))).get('Features'), 'not durable, exclusive, auto-delete');
  });
});
