import assert from 'node:assert/strict';
import { AppError } from '../../../src/common/errors.ts';
import { controlsOf, lossOf, type ControlContext } from '../../../src/ui/output/controls.ts';

const HELD: ControlContext = {
  mode: 'hold',
  state: 'held',
  message: { routingKey: 'order.created', properties: {} },
  fate: { kind: 'unknown' },
  limit: { kind: 'none' },
  isQuorum: false,
  isLastReturn: false,
  loss: 'requeued',
  isConfirmed: true,
};
const titles = (over: Partial<ControlContext>): string[] => controlsOf({ ...HELD, ...over }).map(({ title }) => title);
const tooltip = (over: Partial<ControlContext>, title: string): string =>
  controlsOf({ ...HELD, ...over }).find((control) => control.title === title)?.tooltip ?? '';

describe('the controls of a message', () => {
  it('settle it while it is held', () => {
    assert.deepEqual(titles({}), ['Ack', 'Requeue', 'Reject', 'Ack up to here', 'Open']);
  });

  it('say where a rejected message goes, when that is known', () => {
    const to = (exchange: string, routingKey?: string): string | undefined =>
      titles({ fate: { kind: 'deadLettered', exchange, routingKey } })[2];
    assert.equal(to('orders.dlx'), 'Reject to orders.dlx');
    assert.equal(to('', 'orders.dead'), 'Reject to orders.dead');
    assert.equal(to(''), 'Reject to order.created');
    assert.equal(titles({ fate: { kind: 'dropped' } })[2], 'Reject (drop)');
  });

  it('say what a return costs', () => {
    assert.match(tooltip({}, 'Requeue'), /marked redelivered$/);
    assert.match(tooltip({ limit: { kind: 'known', limit: 20 } }, 'Requeue'), /more than 20 times/);
    assert.match(tooltip({ limit: { kind: 'firstReturnDrops' } }, 'Requeue'), /first return/);
    assert.match(tooltip({ isQuorum: true }, 'Requeue'), /^Goes to the end of the queue/);
    assert.match(tooltip({ isQuorum: true, limit: { kind: 'unknown' } }, 'Requeue'), /or to its end/);
  });

  it('offer another way for a message whose next return would lose it', () => {
    assert.deepEqual(titles({ isLastReturn: true }), [
      'Ack',
      'Copy elsewhere and ack…',
      'Requeue (lose it)',
      'Reject',
      'Ack up to here',
      'Open',
    ]);
  });

  it('give way to what became of it', () => {
    assert.deepEqual(titles({ state: 'acked' }), ['✓ acked', 'Open']);
    assert.deepEqual(titles({ state: 'requeued' }), ['↩ requeued', 'Open']);
    assert.deepEqual(titles({ state: 'rejected' }), ['✗ rejected', 'Open']);
    assert.deepEqual(titles({ state: 'lost' }), ['lost: the broker has requeued it', 'Open']);
    assert.deepEqual(titles({ state: 'acked', isConfirmed: false }), ['acked…', 'Open']);
    assert.deepEqual(titles({ state: 'lost', loss: 'queueGone', isConfirmed: false }), [
      'lost: gone with its queue',
      'Open',
    ]);
    assert.deepEqual(titles({ state: 'lost', loss: 'queueGone' }), ['lost: gone with its queue', 'Open']);
    assert.deepEqual(titles({ state: undefined }), ['settled', 'Open']);
  });

  it('claim nothing of a message when the broker did not answer', () => {
    assert.deepEqual(titles({ state: 'lost', loss: 'unconfirmed' }), [
      'not settled: the broker did not answer',
      'Open',
    ]);
  });

  it('take what became of the lost ones from how the tail stands', () => {
    const error = new AppError('connectionLost', { reason: 'reset' });
    const gone = new AppError('queueNotFound', { queue: 'orders' });
    assert.equal(lossOf({ kind: 'interrupted', error, returned: 1 }), 'requeued');
    assert.equal(lossOf({ kind: 'running' }), 'requeued');
    assert.equal(lossOf({ kind: 'ended', error, returned: 1 }), 'requeued');
    assert.equal(lossOf({ kind: 'ended', error: gone, returned: 1 }), 'queueGone');
    assert.equal(lossOf({ kind: 'ended', returned: 1, isUnconfirmed: true }), 'unconfirmed');
  });

  it('do not offer to open what is no longer kept', () => {
    assert.deepEqual(titles({ state: 'acked', message: undefined }), ['✓ acked']);
    assert.deepEqual(titles({ mode: 'drain', state: undefined, message: undefined }), []);
  });

  it('are only to open it in drain', () => {
    assert.deepEqual(titles({ mode: 'drain', state: undefined }), ['Open']);
  });

  it('have no command where there is nothing to do', () => {
    assert.equal(controlsOf({ ...HELD, state: 'acked' })[0]?.command, undefined);
  });

  it('have a reply where one is awaited', () => {
    const message = { routingKey: 'k', properties: { replyTo: 'replies' } };
    assert.deepEqual(titles({ message }).slice(-2), ['Reply', 'Open']);
  });
});
