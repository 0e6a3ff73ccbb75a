import assert from 'node:assert/strict';
import { judge } from '../../../src/broker/consume/tap/exchangePlan.ts';
import type { TapExchange } from '../../../src/broker/consume/tap/exchangeFacts.ts';
import type { BindingInfo } from '../../../src/broker/management/model.ts';
import { topicCovers, topicMatches } from '../../../src/broker/routing/topicPattern.ts';
import { binding, exchange } from './plans.ts';

function verdict(of: TapExchange, bindings: readonly BindingInfo[], routingKey = '', args = {}): string {
  const found = judge(of, bindings, { routingKey, arguments: args });
  return found.kind === 'refused' ? found.why : found.kind;
}

describe('the plan of a tap of an exchange', () => {
  const topic = exchange('t', 'topic');
  const safe = exchange('t', 'topic', { alternate: 'rest' });

  it('is harmless where a queue takes all of it already', () => {
    assert.equal(verdict(topic, [binding('t', 'a.#')], 'a.*.c'), 'harmless');
    assert.equal(verdict(safe, [binding('t', '#')], '#'), 'harmless');
    assert.equal(verdict(exchange('d', 'direct'), [binding('d', 'k')], 'k'), 'harmless');
    assert.equal(verdict(exchange('f', 'fanout'), [binding('f', 'whatever')]), 'harmless');
  });

  it('hides what is unroutable where nobody takes all of it', () => {
    assert.equal(verdict(topic, [binding('t', 'a.*')], '#'), 'hidesUnroutable');
    assert.equal(verdict(exchange('d', 'direct'), [binding('d', 'k')], 'K'), 'hidesUnroutable');
    assert.equal(verdict(exchange('f', 'fanout'), []), 'hidesUnroutable');
  });

  it('is refused there where an alternate exchange gets the rest, or may', () => {
    assert.equal(verdict(safe, [binding('t', 'a.*')], '#'), 'alternateExchange');
    assert.equal(verdict(exchange('f', 'fanout', { alternate: undefined }), []), 'alternateExchange');
  });

  it('does not rest on queues that go with their client', () => {
    const passing = binding('t', '#', { destination: 'amq.gen-x' });
    assert.equal(verdict(safe, [passing], '#'), 'alternateExchange');
    assert.equal(verdict(topic, [passing], '#'), 'hidesUnroutable');
  });

  it('may hide something where another exchange takes it, for that one may have nobody', () => {
    const onward = binding('t', '#', { destinationType: 'exchange' });
    assert.equal(verdict(safe, [onward], '#'), 'hidesUnroutable');
  });

  it('compares the conditions of headers exchanges whole', () => {
    const headers = exchange('h', 'headers');
    const args = { 'x-match': 'all', kind: 'order' };
    assert.equal(verdict(headers, [binding('h', '', { arguments: args })], '', args), 'harmless');
    const any = { ...args, 'x-match': 'any' };
    assert.equal(verdict(headers, [binding('h', '', { arguments: args })], '', any), 'hidesUnroutable');
    assert.equal(verdict(headers, [binding('h', '', { arguments: { 'x-match': 'all' } })], '', args), 'harmless');
    assert.equal(
      verdict(headers, [binding('h', '', { arguments: { 'x-match': 'any' } })], '', args),
      'hidesUnroutable',
    );
  });

  it('never touches what splits, or may', () => {
    assert.equal(verdict(exchange('x', 'x-random'), [binding('x')]), 'splits');
    assert.equal(verdict(exchange('x', 'x-other'), [binding('x')]), 'typeUnknown');
  });
});

describe('a topic pattern that covers another', () => {
  const patterns = [
    '#',
    '*',
    'a',
    '',
    'a.#',
    '#.a',
    'a.*',
    '*.a',
    'a.b',
    '#.#',
    '*.#',
    '#.*',
    'a.#.b',
    'a.*.#',
    '#.a.#',
  ];
  const keys = ['', 'a', 'b', 'a.b', 'b.a', 'a.a', 'a.b.c', 'a.c.b', 'c.a.b', 'a.b.a.b', 'b.b.b'];

  it('takes every key that the other takes', () => {
    let covering = 0;
    for (const wide of patterns) {
      for (const narrow of patterns) {
        if (!topicCovers(wide, narrow)) continue;
        covering++;
        for (const key of keys) {
          if (topicMatches(narrow, key)) assert.ok(topicMatches(wide, key), `${wide} covers ${narrow}, not ${key}`);
        }
      }
    }
    assert.ok(covering > patterns.length);
  });

  it('is found where it is plain to see', () => {
    for (const pattern of patterns) assert.ok(topicCovers('#', pattern) && topicCovers(pattern, pattern), pattern);
    assert.ok(topicCovers('a.#', 'a') && topicCovers('a.#', 'a.b.*') && topicCovers('*.b', 'a.b'));
    assert.ok(
      !topicCovers('*', '#') && !topicCovers('a.*', 'a.#') && !topicCovers('a', 'b') && !topicCovers('a.b', 'a'),
    );
  });

  it('takes no time for a pattern made to take for ever', () => {
    const long = Array.from({ length: 60 }, () => '#.a').join('.');
    assert.equal(topicCovers(long, `${long}.b`), false);
  });
});
