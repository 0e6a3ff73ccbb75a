import * as vscode from 'vscode';
import { copyAndAck, type CopyOutcome } from '../../broker/consume/copyAndAck.ts';
import { rejectFate } from '../../broker/consume/queueTraits.ts';
import type { Message } from '../../broker/message/message.ts';
import type { Draft } from '../../broker/publish/draft.ts';
import type { Session } from '../../broker/session.ts';
import { formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { errorText } from '../errorText.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { plainLabel } from '../plainLabel.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { publishingUser } from '../saving/publishingUser.ts';
import { pickQueue } from '../picks/targets.ts';
import { say } from './tailTarget.ts';
import { plainText } from '../plainText.ts';

/** So many are named. */
const mostNamed = 5;

/**
 * Asks for a queue, copies held messages there, and acks each whose copy is confirmed.
 * @throws AppError why nothing could be published
 */
export async function copyElsewhere(output: TailOutput, numbers: readonly number[]): Promise<void> {
  const { session, tail } = output;
  const own = tail.source.name;
  const queue = await pickQueue(session, `Copy ${namesOf(numbers)} of ${visibleName(own)} Elsewhere and Ack`, own);
  if (queue === undefined) return;
  const toDraft = await draftsFor(session);
  const outcomes = new Map<number, CopyOutcome>();
  try {
    await withProgressWhenSlow(`Copying to ${visibleName(queue)}`, (signal) =>
      copyAndAck(numbers, { tail, publisher: session.publisher, queue, toDraft, signal }, (number, outcome) =>
        outcomes.set(number, outcome),
      ),
    );
  } finally {
    tell(outcomes, queue);
  }
}

/** Whether a tail may stop now, asked where it holds messages that would be lost by going back. @throws AppError as `copyElsewhere` */
export function mayStop(output: TailOutput): Promise<boolean> {
  const lost = (): number[] => output.tail.lastReturns?.() ?? [];
  return mayLose(output, lost, { question: `Stop the tail of ${visibleName(output.subject)}?`, goOn: 'Stop Anyway' });
}

/** Whether these may go back now, asked where that would lose some. @throws AppError as `copyElsewhere` */
export function mayRequeue(output: TailOutput, isAmong: (number: number) => boolean): Promise<boolean> {
  const lost = (): number[] => (output.tail.lastReturns?.() ?? []).filter(isAmong);
  const question = `Requeue messages of ${visibleName(output.subject)}?`;
  return mayLose(output, lost, { question, goOn: 'Requeue Anyway' });
}

async function mayLose(
  output: TailOutput,
  lost: () => readonly number[],
  { question, goOn }: { readonly question: string; readonly goOn: string },
): Promise<boolean> {
  const numbers = lost();
  if (numbers.length === 0) return true;
  const copy = 'Copy Elsewhere and Ack…';
  const detail = lossText(output, numbers);
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, copy, goOn);
  if (chosen !== copy) return chosen === goOn;
  await copyElsewhere(output, numbers);
  return mayLose(output, lost, { question, goOn });
}

function lossText({ details, subject }: TailOutput, numbers: readonly number[]): string {
  const them = numbers.length === 1 ? 'it' : 'them';
  const they = numbers.length === 1 ? 'it goes' : 'they go';
  const fate = rejectFate(details);
  const losses = {
    dropped: `drops ${them} for good`,
    unknown: `drops or dead-letters ${them}`,
    deadLettered: `dead-letters ${them}`,
  };
  const where =
    fate.kind === 'deadLettered' && fate.exchange !== '' ? ` to exchange ${visibleName(fate.exchange)}` : '';
  return `${namesOf(numbers)} came back as often as the delivery limit allows: when ${they} back now, ${visibleName(subject)} ${losses[fate.kind]}${where}.`;
}

/** `#3`, `#3 and #4`, `#3, #4, #5, #6, #7 and 12 more`. */
function namesOf(numbers: readonly number[]): string {
  const named = numbers.slice(0, mostNamed).map((number) => `#${number}`);
  const rest = numbers.length - named.length;
  const last = rest > 0 ? `${formatInteger(rest)} more` : named.pop();
  return named.length === 0 ? String(last) : `${named.join(', ')} and ${last}`;
}

/** How a message becomes one that can be published again as it came. */
async function draftsFor(
  session: Session,
): Promise<(message: Message) => { readonly draft: Draft } | { readonly problem: string }> {
  const { copyOf, toPublish } = await import('../../broker/saved/saved.ts');
  const user = await publishingUser(session);
  return (message) => {
    const copy = copyOf(message);
    const made = 'problem' in copy ? copy : toPublish(copy.draft, user);
    if ('problem' in made) return made;
    if (made.isCarbonCopied) return { problem: 'its header CC would send the copy to other queues too' };
    return { draft: made.draft };
  };
}

/** What went well is said quietly; what is not as it was asked for must be seen. */
function tell(outcomes: ReadonlyMap<number, CopyOutcome>, queue: string): void {
  const moved = [...outcomes].filter(([, { kind }]) => kind === 'moved').map(([number]) => number);
  if (moved.length > 0)
    say(`Copied ${namesOf(moved)} to ${plainLabel(queue)} and acked ${moved.length === 1 ? 'it' : 'them'}`);
  const problems = [...outcomes].flatMap(([number, outcome]) => problemOf(number, outcome, visibleName(queue)) ?? []);
  if (problems.length > 0) void vscode.window.showWarningMessage(plainText(problems.slice(0, mostNamed).join(' ')));
}

function problemOf(number: number, outcome: CopyOutcome, queue: string): string | undefined {
  switch (outcome.kind) {
    case 'moved':
      return undefined;
    case 'notHeld':
      return `#${number} is not held any more, and was not copied.`;
    case 'copied':
      return `#${number} is in ${queue} now, but it was not held any more when that was confirmed: it may be in both queues.`;
    case 'notSent':
      return `#${number} was not copied and is still held: ${outcome.reason}.`;
    case 'notConfirmed':
      return `#${number} is still held: ${unconfirmedText(outcome.outcome, queue)}`;
  }
}

function unconfirmedText(outcome: Extract<CopyOutcome, { kind: 'notConfirmed' }>['outcome'], queue: string): string {
  if (outcome.kind === 'unroutable') return `there is no queue ${queue}.`;
  const why = errorText(outcome.error);
  return outcome.kind === 'refused'
    ? `the broker refused the copy. ${why}`
    : `its copy may be in ${queue} or not. ${why}`;
}
