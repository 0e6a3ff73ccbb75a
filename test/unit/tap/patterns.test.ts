import assert from 'node:assert/strict';
import { askedBy, proposals, typedPattern } from '../../../src/ui/exchangeTap/patterns.ts';
import { binding, exchange } from './plans.ts';

describe('what an exchange can be tapped by', () => {
  it('is what others are bound by, once each, the harmless first, and everything', () => {
    const topic = exchange('t', 'topic');
    const passing = binding('t', 'z', { destination: 'amq.gen-1' });
    const all = proposals(topic, [passing, binding('t', 'a.*'), binding('t', 'a.*', { destination: 'other' })]);
    assert.deepEqual(
      all.map(({ label, origin, verdict }) => [label, origin, verdict.kind]),
      [
        ['a.*', 'as orders is bound', 'harmless'],
        ['z', 'as amq.gen-1 is bound', 'hidesUnroutable'],
        ['#', 'all messages', 'hidesUnroutable'],
      ],
    );
  });

  it('is never everything of a topic exchange with an alternate exchange', () => {
    const safe = exchange('t', 'topic', { alternate: 'rest' });
    const [first, last] = proposals(safe, [binding('t', 'a')]);
    assert.deepEqual([first?.verdict.kind, last?.verdict.kind], ['harmless', 'refused']);
    const typed = typedPattern(safe, [binding('t', 'a.*')], 'a.b');
    assert.ok('verdict' in typed && typed.verdict.kind === 'harmless');
  });

  it('is nothing to ask for where everybody gets everything', () => {
    const fanout = exchange('f', 'fanout');
    assert.equal(askedBy(fanout), 'nothing');
    const all = proposals(fanout, [binding('f', 'x')]);
    assert.deepEqual(
      all.map(({ wanted, verdict }) => [wanted.routingKey, verdict.kind]),
      [['', 'harmless']],
    );
  });

  it('is a table for a headers exchange', () => {
    const headers = exchange('h', 'headers');
    const args = { 'x-match': 'any', type: 'invoice' };
    const labels = proposals(headers, [binding('h', 'ignored', { arguments: args })]).map(({ label }) => label);
    assert.deepEqual(labels, ['x-match: any, type: invoice', 'x-match: all']);
    const typed = typedPattern(headers, [], '{"type":"invoice"}');
    assert.ok('wanted' in typed);
    assert.deepEqual(typed.wanted, { routingKey: '', arguments: { type: 'invoice' } });
    for (const bad of ['', 'type', '[]', 'null', '{']) assert.ok('problem' in typedPattern(headers, [], bad), bad);
  });

  it('is no key that AMQP cannot carry', () => {
    assert.ok('problem' in typedPattern(exchange('d', 'direct'), [], 'x'.repeat(256)));
  });
});
