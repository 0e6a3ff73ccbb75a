import assert from 'node:assert/strict';
import { judge, peekPlan, type PeekFacts, type PeekPlan } from '../../../src/broker/consume/peekPlan.ts';
import type { DeliveryLimit } from '../../../src/broker/consume/queueTraits.ts';
import type { QueueInfo } from '../../../src/broker/management/model.ts';
import { classicQueue } from '../../support/queueInfo.ts';

const NONE: DeliveryLimit = { kind: 'none' };
const known = (limit: number): DeliveryLimit => ({ kind: 'known', limit });
const single = { 'x-single-active-consumer': true };

function plan(over: Partial<QueueInfo> = {}, rest: Partial<PeekFacts> = {}): PeekPlan {
  const details = { ...classicQueue, ...over };
  return peekPlan({ details, consumers: 0, ready: 10, limit: NONE, brokerVersion: '3.13.7', ...rest });
}

function peek(over: Partial<QueueInfo> = {}, rest: Partial<PeekFacts> = {}): Extract<PeekPlan, { kind: 'peek' }> {
  const made = plan(over, rest);
  assert.ok(made.kind === 'peek', JSON.stringify(made));
  return made;
}

/** method, how it is given back, whether that counts, what becomes of the order */
function way({ method, giveBack, counts, order }: Extract<PeekPlan, { kind: 'peek' }>): string {
  return [method, giveBack, counts, order].join(' ');
}

describe('the plan of a look', () => {
  it('for a classic queue, with priorities or a single active consumer too: get, close, and nothing changes but the mark', () => {
    for (const args of [{}, { 'x-max-priority': 5 }, single]) {
      assert.equal(way(peek({ arguments: args })), 'get close no kept');
    }
    assert.deepEqual(peek().cautions, []);
  });

  it('for a quorum queue: consume and close, which counts and puts them at the head or behind those that had come back', () => {
    for (const limit of [NONE, known(20), known(5)]) {
      assert.equal(way(peek({ type: 'quorum' }, { limit })), 'consume close yes behindReturned');
    }
    assert.equal(way(peek({ type: 'quorum' }, { brokerVersion: '4.2.9' })), 'consume close yes behindReturned');
    assert.equal(way(peek({ type: 'quorum' }, { brokerVersion: undefined })), 'consume close yes behindReturned');
  });

  it('for a quorum queue from 4.3 on: nack, which does not count there', () => {
    for (const brokerVersion of ['4.3.0', '4.10.1', '5.0.0', '4.3.0-rc.1']) {
      assert.equal(way(peek({ type: 'quorum' }, { brokerVersion })), 'consume nack no unknown');
    }
    assert.equal(way(peek({}, { brokerVersion: '4.3.0' })), 'get close no kept');
  });

  it('for a queue of LavinMQ with a limit: it counts', () => {
    assert.equal(way(peek({}, { limit: known(3) })), 'get close yes kept');
  });

  it('for a stream: by offset', () => {
    assert.equal(plan({ type: 'stream' }).kind, 'stream');
  });

  it('where the type is not known: what is safe for every type, and what is not known is said', () => {
    const made = peek({}, { details: undefined, limit: { kind: 'unknown' } });
    assert.equal(way(made), 'get close perhaps behindReturned');
    assert.deepEqual(made.cautions, ['limitUnknown']);
    assert.equal(made.most, 9);
    assert.equal(peek().most, 10_000);
  });

  it('for a quorum queue with a single active consumer: to consume, as the only one', () => {
    const quorum = { type: 'quorum', arguments: single };
    assert.equal(way(peek(quorum)), 'consume close yes behindReturned');
    assert.deepEqual([peek(quorum).isAlone, peek({ type: 'quorum' }, { consumers: 3 }).isAlone], [true, false]);
    for (const consumers of [1, undefined]) {
      assert.deepEqual(plan(quorum, { consumers }), { kind: 'refused', why: 'singleActiveConsumer' });
    }
  });

  it('refuses what would destroy, and what belongs to another connection', () => {
    const drops: DeliveryLimit = { kind: 'firstReturnDrops' };
    assert.deepEqual(plan({ type: 'quorum' }, { limit: drops }), { kind: 'refused', why: 'firstReturnDrops' });
    assert.deepEqual(plan({ exclusive: true }), { kind: 'refused', why: 'exclusive' });
  });

  it('never consumes from an auto-delete queue', () => {
    assert.equal(peek({ autoDelete: true }).method, 'get');
    const made = peek({ autoDelete: true, type: 'quorum' });
    assert.deepEqual([made.method, made.most], ['get', 9]);
    const alone = plan({ autoDelete: true, type: 'quorum', arguments: single });
    assert.deepEqual(alone, { kind: 'refused', why: 'singleActiveConsumer' });
  });

  it('warns of a full queue that drops its oldest, of no other', () => {
    const bounded = { arguments: { 'x-max-length': 10 } };
    assert.deepEqual(peek(bounded, { ready: 10 }).cautions, ['full']);
    assert.deepEqual(peek(bounded, { ready: 9 }).cautions, []);
    assert.deepEqual(peek({ effectivePolicy: { 'max-length': 10 } }).cautions, ['full']);
    assert.deepEqual(peek({ arguments: { 'x-max-length': 10, 'x-overflow': 'reject-publish' } }).cautions, []);
  });

  it('names consumers that it disturbs', () => {
    assert.deepEqual(peek({}, { consumers: 2 }).cautions, ['consumers']);
    assert.deepEqual(peek({ arguments: single }, { consumers: 2 }).cautions, ['singleActiveConsumer']);
  });

  it('holds nothing for long, and less than half of the time that a message lives', () => {
    assert.equal(peek().holdMs, 10_000);
    assert.deepEqual(peek({ arguments: { 'x-message-ttl': 6_000 } }).cautions, ['expires']);
    assert.equal(peek({ arguments: { 'x-message-ttl': 6_000 } }).holdMs, 3_000);
    assert.equal(peek({ arguments: { 'x-message-ttl': 10 } }).holdMs, 500);
    assert.equal(peek({ arguments: { 'x-message-ttl': 86_400_000 } }).holdMs, 10_000);
  });
});

describe('what a message’s returns ask of a look', () => {
  it('is nothing where they are not limited', () => {
    assert.equal(judge(1_000, NONE), 'goOn');
  });

  it('is to end two returns before the limit, and to keep it at the limit', () => {
    assert.deepEqual(
      [17, 18, 19, 20, 21].map((returns) => judge(returns, known(20))),
      ['goOn', 'stop', 'stop', 'keep', 'keep'],
    );
    assert.deepEqual(
      [0, 1, 2].map((returns) => judge(returns, known(2))),
      ['stop', 'stop', 'keep'],
    );
    assert.deepEqual(
      [0, 1].map((returns) => judge(returns, known(1))),
      ['stop', 'keep'],
    );
  });

  it('is to keep what came back where the limit is not known, and anything where the first return drops it', () => {
    assert.equal(judge(0, { kind: 'unknown' }), 'goOn');
    assert.equal(judge(1, { kind: 'unknown' }), 'keep');
    assert.equal(judge(0, { kind: 'firstReturnDrops' }), 'keep');
  });
});
