import type { PublishingUser } from '../../broker/saved/saved.ts';
import type { Session } from '../../broker/session.ts';

/** By which a `user-id` is judged; where it cannot be told who somebody is to the broker, that is left to the broker. */
export async function publishingUser(session: Session): Promise<PublishingUser> {
  const { username, authentication } = session.profile;
  if (authentication === 'external') return { name: username, mayImpersonate: true };
  const { management } = session;
  if (management?.kind !== 'available') return { name: username, mayImpersonate: false };
  // The management API may be read as another user.
  const identity = await management.client.whoami().catch(() => undefined);
  return { name: username, mayImpersonate: identity?.name === username && identity.tags.includes('impersonator') };
}
