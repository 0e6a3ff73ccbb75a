import * as vscode from 'vscode';
import type { Settlement } from '../../broker/consume/ackState.ts';
import { counted, formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { setContextKey } from '../contextKeys.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { plainLabel } from '../plainLabel.ts';
import { mayRequeue } from './copyAndAck.ts';
import { say } from './tailTarget.ts';

/** More than so many are taken off the queue at once only when asked: it cannot be undone. */
const withoutAsking = 100;

const verbs: Readonly<Record<Settlement, readonly [now: string, past: string]>> = {
  acked: ['Ack', 'Acked'],
  requeued: ['Requeue', 'Requeued'],
  rejected: ['Reject', 'Rejected'],
};

/** Whether a person wants so many messages settled for good; few are not asked about. */
export async function agreedToSettle(output: TailOutput, count: number, settlement: Settlement): Promise<boolean> {
  if (settlement === 'requeued' || count <= withoutAsking) return true;
  const verb = `${verbs[settlement][0]} ${formatInteger(count)} messages`;
  const how = settlement === 'acked' ? '' : ', dead-lettered where it has a dead-letter exchange';
  const detail = `They leave ${visibleName(output.subject)} on ${output.session.profile.name} for good${how}.`;
  return (await vscode.window.showWarningMessage(`${verb}?`, { modal: true, detail }, verb)) === verb;
}

/** Settles those of the messages that are held. */
export async function settleSeveral(output: TailOutput, numbers: number[], settlement: Settlement): Promise<void> {
  const held = numbers.filter((number) => output.tail.stateOf(number) === 'held');
  if (!(await agreedToSettle(output, held.length, settlement))) return;
  const chosen = new Set(held);
  if (settlement === 'requeued' && !(await mayRequeue(output, (number) => chosen.has(number)))) return;
  const settled = output.tail.settle(held, settlement);
  if (settlement === 'acked' && settled > 0) setContextKey('warren.hasAcked', true);
  sayHowMany(verbs[settlement][1], settled, output);
}

export function sayHowMany(verb: string, count: number, { subject }: TailOutput): void {
  say(
    count === 0
      ? `${plainLabel(subject)}: no message is held`
      : `${verb} ${counted(count, 'message')} of ${plainLabel(subject)}`,
  );
}
