import assert from 'node:assert/strict';
import { answer, type Answers } from '../../../src/protocol/answer.ts';
import { answerMs, Caller } from '../../../src/protocol/caller.ts';
import { excluding, includes, including, normalized } from '../../../src/protocol/intervals.ts';
import { fromHost, fromWebview, requestShapes } from '../../../src/protocol/messages.ts';
import { FakeClock } from '../../support/fakeClock.ts';

describe('what the panel and its webview say to each other', () => {
  it('is looked at before anything is done with it', () => {
    assert.deepEqual(fromWebview({ kind: 'ready' }), { kind: 'ready' });
    assert.deepEqual(fromWebview({ kind: 'seen', seq: 3 })?.kind, 'seen');
    const request = { kind: 'request', id: 1, name: 'rows', args: {} };
    assert.deepEqual(fromWebview(request), request);
    for (const wrong of [
      undefined,
      null,
      'ready',
      [],
      { kind: 'else' },
      { kind: 'seen', seq: '3' },
      { ...request, id: 1.5 },
      { ...request, name: 'constructor' },
      { ...request, args: null },
    ]) {
      assert.equal(fromWebview(wrong), undefined, JSON.stringify(wrong));
    }
    assert.equal(fromHost({ type: 'from the loader' }), undefined);
  });

  it('has arguments of the shape that was agreed on', () => {
    assert.ok(requestShapes.rows({ epoch: 1, from: -5, to: 10, follow: true }));
    assert.ok(!requestShapes.rows({ epoch: 1, from: -5, to: Infinity, follow: true }));
    assert.ok(requestShapes.select({ intervals: [[1, 2]] }));
    assert.ok(!requestShapes.select({ intervals: [[1, 2, 3]] }));
    assert.ok(!requestShapes.select({ intervals: { length: 0 } }));
    assert.ok(!requestShapes.settle({ settlement: 'lost' }));
    assert.ok(!requestShapes.filter({ text: 'x'.repeat(10_000) }));
    assert.ok(requestShapes.step({}));
    assert.ok(!requestShapes.step({ number: '1' }));
  });

  it('answers every request: by a result, by what went wrong, or that it was not understood', async () => {
    const answers = {
      filter: ({ text }: { text: string }) => {
        if (text === 'broken') throw new Error('broken');
        return { error: undefined };
      },
    } as unknown as Answers;
    const ask = (args: unknown) =>
      answer(answers, { kind: 'request', id: 7, name: 'filter', args }, (error) => `said: ${String(error)}`);
    assert.deepEqual(await ask({ text: 'x' }), { kind: 'reply', id: 7, result: { error: undefined } });
    assert.deepEqual(await ask({ text: 'broken' }), { kind: 'reply', id: 7, error: 'said: Error: broken' });
    assert.deepEqual(await ask({ text: 7 }), { kind: 'reply', id: 7, error: 'Not understood: filter.' });
  });

  it('ends every request: by its reply, an error, a time-out, or the end of the panel', async () => {
    const clock = new FakeClock();
    const posted: { id: number }[] = [];
    const caller = new Caller(
      (message) => posted.push(message as { id: number }),
      clock,
      () => 'tail-1',
    );
    const find = () => caller.ask('find', { number: 1 });
    const [replied, failed, forgotten] = [find(), find(), find()];
    const [first = 0, second = 0, third = 0] = posted.map(({ id }) => id);
    caller.settle({ kind: 'reply', id: second, error: 'No.' });
    caller.settle({ kind: 'reply', id: first, result: { place: 4 } });
    caller.settle({ kind: 'reply', id: third + 99, result: undefined });
    assert.deepEqual(await replied, { place: 4 });
    await assert.rejects(failed, /No\./);
    clock.pass(answerMs);
    await assert.rejects(forgotten, /did not answer in time/);
    caller.settle({ kind: 'reply', id: third, result: 'late' });
    const last = find();
    caller.dispose();
    await assert.rejects(last, /closed/);
    await assert.rejects(find(), /closed/);
    assert.equal(new Set(posted.map(({ id }) => id)).size, 4);
    assert.ok(posted.every((message) => fromWebview(message) !== undefined));
    assert.equal(clock.timers, 0);
  });

  it('takes no reply to the script that was in the webview before for its own', async () => {
    const clock = new FakeClock();
    const posted: { id: number }[] = [];
    const come = () =>
      new Caller(
        (message) => posted.push(message as { id: number }),
        clock,
        () => 'tail-1',
      );
    const before = come();
    const unanswered = before.ask('settle', { settlement: 'acked' });
    before.dispose();
    await assert.rejects(unanswered, /closed/);
    const now = come();
    const rows = now.ask('rows', { epoch: 1, from: 0, to: 4, follow: true });
    const [old = 0, current = 0] = posted.map(({ id }) => id);
    now.settle({ kind: 'reply', id: old, result: { settled: 1 } });
    now.settle({ kind: 'reply', id: current, result: { epoch: 1, from: 0, rows: [] } });
    assert.deepEqual(await rows, { epoch: 1, from: 0, rows: [] });
  });
});

describe('numbers of messages in intervals', () => {
  it('are in order, apart, and found', () => {
    const some = normalized([
      [8, 9],
      [1, 3],
      [4, 5],
      [7, 6],
      [9, 12],
    ]);
    assert.deepEqual(some, [
      [1, 5],
      [8, 12],
    ]);
    assert.deepEqual(
      [0, 1, 5, 6, 7, 8, 12, 13].map((number) => includes(some, number)),
      [false, true, true, false, false, true, true, false],
    );
    assert.deepEqual(including(some, 7, 6), [[1, 12]]);
    assert.deepEqual(excluding(some, 4), [
      [1, 3],
      [5, 5],
      [8, 12],
    ]);
    assert.deepEqual(excluding([[4, 4]], 4), []);
  });
});
