import assert from 'node:assert/strict';
import type { FormValues } from '../../../src/ui/connectionForm/values.ts';
import { isBlocking, walkSteps, type Answer, type FormStart, type Step } from '../../../src/ui/picks/steps.ts';

/** What a person does at a step: `ENTER`, `BACK`, `ESC`, `MORE`, enters another text, or chooses a label. */
export type Action = string | { readonly pick: string };

/** Plays a person; `seen` gets each step with its number and the text filled in. */
export async function play(form: FormStart<FormValues>, actions: readonly Action[]) {
  const seen: string[] = [];
  const left = [...actions];
  const end = await walkSteps(form, (step, state, { number, total }) => {
    const shown = step.kind === 'text' ? step.value(state) : step.choices(state).find((each) => each.current)?.label;
    seen.push(`${step.id} ${number}/${total} ${shown}`);
    return Promise.resolve(act(step, state, left.shift() ?? 'ENTER'));
  });
  return { seen, end };
}

function act(step: Step<FormValues>, state: FormValues, action: Action): Answer<FormValues> {
  if (action === 'ESC') return { kind: 'escaped' };
  if (action === 'BACK') return { kind: 'back', state };
  if (action === 'MORE') return { kind: 'more', state };
  if (step.kind === 'choice') {
    const chosen = step
      .choices(state)
      .find((each) => (typeof action === 'object' ? each.label === action.pick : each.current));
    assert.ok(chosen, `${step.id}: ${JSON.stringify(action)}`);
    return { kind: 'done', state: chosen.state };
  }
  assert.ok(typeof action === 'string');
  const text = action === 'ENTER' ? step.value(state) : action;
  assert.equal(isBlocking(step.check?.(text, state)), false, `${step.id}: ${text}`);
  return { kind: 'done', state: step.apply(state, text) };
}
