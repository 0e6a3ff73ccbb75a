import assert from 'node:assert/strict';
import type { BindingInfo, ExchangeInfo } from '../../../src/broker/management/model.ts';
import { toTopology } from '../../../src/broker/routing/topology.ts';
import type { QueueEntry } from '../../../src/broker/queueList.ts';
import { targetState, type VhostFacts } from '../../../src/ui/messageFile/targetState.ts';

const entry = (name: string, missing = false): QueueEntry => ({
  name,
  info: undefined,
  ready: 3,
  unacknowledged: 0,
  consumers: 1,
  missing,
});

const exchange = (name: string, type: string, internal = false): ExchangeInfo => ({
  name,
  type,
  internal,
  durable: true,
  autoDelete: false,
  arguments: {},
  policy: undefined,
});

function bind(source: string, destination: string, routingKey: string): BindingInfo {
  return { source, destination, destinationType: 'queue', routingKey, arguments: {} };
}

function facts(): VhostFacts {
  const exchanges = [
    exchange('events', 'topic'),
    exchange('inner', 'fanout', true),
    exchange('hash', 'x-consistent-hash'),
  ];
  const bindings = [bind('events', 'orders', 'order.*'), bind('hash', 'orders', '1')];
  const queues = ['orders', 'unlisted'];
  return {
    queues: [entry('orders'), entry('gone', true)],
    live: { exchanges, bindings, topology: toTopology({ exchanges, bindings, policies: [], queues }) },
  };
}

const at = (exchangeName: string, routingKey: string, known = facts()) =>
  targetState({ exchange: exchangeName, routingKey, headers: {} }, known);

describe('the live state of a target', () => {
  it('is what the tree says of a queue', () => {
    assert.deepEqual(at('', 'orders'), { words: '3 ready · 1 consumer' });
    assert.deepEqual(at('', 'unlisted'), { words: 'queue' });
  });

  it('is a problem where there is no such queue, unless that cannot be known', () => {
    assert.match(at('', 'typo')?.problem ?? '', /no queue typo/);
    assert.equal(at('', 'typo')?.isMissingQueue, true);
    assert.match(at('', 'gone', { ...facts(), live: undefined })?.problem ?? '', /no queue gone/);
    assert.equal(at('', 'typo', { ...facts(), live: undefined }), undefined);
  });

  it('is where an exchange leads, or that it leads nowhere', () => {
    assert.deepEqual(at('events', 'order.created'), { words: 'topic exchange → orders' });
    assert.match(at('events', 'order')?.problem ?? '', /No queue is bound to exchange events for routing key order:/);
    assert.match(at('events', '')?.problem ?? '', /the empty routing key/);
    assert.match(at('nope', 'x')?.problem ?? '', /no exchange nope: the message would be refused/);
    assert.match(at('inner', 'x')?.problem ?? '', /internal/);
    assert.equal(at('hash', 'x')?.problem, undefined);
  });
});
