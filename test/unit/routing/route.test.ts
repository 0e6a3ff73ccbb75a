import assert from 'node:assert/strict';
import type { BindingInfo, ExchangeInfo } from '../../../src/broker/management/model.ts';
import { headersMatch } from '../../../src/broker/routing/headersMatch.ts';
import { routeOf, type RoutedMessage } from '../../../src/broker/routing/route.ts';
import { topicMatches } from '../../../src/broker/routing/topicPattern.ts';
import { toTopology } from '../../../src/broker/routing/topology.ts';

function exchange(name: string, over: Partial<ExchangeInfo> = {}): ExchangeInfo {
  const rest = { durable: true, internal: false, autoDelete: false, arguments: {}, policy: undefined };
  return { name, type: 'direct', ...rest, ...over };
}

function binding(source: string, destination: string, over: Partial<BindingInfo> = {}): BindingInfo {
  return { source, destination, destinationType: 'queue', routingKey: '', arguments: {}, ...over };
}

const message = (over: Partial<RoutedMessage> = {}): RoutedMessage => ({
  exchange: 'e',
  routingKey: '',
  headers: {},
  ...over,
});

describe('a topic pattern', () => {
  for (const [pattern, matching, others] of [
    ['a.*', ['a.b', 'a.'], ['a', 'a.b.c']],
    ['a.#', ['a', 'a.b', 'a.b.c'], ['b', 'ab']],
    ['#', ['', 'a', 'a.b'], []],
    ['*', ['a', '*'], ['', 'a.b']],
    ['#.b.#', ['b', 'a.b', 'a.b.c'], ['a']],
  ] as const) {
    it(`${pattern} matches by words`, () => {
      for (const key of matching) assert.equal(topicMatches(pattern, key), true, key);
      for (const key of others) assert.equal(topicMatches(pattern, key), false, key);
    });
  }

  it('made to be slow is none: trying every way would not end', () => {
    assert.equal(topicMatches(`${'#.*.'.repeat(40)}b`, 'a.'.repeat(126)), false);
  });
});

describe('the arguments of a binding to a headers exchange', () => {
  it('must all be met, or any of them, as x-match says', () => {
    assert.equal(headersMatch({ a: 1, b: 2 }, { a: 1, b: 2, c: 3 }), true);
    assert.equal(headersMatch({ a: 1, b: 2 }, { a: 1 }), false);
    assert.equal(headersMatch({ 'x-match': 'any', a: 1, b: 2 }, { a: 1 }), true);
    assert.equal(headersMatch({ 'x-match': 'any' }, { a: 1 }), false);
    assert.equal(headersMatch({}, {}), true);
  });

  it('count with an x- in front only where x-match says so', () => {
    assert.equal(headersMatch({ 'x-a': 1 }, {}), true);
    assert.equal(headersMatch({ 'x-match': 'all-with-x', 'x-a': 1 }, {}), false);
    assert.equal(headersMatch({ 'x-match': 'any-with-x', 'x-a': 1 }, { 'x-a': { '!': 'int', value: 1 } }), true);
  });
});

describe('a route', () => {
  const exchanges = [exchange('e', { arguments: { 'alternate-exchange': 'f' } }), exchange('f', { type: 'fanout' })];

  it('goes on through exchanges and alternates, once through each, to queues that are there', () => {
    const bindings = [
      binding('e', 'q', { routingKey: 'k' }),
      binding('f', 'q'),
      binding('f', 'gone'),
      binding('f', 'e', { destinationType: 'exchange' }),
    ];
    const topology = toTopology({ exchanges, bindings, policies: [], queues: ['q', 'r'] });
    assert.deepEqual(routeOf(message(), topology), { queues: ['q'], unsure: [] });
    assert.deepEqual(routeOf(message({ exchange: '', routingKey: 'r' }), topology).queues, ['r']);
    assert.deepEqual(routeOf(message({ headers: { CC: ['k'] } }), topology).queues, ['q']);
  });

  it('is not foretold where a plugin chooses', () => {
    const hashed = [exchange('e', { type: 'x-consistent-hash' })];
    const topology = toTopology({ exchanges: hashed, bindings: [binding('e', 'q')], policies: [], queues: ['q'] });
    assert.deepEqual(routeOf(message(), topology), { queues: [], unsure: ['e'] });
  });

  it('does not begin at an exchange that is internal, or is not there', () => {
    const topology = toTopology({
      exchanges: [exchange('e', { internal: true })],
      bindings: [],
      policies: [],
      queues: [],
    });
    assert.equal(routeOf(message(), topology).refusal, 'exchangeInternal');
    assert.equal(routeOf(message({ exchange: 'x' }), topology).refusal, 'exchangeNotFound');
  });
});
