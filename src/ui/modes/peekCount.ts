import * as vscode from 'vscode';
import type { Peek } from '../../broker/consume/peekPlan.ts';
import { problemOf } from './peekCountCheck.ts';
import { formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { toValidation } from '../picks/multiStep.ts';
import type { QueueFacts } from './queueFacts.ts';

interface Question {
  /** How many were looked at last. */
  readonly last: number | undefined;
  /** What the box begins with. */
  readonly value: number;
  /** The name of the connection. */
  readonly on: string;
}

/** Asks how many messages to look at; undefined when the person escaped. */
export async function askCount(
  { queue, ready }: Pick<QueueFacts, 'queue' | 'ready'>,
  plan: Peek,
  { last, value, on }: Question,
): Promise<number | undefined> {
  const answer = await vscode.window.showInputBox({
    title: `Peek ${visibleName(queue)} on ${on}`,
    prompt: `How many messages to look at, from the head of the queue (${formatInteger(ready)} ready)`,
    value: String(value),
    validateInput: (text) => toValidation(problemOf(text, plan, last)),
  });
  return answer === undefined ? undefined : Number(answer);
}
