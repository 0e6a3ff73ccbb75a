import * as vscode from 'vscode';
import { formatInteger } from '../../common/format.ts';
import type { Output } from '../output/output.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { plainLabel } from '../plainLabel.ts';
import { queueNameOf, sessionOf } from '../picks/targets.ts';

const saidMs = 4_000;

/**
 * The tail a command is about: its argument's, else the one shown, else the one that is chosen among those running. None where
 * the argument is a queue in the tree without one here: another queue's would be wrong.
 */
export async function tailFor(output: Output, argument: unknown): Promise<TailOutput | undefined> {
  const given = givenTail(output, argument);
  if (given || isQueueRow(argument)) return given;
  return (
    output.shown.current ??
    (output.messages.isVisible ? output.messages.current : undefined) ??
    pickTail(
      output,
      output.outputs.all().filter(({ hasEnded }) => !hasEnded),
    )
  );
}

/** A queue in the tree; one that is tailed has a tail that writes to a file, where it has none here. */
function isQueueRow(argument: unknown): boolean {
  return sessionOf(argument) !== undefined && queueNameOf(argument) !== undefined;
}

/** The tail of a queue in the tree, or that a lens names. */
export function givenTail({ outputs }: Output, argument: unknown): TailOutput | undefined {
  const session = sessionOf(argument);
  const queue = queueNameOf(argument);
  return session && queue !== undefined ? outputs.find(session, { kind: 'queue', name: queue }) : outputs.get(argument);
}

/** @returns the only one of them without asking; undefined when the person escaped */
export async function pickTail({ outputs }: Output, among: readonly TailOutput[]): Promise<TailOutput | undefined> {
  if (among.length === 0) say('There is no tail');
  if (among.length <= 1) return among[0];
  const items = among.map(({ id, subject, session, tail }) => ({
    id,
    label: plainLabel(subject),
    description: `${session.profile.name} · ${tail.mode} · ${tail.status.kind}`,
    detail: `${formatInteger(tail.buffer.lastNumber)} received · ${formatInteger(tail.heldCount)} held`,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Tails', matchOnDescription: true });
  return outputs.get(picked?.id);
}

/** Says something in the status bar that nobody has to answer. */
export function say(text: string): void {
  vscode.window.setStatusBarMessage(text, saidMs);
}
