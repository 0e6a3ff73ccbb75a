import assert from 'node:assert/strict';
import type { RoutingExchange, Topology } from '../../../src/broker/routing/topology.ts';
import { routeWords } from '../../../src/ui/messageFile/routeWords.ts';

function exchange(over: Partial<RoutingExchange>, ...queues: string[]): RoutingExchange {
  const bindings = queues.map((destination) => ({
    source: 'e',
    destination,
    destinationType: 'queue' as const,
    routingKey: '',
    arguments: {},
  }));
  return { type: 'fanout', internal: false, alternate: null, bindings, ...over };
}

const words = (made: RoutingExchange | undefined, name = 'e'): readonly (string | undefined)[] => {
  const topology: Topology = {
    exchanges: new Map(made ? [['e', made]] : []),
    queues: new Set(['a', 'b', ...Array.from({ length: 30 }, (_, i) => `q${i}`)]),
  };
  const route = routeWords({ exchange: name, routingKey: 'a', headers: {} }, topology);
  return [route?.title, route?.tooltip];
};

describe('the words for where a message would go', () => {
  it('count the queues, and name them', () => {
    assert.deepEqual(words(exchange({}, 'a')), ['→ 1 queue', 'a']);
    assert.deepEqual(words(exchange({}, 'a', 'b')), ['→ 2 queues', 'a, b']);
    const many = words(exchange({}, ...Array.from({ length: 30 }, (_, i) => `q${i}`)));
    assert.equal(many[0], '→ 30 queues');
    assert.match(many[1] ?? '', / and 10 more$/);
  });

  it('say what the broker would do where there is none', () => {
    assert.deepEqual(words(exchange({})), ['→ no queue: it would be returned', '']);
    assert.equal(words(undefined)[0], '→ no such exchange: it would be refused');
    assert.equal(words(exchange({ internal: true }))[0], '→ an internal exchange: it would be refused');
  });

  it('say what is not known', () => {
    const [title, tooltip] = words(exchange({ type: 'x-consistent-hash' }, 'a'));
    assert.equal(title, '→ queues that cannot be foretold');
    assert.match(tooltip ?? '', /^What e does with it is not known here/);
  });

  it('are none for a queue that is there', () => {
    assert.deepEqual(words(undefined, ''), [undefined, undefined]);
  });
});
