import * as vscode from 'vscode';
import { AppError } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import type { Connections } from '../connections.ts';
import type { Output } from '../output/output.ts';
import { pickTarget } from '../publish/pickTarget.ts';
import { describePublishTarget, type RecentTargets } from '../publish/target.ts';
import { connected } from '../targets.ts';
import { chooseMessages, describeChosen } from './chosenMessages.ts';
import { PublishNotes } from './notes.ts';
import { publishDrafts } from './publishDrafts.ts';
import { publishingUser } from './publishingUser.ts';

export interface PublishCopyParts {
  readonly connections: Connections;
  readonly output: Output;
  readonly recent: RecentTargets;
}

/**
 * Publishes messages of a tail once more, as they came: `(tailId, numbers)`, all that is kept without numbers.
 * @throws AppError why nothing was sent
 */
export async function publishCopy(parts: PublishCopyParts, args: readonly unknown[]): Promise<void> {
  const chosen = await chooseMessages(parts.output, args);
  if (!chosen) return;
  // By its id: the connection may have been edited since the tail began.
  const session = parts.connections.get(chosen.output.session.profile.id);
  if (!session) throw new AppError('notConnected', {});
  const label = describeChosen(chosen);
  const target = await pickTarget(session, label, parts.recent.of(session));
  if (!target) return;
  await connected(session);
  await parts.recent.add(session, target);
  const { copyOf, toPublish } = await import('../../broker/saved/saved.ts');
  const user = await publishingUser(session);
  const notes = new PublishNotes();
  const drafts = chosen.messages.flatMap((message) => {
    const copy = copyOf(message);
    const result = 'draft' in copy ? toPublish({ ...copy.draft, ...target }, user) : copy;
    notes.add(`#${message.number}`, result);
    return 'draft' in result ? [result.draft] : [];
  });
  if (!notes.isEmpty && !(await agreed(notes, label, describePublishTarget(target)))) return;
  await publishDrafts(session, { count: drafts.length, label, target, drafts });
}

async function agreed({ count, text }: PublishNotes, label: string, where: string): Promise<boolean> {
  const button = count === 1 ? 'Publish 1 Message' : `Publish ${formatInteger(count)} Messages`;
  const buttons = count === 0 ? [] : [button];
  const title = `Publish a copy of ${label} to ${where}?`;
  const chosen = await vscode.window.showWarningMessage(title, { modal: true, detail: text }, ...buttons);
  return chosen === button;
}
