import { deliveryLimitOf } from '../../broker/consume/queueTraits.ts';
import type { ConsumerInfo, QueueInfo } from '../../broker/management/model.ts';
import type { Management } from '../../broker/management/probe.ts';
import type { Session } from '../../broker/session.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { peekCount, tailBufferLimits, tailPrefetch } from '../config.ts';
import type { FirehoseNotes } from '../storage/firehoseNotes.ts';
import type { QueueFacts } from './queueFacts.ts';
import { readTapFacts } from './tapFacts.ts';

/** How long to wait for what the management API is found to be, in milliseconds. */
const probeMs = 3_000;

/** Looks at a queue without touching it. @throws AppError why it cannot be looked at */
export async function readFacts(session: Session, queue: string, notes: FirehoseNotes): Promise<QueueFacts> {
  // First, because it says by its error whether the queue is there and ours to look at.
  const locked = await session.admin.check(queue).catch(lockedIn);
  const isLocked = locked instanceof AppError;
  const details = await readDetails(session, queue);
  const { consumers, ready } = isLocked ? countsIn(details) : locked;
  const consumersKnown = consumers > 0 && details ? await readConsumers(session, queue) : [];
  const brokerVersion = session.server?.version;
  const limit = deliveryLimitOf(details, brokerVersion);
  const settings = { prefetch: tailPrefetch(), peekCount: peekCount(), buffer: tailBufferLimits() };
  const tap = details && (await readTapFacts(session, queue, notes.of(session.profile)));
  if (isLocked && !tap) throw locked;
  return { queue, details, consumers, consumersKnown, ready, isLocked, brokerVersion, limit, tap, ...settings };
}

/** Of a queue that is exclusive to another connection copies can be had, and nothing else. @throws any other error */
function lockedIn(thrown: unknown): AppError {
  const error = toAppError(thrown);
  if (error.is('queueLocked')) return error;
  throw error;
}

function countsIn(details: QueueInfo | undefined): { consumers: number; ready: number } {
  return { consumers: details?.consumers ?? 0, ready: details?.ready ?? 0 };
}

/** Their names are a help, and no more. */
async function readConsumers({ management, profile }: Session, queue: string): Promise<ConsumerInfo[]> {
  if (management?.kind !== 'available') return [];
  return management.client.consumers(profile.vhost, queue).catch(() => []);
}

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
