import assert from 'node:assert/strict';
import { isBlocking, walkSteps, type Answer, type Step } from '../../../src/ui/picks/steps.ts';
import {
  firstAnswers,
  hasFilters,
  startOf,
  streamSteps,
  type StreamAnswers,
} from '../../../src/ui/modes/streamSteps.ts';

const now = new Date(2026, 10, 22, 15, 30);
const steps = streamSteps(100, () => now);

/** Answers each step by the label of a choice or a text; a step that is asked and has no answer fails. */
async function walk(answers: Readonly<Record<string, string>>, state = firstAnswers): Promise<StreamAnswers> {
  const ask = (step: Step<StreamAnswers>, at: StreamAnswers): Promise<Answer<StreamAnswers>> => {
    const given = answers[step.id] ?? assert.fail(`${step.id} is asked`);
    if (step.kind === 'text') {
      assert.equal(isBlocking(step.check?.(given, at)), false, given);
      return Promise.resolve({ kind: 'done', state: step.apply(at, given) });
    }
    const choice = step.choices(at).find(({ label }) => label === given);
    return Promise.resolve({ kind: 'done', state: choice?.state ?? assert.fail(given) });
  };
  const answer = await walkSteps({ steps, state }, ask);
  return answer.kind === 'done' ? answer.state : assert.fail(answer.kind);
}

const check = (id: string, text: string) => {
  const step = steps.find((each) => each.id === id);
  return step?.kind === 'text' ? step.check?.(text, firstAnswers) : assert.fail(id);
};

describe('the questions of how to read a stream', () => {
  it('are about the start, and then how to read on', async () => {
    const first = await walk({ from: 'First', reading: 'Page by page' });
    assert.deepEqual([startOf(first, now), first.reading], [{ kind: 'first' }, 'page']);
    const at = await walk({ from: 'Offset…', offset: '48,000', reading: 'Follow' });
    assert.deepEqual([startOf(at, now), at.reading], [{ kind: 'offset', offset: 48_000 }, 'follow']);
    const time = await walk({ from: 'Time…', time: '14:05', reading: 'Follow' });
    const seconds = new Date(2026, 10, 22, 14, 5).getTime() / 1_000;
    assert.deepEqual(startOf(time, now), { kind: 'time', seconds });
    assert.deepEqual(startOf(await walk({ from: 'Age…', age: '30m', reading: 'Follow' }), now), {
      kind: 'age',
      age: '30m',
    });
  });

  it('leave out how to read on after the last message: what comes is followed', async () => {
    assert.equal((await walk({ from: 'Next' })).reading, 'follow');
  });

  it('refuse what the broker would, as it is typed, and say how a time is understood', () => {
    assert.equal(check('offset', '-1'), 'The offset must be a whole number from 0.');
    assert.ok(isBlocking(check('age', '7d')));
    assert.equal(check('time', '16:00'), 'The time is still to come.');
    const understood = check('time', 'yesterday 14:05');
    assert.match(typeof understood === 'object' ? understood.message : '', /^Sat Nov 21 2026 14:05:00 GMT/);
  });

  it('are about a filter only when more is asked for', async () => {
    const more = await walk(
      { from: 'First', reading: 'Follow', filter: 'invoices' },
      { ...firstAnswers, asksFilter: true },
    );
    assert.equal(more.filter, 'invoices');
  });

  it('are about a filter only where the broker has them', () => {
    assert.deepEqual(['3.10.8', '3.12.14', '3.13.0', '4.0.5', '4.1.0-rc.1', undefined, ''].map(hasFilters), [
      false,
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
