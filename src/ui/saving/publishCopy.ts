import { AppError } from '../../common/errors.ts';
import type { Connections } from '../connections/connections.ts';
import type { Output } from '../output/output.ts';
import { pickTarget } from '../publish/pickTarget.ts';
import type { Publishing } from '../publish/publishing.ts';
import { describePublishTarget, type RecentTargets } from '../publish/target.ts';
import { connected } from '../picks/targets.ts';
import { agreed } from './agreed.ts';
import { chooseMessages, describeChosen, describeCount } from './chosenMessages.ts';
import { PublishNotes } from './notes.ts';
import { publishingUser } from './publishingUser.ts';

export interface PublishCopyParts {
  readonly connections: Connections;
  readonly output: Output;
  readonly recent: RecentTargets;
  readonly publishing: Publishing;
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
  const headers = chosen.messages.map(({ properties }) => (properties.headers ?? {}) as Record<string, unknown>);
  const target = await pickTarget(session, label, parts.recent.of(session), headers);
  if (!target) return;
  await connected(session);
  const { copyOf, toPublish } = await import('../../broker/saved/saved.ts');
  const user = await publishingUser(session);
  const notes = new PublishNotes();
  const drafts = chosen.messages.flatMap((message) => {
    const copy = copyOf(message);
    const result = 'draft' in copy ? toPublish({ ...copy.draft, ...target }, user) : copy;
    notes.add(`#${message.number}`, result);
    return 'draft' in result ? [result.draft] : [];
  });
  if (!(await agreed(notes, `Publish a copy of ${label} to ${describePublishTarget(target)}?`))) return;
  const batch = { count: drafts.length, label: describeCount(drafts.length, chosen.output), target };
  await parts.publishing.publish(session.profile.id, {
    ...batch,
    async *drafts(from) {
      yield* drafts.slice(from);
    },
  });
}
