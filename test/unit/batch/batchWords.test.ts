import assert from 'node:assert/strict';
import { Ledger } from '../../../src/broker/batch/ledger.ts';
import { toPlan, type BatchPlan } from '../../../src/ui/batch/batchPlan.ts';
import { endText, ledgerText, progressText } from '../../../src/ui/batch/batchWords.ts';

const plan: BatchPlan = {
  version: 1,
  label: 'orders.csv',
  profileId: 'p',
  connection: 'local',
  from: { kind: 'csv', path: '/orders.csv', stamp: '1 2' },
  to: { exchange: 'orders', routingKey: 'new' },
  count: 10_000,
  startedAt: 0,
};

function ledger(): Ledger {
  const made = new Ledger();
  made.note('routed', 0, 4_999);
  made.note('unroutable', 5_000);
  made.note('unknown', 5_001, 5_500);
  return made;
}

describe('what is said of a batch', () => {
  it('is how far it is, how fast, and how long it will take', () => {
    assert.equal(progressText(12_345, 100_000, 8_200), '12,345 of 100,000 · 8.2k/s · 11 s left');
    assert.equal(progressText(1, 100_000, 10), '1 of 100,000 · 10/s · 3 h left');
    assert.equal(progressText(0, 10, 0), '0 of 10');
  });

  it('is what became of all of it, which adds up', () => {
    assert.equal(
      endText(plan, ledger()),
      'orders.csv, 10,000 messages: 5,000 published (confirmed and routed); 1 returned (no queue would get them); 500 unknown (not confirmed, may or may not be there); 4,499 not sent.',
    );
  });

  it('is the ledger by the places of the messages', () => {
    const text = ledgerText(plan, ledger());
    assert.ok(text.startsWith(`orders.csv to orders > new on local, begun ${new Date(0).toLocaleString()}\n`), text);
    assert.match(text, /^10,000 +in all$/m);
    assert.match(text, /^1-5000 +published\n5001 +returned\n5002-5501 +unknown\n5502-10000 +not sent\n$/m);
  });
});

describe('the plan of a batch', () => {
  it('is read from its journal as it was written', () => {
    const template = { path: '/a.amqp', index: 0, stamp: '1' };
    const repeat = { kind: 'repeat', times: 5, content: '', contentType: 'text/plain' } as const;
    const texts = { kind: 'texts', texts: ['a', 'b'], contentType: 'text/plain' } as const;
    for (const each of [
      plan,
      { ...plan, from: texts },
      { ...plan, template, perSecond: 5 },
      { ...plan, from: repeat },
    ]) {
      assert.deepEqual(toPlan(JSON.parse(JSON.stringify(each))), each);
    }
  });

  it('is none where anything of it is missing or of another kind', () => {
    for (const name of ['version', 'label', 'profileId', 'connection', 'from', 'count', 'startedAt'] as const) {
      const { [name]: _left, ...rest } = plan;
      assert.equal(toPlan(rest), undefined, name);
    }
    for (const wrong of [
      null,
      5,
      [],
      { ...plan, to: 'x' },
      { ...plan, from: { kind: 'tape' } },
      { ...plan, count: -1 },
    ]) {
      assert.equal(toPlan(wrong), undefined);
    }
  });
});
