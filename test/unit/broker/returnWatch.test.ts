import assert from 'node:assert/strict';
import { ReturnWatch } from '../../../src/broker/consume/returnWatch.ts';
import type { Message } from '../../../src/broker/message/message.ts';

function back(count: unknown, redelivered = true): Message {
  const headers = { 'x-delivery-count': count } as never;
  const place = { number: 7, receivedAt: 0, exchange: '', routingKey: 'q' };
  return { ...place, redelivered, properties: { headers }, content: new Uint8Array() };
}

describe('watching messages that come back', () => {
  it('tells of the last return before the limit', () => {
    const watch = new ReturnWatch();
    assert.equal(watch.look(back(2), { kind: 'known', limit: 3 }), undefined);
    assert.deepEqual(watch.look(back(3), { kind: 'known', limit: 3 }), { kind: 'lastReturn', number: 7, returns: 3 });
  });

  it('says once that returns count where the limit is not known', () => {
    const watch = new ReturnWatch();
    assert.equal(watch.look(back(1), { kind: 'unknown' })?.kind, 'returnsCount');
    assert.equal(watch.look(back(2), { kind: 'unknown' }), undefined);
  });

  it('believes no count of a publisher: one of a first delivery, or one that is no number', () => {
    const watch = new ReturnWatch();
    assert.equal(watch.look(back(9, false), { kind: 'known', limit: 3 }), undefined);
    // Number() of this throws, and a throw in a consumer ends the connection.
    for (const forged of [[{ toString: 1 }], '9', { toString: 1, valueOf: 1 }]) {
      assert.equal(watch.look(back(forged), { kind: 'known', limit: 3 }), undefined);
    }
  });
});
