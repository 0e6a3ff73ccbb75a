import assert from 'node:assert/strict';
import type { TapExchange } from '../../../src/broker/consume/tap/exchangeFacts.ts';
import { queuePlan } from '../../../src/broker/consume/tap/queuePlan.ts';
import type { BindingInfo } from '../../../src/broker/management/model.ts';
import { binding, exchange } from './plans.ts';

/** Why a queue's one binding is not copied; undefined where it is. */
function whyNot(of: TapExchange, over: Partial<BindingInfo> = {}): string | undefined {
  const plan = queuePlan([binding(of.name, 'k', over)], [of]);
  assert.equal(plan.copied.length + plan.leftOut.length, 1);
  return plan.leftOut[0]?.why;
}

function delayed(type: string): TapExchange {
  return exchange('later', 'x-delayed-message', { arguments: { 'x-delayed-type': type } });
}

describe('the plan of a tap of a queue', () => {
  it('copies bindings to the exchanges that give everybody all, and none to the default exchange', () => {
    const types = ['direct', 'fanout', 'topic', 'headers', 'x-recent-history'];
    const exchanges = [exchange('', 'direct'), ...types.map((type) => exchange(type, type))];
    const bindings = exchanges.map(({ name }) => binding(name, 'k'));
    const plan = queuePlan(bindings, exchanges);
    assert.deepEqual(plan, { copied: bindings.slice(1), leftOut: [], withAlternate: [] });
  });

  it('keeps off exchanges that split, and off those whose type it does not know', () => {
    for (const type of ['x-consistent-hash', 'x-modulus-hash', 'x-random', 'x-local-random']) {
      assert.equal(whyNot(exchange('e', type)), 'splits', type);
    }
    for (const type of ['x-presence', 'x-lvc', 'constructor']) {
      assert.equal(whyNot(exchange('e', type)), 'typeUnknown', type);
    }
    assert.equal(queuePlan([binding('deleted')], []).leftOut[0]?.why, 'typeUnknown');
  });

  it('knows a delayed exchange by the type that it has inside', () => {
    assert.equal(whyNot(delayed('topic')), undefined);
    assert.equal(whyNot(delayed('x-consistent-hash')), 'splits');
    assert.equal(whyNot(exchange('later', 'x-delayed-message')), 'typeUnknown');
  });

  it('leaves out a binding whose arguments the management API cannot show', () => {
    const headers = exchange('h', 'headers');
    for (const value of ['undefined', 'Not UTF-8, base64 is: /wE=', ['undefined'], { deep: 'undefined' }]) {
      assert.equal(whyNot(headers, { arguments: { 'x-match': 'all', value } }), 'arguments');
    }
    assert.equal(whyNot(headers, { arguments: { n: { '!': 'double', value: 5 }, none: null } }), undefined);
  });

  it('says of which copies an alternate exchange could miss something, or may', () => {
    const exchanges = [
      exchange('sure', 'topic', { alternate: 'rest' }),
      exchange('perhaps', 'topic', { alternate: undefined }),
      exchange('none', 'topic'),
      exchange('hash', 'x-consistent-hash', { alternate: 'rest' }),
    ];
    const plan = queuePlan(
      exchanges.flatMap(({ name }) => [binding(name, 'a'), binding(name, 'b')]),
      exchanges,
    );
    assert.deepEqual(plan.withAlternate, ['sure', 'perhaps']);
  });
});
