import assert from 'node:assert/strict';
import type { ConsumerInfo, QueueInfo } from '../../../src/broker/management/model.ts';
import type { Session } from '../../../src/broker/session.ts';
import { consumersText } from '../../../src/ui/modes/consumersText.ts';
import { offeredModes, refusedModes } from '../../../src/ui/modes/modes.ts';
import { peek } from '../../../src/ui/modes/peek.ts';
import { problemOf } from '../../../src/ui/modes/peekCountCheck.ts';
import type { QueueFacts } from '../../../src/ui/modes/queueFacts.ts';
import { classicQueue } from '../../support/queueInfo.ts';

const worker: ConsumerInfo = { tag: 'worker-1', user: 'app', peer: '10.0.0.3:5512' };

function facts(over: Partial<QueueInfo> = {}, rest: Partial<QueueFacts> = {}): QueueFacts {
  return {
    queue: 'orders',
    details: { ...classicQueue, ...over },
    consumers: 0,
    consumersKnown: [],
    ready: 5,
    brokerVersion: '4.0.5',
    limit: { kind: 'none' },
    prefetch: 10,
    peekCount: 10,
    buffer: { messages: 1_000, bytes: 1e6 },
    ...rest,
  };
}

const description = (given: QueueFacts): string => peek.offer(given)?.description ?? '';

describe('Peek', () => {
  it('says what it costs on this queue', () => {
    assert.equal(peek.offer(facts())?.detail, 'They go back at once, in order, marked redelivered');
    const quorum = facts({ type: 'quorum' }, { limit: { kind: 'known', limit: 20 } });
    assert.equal(
      peek.offer(quorum)?.detail,
      'They go back at once, marked redelivered · each look counts as a return (limit 20)',
    );
    assert.match(peek.offer({ ...facts(), details: undefined })?.detail ?? '', /counts in a quorum queue$/);
    const expiring = facts({ arguments: { 'x-message-ttl': 3_000 } });
    assert.match(peek.offer(expiring)?.detail ?? '', /held for 1\.5 s at most, for they expire$/);
  });

  it('names the consumers that it disturbs', () => {
    assert.equal(
      description(facts({}, { consumers: 1, consumersKnown: [worker] })),
      'look at the first ones · worker-1 (app) gets later ones meanwhile',
    );
    assert.match(description(facts({}, { consumers: 2 })), /2 other consumers get later ones meanwhile$/);
  });

  it('is refused, with why, where looking would destroy or is not allowed, and no other way is', () => {
    const drops = facts({ type: 'quorum' }, { limit: { kind: 'firstReturnDrops' } });
    assert.ok(offeredModes(drops).every(({ mode }) => mode.mode !== 'peek'));
    assert.deepEqual(
      refusedModes(drops).map(({ name }) => name),
      ['Peek'],
    );
    assert.match(refusedModes(drops)[0]?.why ?? '', /^orders cannot be peeked: .* would lose what is looked at\.$/);
    const single = facts(
      { type: 'quorum', arguments: { 'x-single-active-consumer': true } },
      { consumers: 1, consumersKnown: [worker] },
    );
    assert.match(refusedModes(single)[0]?.why ?? '', /it has worker-1 \(app\)\.$/);
    assert.match(refusedModes(facts({ exclusive: true }))[0]?.why ?? '', /exclusive to another connection/);
    assert.deepEqual(refusedModes(facts()), []);
    assert.deepEqual(refusedModes(facts({ type: 'stream' })), []);
  });

  it('asks first where the queue is full, has a single active consumer, or cannot be known', () => {
    assert.deepEqual(peek.warnings(facts()), []);
    assert.match(peek.warnings(facts({ arguments: { 'x-max-length': 5 } })).join(), /is full and drops its oldest/);
    const single = facts(
      { arguments: { 'x-single-active-consumer': true } },
      { consumers: 1, consumersKnown: [worker] },
    );
    assert.match(peek.warnings(single).join(), /single active consumer \(worker-1 \(app\)\)/);
    const unknown: QueueFacts = { ...facts(), details: undefined, limit: { kind: 'unknown' } };
    assert.match(peek.warnings(unknown).join(), /Without the management API/);
    assert.deepEqual(peek.warnings(facts({ type: 'quorum' }, { limit: { kind: 'unknown' } })), []);
  });

  it('reads as many as were asked for, and says so in its first line', async () => {
    const prepared = await peek.prepare(facts(), {} as Session, { count: 20 });
    assert.equal(prepared?.count, 20);
    assert.equal(prepared?.cost, 'peek (first 20): they go back at once, marked redelivered');
  });
});

describe('the number of messages to peek', () => {
  it('is a whole one, within bounds', () => {
    for (const text of ['', 'x', '0', '-1', '1.5', '10001', '1e3', ' ']) {
      assert.equal(typeof problemOf(text, { order: 'kept', most: 10_000 }, undefined), 'string', text);
    }
    for (const text of ['1', '10', ' 10000 '])
      assert.equal(problemOf(text, { order: 'kept', most: 10_000 }, undefined), undefined);
  });

  it('is smaller without a management API, for the sake of order', () => {
    assert.match(
      JSON.stringify(problemOf('10', { order: 'behindReturned', most: 9 }, undefined)),
      /from 1 to 9\. Without the management API/,
    );
    assert.equal(problemOf('9', { order: 'behindReturned', most: 9 }, undefined), undefined);
  });

  it('is warned of where fewer than last time would change the order', () => {
    const fewer = problemOf('5', { order: 'behindReturned', most: 10_000 }, 10);
    assert.ok(typeof fewer === 'object' && fewer.severity === 'warning');
    assert.equal(problemOf('10', { order: 'behindReturned', most: 10_000 }, 10), undefined);
    assert.equal(problemOf('5', { order: 'kept', most: 10_000 }, 10), undefined);
  });
});

describe('other consumers', () => {
  it('are named by what a person called them, else by user and address, and the rest counted', () => {
    const made: ConsumerInfo = { tag: 'amq.ctag-x', user: 'app', peer: '10.0.0.3:5512' };
    assert.equal(consumersText(1, [worker]), 'worker-1 (app)');
    assert.equal(consumersText(2, [worker, made]), 'worker-1 (app) and app from 10.0.0.3:5512');
    assert.equal(consumersText(1_200, [worker, worker, made]), 'worker-1 (app), app from 10.0.0.3:5512 and 1,198 more');
    assert.equal(consumersText(1, [worker, made]), 'worker-1 (app)');
    assert.equal(consumersText(2, []), '2 other consumers');
    assert.equal(consumersText(1, [{ tag: undefined, user: undefined, peer: undefined }]), '1 other consumer');
    assert.equal(consumersText(1, [{ ...worker, tag: 'a\nb', user: undefined }]), String.raw`a\nb`);
  });
});
