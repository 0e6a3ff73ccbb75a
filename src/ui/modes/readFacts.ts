import { deliveryLimitOf } from '../../broker/consume/queueTraits.ts';
import type { ConsumerInfo, QueueInfo } from '../../broker/management/model.ts';
import type { Session } from '../../broker/session.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { peekCount, tailBufferLimits, tailPrefetch } from '../config.ts';
import type { FirehoseNotes } from '../storage/firehoseNotes.ts';
import type { QueueFacts } from './queueFacts.ts';
import { readDetails } from './readDetails.ts';
import { readTapFacts } from './tapFacts.ts';

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
