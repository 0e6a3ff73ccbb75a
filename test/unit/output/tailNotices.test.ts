import assert from 'node:assert/strict';
import type { TailStatus } from '../../../src/broker/consume/tailStatus.ts';
import { AppError } from '../../../src/common/errors.ts';
import { formatStart, isStartLine, noticeText, statusText } from '../../../src/ui/output/tailNotices.ts';

const HOLD = { name: 'orders', mode: 'hold' } as const;
const DRAIN = { ...HOLD, mode: 'drain' } as const;
const START = { name: 'orders', connection: 'local', cost: 'drain: messages are taken off the queue for good' };
const RUNNING: TailStatus = { kind: 'running' };
const closed = new AppError('brokerClosed', { reason: "closed with reason 'shutdown'" });

const stopped = (returned: number, pastLimit: number): string | undefined =>
  statusText({ kind: 'ended', returned, pastLimit }, { kind: 'running' }, { name: 'orders', mode: 'hold' });

describe('what a tail says of itself', () => {
  it('begins with queue, connection, mode and cost', () => {
    assert.match(formatStart(0, START), /Tailing orders on local, drain: messages are taken off the queue for good\n$/);
  });

  it('is told from other lines by its beginning', () => {
    assert.equal(isStartLine(formatStart(0, START).trimEnd()), true);
    assert.equal(isStartLine(`     ${formatStart(0, START).trimEnd()}`), false);
    assert.equal(isStartLine('── 12:00:00.000  Delivery paused'), false);
  });

  it('names what ended it and how many messages went back', () => {
    const interrupted: TailStatus = { kind: 'interrupted', error: closed, returned: 5 };
    assert.equal(
      statusText(interrupted, RUNNING, HOLD),
      "Interrupted: The broker closed the connection: closed with reason 'shutdown'. 5 messages went back to the queue. Reconnecting…",
    );
    assert.equal(
      statusText({ kind: 'ended', returned: 1 }, RUNNING, HOLD),
      'Stopped. 1 message went back to the queue.',
    );
    assert.equal(statusText({ kind: 'ended', returned: 0 }, RUNNING, DRAIN), 'Stopped.');
  });

  it('does not say that messages went back to a queue that is gone', () => {
    const error = new AppError('queueNotFound', { queue: 'orders' });
    const ended: TailStatus = { kind: 'ended', error, returned: 2 };
    assert.equal(statusText(ended, RUNNING, HOLD), 'Ended: queue orders is gone. 2 held messages went with it.');
    assert.equal(
      statusText({ ...ended, returned: 0 }, { kind: 'starting' }, HOLD),
      'Ended: Queue orders does not exist.',
    );
  });

  it('says once that it is connected again', () => {
    const before: TailStatus = { kind: 'interrupted', error: closed, returned: 2 };
    const text = 'Connected again. What went back comes again, marked redelivered.';
    assert.equal(statusText(RUNNING, before, HOLD), text);
    assert.equal(statusText(RUNNING, { ...before, returned: 0 }, HOLD), 'Connected again.');
    assert.match(statusText({ kind: 'paused' }, before, HOLD) ?? '', /still paused/);
  });

  it('is silent when it starts, and while it stops', () => {
    assert.equal(statusText({ kind: 'running' }, { kind: 'starting' }, HOLD), undefined);
    assert.equal(statusText({ kind: 'stopping' }, RUNNING, HOLD), undefined);
  });

  it('does not say that messages went back when the broker did not answer', () => {
    const ended: TailStatus = { kind: 'ended', returned: 2, isUnconfirmed: true };
    assert.equal(
      statusText(ended, { kind: 'stopping' }, HOLD),
      'Stopped. The broker did not answer: it may hold 2 messages until the connection closes.',
    );
  });

  it('does not call a queue gone whose node is down, or that is there', () => {
    const away = new AppError('homeNodeDown', { queue: 'orders' });
    assert.equal(
      statusText({ kind: 'ended', error: away, returned: 1 }, RUNNING, HOLD),
      'Ended: The node that hosts queue orders is down. 1 message held here went away with it until it is back.',
    );
    const there = new AppError('consumerCancelled', { queue: 'orders' });
    assert.match(statusText({ kind: 'ended', error: there, returned: 1 }, RUNNING, HOLD) ?? '', /is still there/);
  });

  it('says that a drain stopped while paused gave back what nobody has seen', () => {
    assert.equal(
      statusText({ kind: 'ended', returned: 3 }, { kind: 'stopping' }, DRAIN),
      'Stopped. 3 messages not yet shown went back to the queue.',
    );
  });

  it('says how many of those that went back are lost by that', () => {
    assert.match(
      stopped(3, 1) ?? '',
      /3 messages went back to the queue\. 1 of them had come back as often .* dropped or dead-lettered it\.$/,
    );
    assert.match(stopped(1, 1) ?? '', /went back to the queue\. It had come back .* dropped or dead-lettered it\.$/);
    assert.match(stopped(3, 3) ?? '', /3 of them had come back .* dropped or dead-lettered these\.$/);
  });

  it('does not say again what a notice has said', () => {
    const ended = { kind: 'ended', returned: 3, isTold: true } as const;
    const subject = { name: 'orders', mode: 'peek' } as const;
    assert.equal(statusText(ended, { kind: 'stopping' }, subject), undefined);
    assert.match(statusText({ ...ended, isUnconfirmed: true }, { kind: 'stopping' }, subject) ?? '', /did not answer/);
  });

  it('warns before the return that loses a message', () => {
    const text = noticeText({ kind: 'lastReturn', number: 12, returns: 20 });
    assert.match(text, /^#12 came back 20 times, the queue's delivery limit/);
    assert.match(noticeText({ kind: 'returnsCount', number: 3, returns: 1 }), /^#3 .*counts returns/);
  });
});
