import type { QueueInfo } from '../../broker/management/model.ts';
import type { Management } from '../../broker/management/probe.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError } from '../../common/errors.ts';

/** How long to wait for what the management API is found to be, in milliseconds. */
const probeMs = 3_000;

/** Undefined when there is no management API, or it does not tell: tailing needs it not. */
export async function readDetails(session: Session, queue: string): Promise<QueueInfo | undefined> {
  const management = await managementOf(session);
  if (management?.kind !== 'available') return undefined;
  try {
    return await management.client.queue(session.profile.vhost, queue);
  } catch (error) {
    if (toAppError(error).is('unexpected')) throw error;
    return undefined;
  }
}

/** What is known of the management API; it is looked for when the connection opens, which may be just now. */
async function managementOf(session: Session): Promise<Management | undefined> {
  if (session.management) return session.management;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, probeMs);
    const subscription = session.onDidChange(() => {
      if (session.management || !session.isOpen) done();
    });
    function done(): void {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    }
  });
  return session.management;
}
