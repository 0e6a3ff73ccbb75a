import * as vscode from 'vscode';
import { formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { say } from './tailTarget.ts';
import { plainText } from '../plainText.ts';

/** As AMQP counts it: an unsigned 16-bit integer, of which 0 would mean no limit. */
const mostPrefetch = 65_535;

/** Asks for another prefetch of a tail that holds, and changes it. @throws AppError why it could not be changed */
export async function changePrefetch({ session, tail, subject }: TailOutput): Promise<void> {
  const { holding } = tail;
  const name = visibleName(subject);
  if (!holding || tail.status.kind === 'ended') {
    say(`${name} holds no messages`);
    return;
  }
  if (!holding.canChangePrefetch) return sayWhyNot(name);
  const entered = await vscode.window.showInputBox({
    title: `Change Prefetch of ${name} on ${session.profile.name}`,
    prompt: 'How many messages are delivered before you settle one. What is held stays held.',
    value: String(holding.prefetch),
    validateInput: (text) =>
      prefetchIn(text) === undefined ? `Enter a whole number from 1 to ${formatInteger(mostPrefetch)}.` : undefined,
  });
  const prefetch = entered === undefined ? undefined : prefetchIn(entered);
  if (prefetch === undefined || prefetch === holding.prefetch) return;
  await holding.changePrefetch(prefetch);
  if (holding.prefetch === prefetch) say(`${name}: prefetch ${prefetch}`);
  else sayWhyNot(name);
}

function sayWhyNot(name: string): void {
  const text = `The prefetch of ${name} cannot be changed while it is tailed: the queue may go with its consumer, or lose what is under way. Stop the tail, change the setting warren.tail.prefetch, and tail again.`;
  void vscode.window.showInformationMessage(plainText(text));
}

function prefetchIn(text: string): number | undefined {
  const number = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= mostPrefetch ? number : undefined;
}
