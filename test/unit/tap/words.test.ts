import assert from 'node:assert/strict';
import { queuePlan } from '../../../src/broker/consume/tap/queuePlan.ts';
import { AppError } from '../../../src/common/errors.ts';
import { noticeText, statusText } from '../../../src/ui/output/tailNotices.ts';
import { bindingText, tapEventText } from '../../../src/ui/output/tapNotices.ts';
import { tapCost, tapDetail, tapRefusal, tapWarnings } from '../../../src/ui/modes/tapWords.ts';
import { binding, exchange } from './plans.ts';

const exchanges = [
  exchange('shop', 'topic'),
  exchange('hash', 'x-consistent-hash'),
  exchange('safe', 'direct', { alternate: 'rest' }),
];
const plan = (...sources: readonly string[]) =>
  queuePlan([binding(''), ...sources.map((name) => binding(name, 'order.*'))], exchanges);

describe('what is said of a tap', () => {
  it('before it starts, is what it misses, short enough for a quick pick', () => {
    assert.equal(tapDetail(plan('shop')), 'Takes nothing; misses what is sent straight to the queue');
    assert.equal(
      tapDetail(plan('shop', 'hash')),
      'Takes nothing; misses what is sent straight to the queue, or comes by 1 binding that cannot be copied',
    );
    assert.match(tapDetail(plan()), /by the firehose, which copies all messages/);
  });

  it('in its first line, is how it reads and exactly what it misses', () => {
    assert.equal(
      tapCost(plan('shop', 'shop', 'hash'), undefined),
      'tap, which takes nothing: copies of what comes by shop > order.* and 1 more binding. Missed: what goes through the default exchange (sent straight to the queue, or dead-lettered to it), what comes by 1 other binding, and what was in the queue before',
    );
    assert.equal(
      tapCost(plan('shop'), 'defaultExchange'),
      'tap, which takes nothing: copies of what comes by shop > order.*, and what the firehose tells was sent to it. Missed: what is dead-lettered to it other than by these bindings, and what was in the queue before',
    );
    assert.match(
      tapCost(plan(), 'defaultExchange'),
      /: what the firehose tells was sent to it\. Missed: what is dead-lettered to it, and/,
    );
  });

  it('is why not, where no binding can be copied', () => {
    assert.equal(
      tapRefusal(plan('hash'), 'orders'),
      'orders has no binding that can be copied. Of hash > order.*: this exchange splits its messages among the queues that are bound to it, and a tap would take a share.',
    );
    assert.equal(tapRefusal(plan('hash', 'shop'), 'orders'), undefined);
    assert.equal(tapRefusal(plan(), 'orders'), undefined);
  });

  it('is what remains where an alternate exchange could miss something', () => {
    assert.deepEqual(tapWarnings(plan('shop').withAlternate, 'orders'), []);
    const [warning = '', ...others] = tapWarnings(plan('shop', 'safe').withAlternate, 'orders');
    assert.match(warning, /^safe has an alternate exchange.* up to 2 seconds.* to the tap alone/);
    assert.deepEqual(others, []);
  });

  it('names a binding with what it matches', () => {
    assert.equal(bindingText(binding('shop', 'order.*')), 'shop > order.*');
    const args = { 'x-match': 'any', type: 'invoice', ratio: { '!': 'double', value: 5 }, on: true };
    assert.equal(
      bindingText(binding('h', '', { arguments: args })),
      'h (x-match: any, type: invoice, ratio: 5, on: true)',
    );
  });

  it('while it runs, is every change that matters', () => {
    const shop = binding('shop', 'a');
    assert.equal(tapEventText({ kind: 'bound', binding: shop }), 'The queue was bound to shop > a, and so is the tap');
    const gone = { kind: 'unbound', binding: shop, withinMs: 2_000 } as const;
    assert.equal(
      tapEventText({ ...gone, hasAlternate: false }),
      'The queue is no longer bound to shop > a, nor is the tap',
    );
    assert.match(tapEventText({ ...gone, hasAlternate: true }), /For up to 2 s .* not to the alternate exchange/);
    assert.match(
      tapEventText({ kind: 'leftOut', binding: shop, why: 'splits' }),
      /^Not tapped: shop > a, for .* take a share$/,
    );
    assert.match(tapEventText({ kind: 'dropped', atLeast: 1 }), /^1 message or more/);
    assert.match(tapEventText({ kind: 'dropped', atLeast: 1_234 }), /^1,234 messages or more/);
    const error = new AppError('managementUnreachable', { url: 'http://h', reason: 'refused' });
    assert.match(
      tapEventText({ kind: 'notFollowing', error }),
      /^Changes of bindings are not seen now: The management API/,
    );
    assert.match(noticeText({ kind: 'tap', event: { kind: 'firehoseLeftOn', error } }), /may still be on/);
  });

  it('once it is in place, is from when on it has everything', () => {
    const about = { name: 'orders', mode: 'tap' } as const;
    assert.match(statusText({ kind: 'running' }, { kind: 'starting' }, about) ?? '', /from now on/);
    assert.equal(statusText({ kind: 'running' }, { kind: 'starting' }, { ...about, mode: 'hold' }), undefined);
  });

  it('when it pauses, is what becomes of messages meanwhile', () => {
    const text = statusText({ kind: 'paused' }, { kind: 'running' }, { name: 'orders', mode: 'tap' });
    assert.equal(text, "Delivery paused; the tap's queue keeps the newest 10,000 messages meanwhile, up to 32 MB");
  });
});
