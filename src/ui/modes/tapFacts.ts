import { readExchanges } from '../../broker/consume/tap/exchangeFacts.ts';
import type { FirehoseNote } from '../../broker/consume/tap/firehose.ts';
import { queuePlan, type QueuePlan } from '../../broker/consume/tap/queuePlan.ts';
import type { ManagementClient } from '../../broker/management/client.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError } from '../../common/errors.ts';

/** What is known of a queue for a tap of it. */
export interface TapFacts {
  readonly plan: QueuePlan;
  /** Undefined where it cannot be had: it takes an administrator, and RabbitMQ. */
  readonly firehose: FirehoseFacts | undefined;
}

export interface FirehoseFacts {
  readonly isOn: boolean;
  readonly note: FirehoseNote;
}

/** Undefined where the bindings of the queue cannot be known: without a management API, or where it does not tell. */
export async function readTapFacts(
  { management, profile: { vhost } }: Session,
  queue: string,
  note: FirehoseNote,
): Promise<TapFacts | undefined> {
  if (management?.kind !== 'available') return undefined;
  const { client, user } = management;
  try {
    const [bindings, exchanges, firehose] = await Promise.all([
      client.queueBindings(vhost, queue),
      readExchanges(client, vhost),
      user.tags.includes('administrator') ? readFirehose(client, vhost, note) : undefined,
    ]);
    return { plan: queuePlan(bindings, exchanges), firehose };
  } catch (error) {
    if (toAppError(error).is('unexpected')) throw error;
    return undefined;
  }
}

async function readFirehose(
  client: ManagementClient,
  vhost: string,
  note: FirehoseNote,
): Promise<FirehoseFacts | undefined> {
  const { tracing } = await client.vhost(vhost);
  return tracing === undefined ? undefined : { isOn: tracing, note };
}
