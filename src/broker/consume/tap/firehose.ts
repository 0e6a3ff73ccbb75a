import type { ManagementClient } from '../../management/client.ts';

/** Where the broker publishes what it traces. @see https://www.rabbitmq.com/docs/firehose */
export const traceExchange = 'amq.rabbitmq.trace';

/**
 * Remembers that we have switched on the firehose of a connection's vhost, for every window, and after one was cut off: it is
 * noted before the broker is told.
 */
export interface FirehoseNote {
  isSet(): boolean;
  set(): Promise<void>;
  clear(): Promise<void>;
}

/**
 * Switches the firehose on, unless it is. A queue is bound to it first, which tells other windows that it is in use.
 * @throws AppError as `ManagementClient`
 */
export async function switchOn(client: ManagementClient, vhost: string, note: FirehoseNote): Promise<void> {
  if ((await client.vhost(vhost)).tracing === true) return;
  const wasNoted = note.isSet();
  await note.set();
  try {
    await client.setTracing(vhost, true);
  } catch (error) {
    // Refused: there is nothing to undo. Without an answer it may be on.
    if (!wasNoted && (await client.vhost(vhost)).tracing !== true) await note.clear();
    throw error;
  }
}

/**
 * Switches the firehose off if we have switched it on and nobody uses it: no other tap, of whichever window, and no other
 * client has a queue bound to it. Whoever ends last does it. What was on before stays on.
 * @returns whether it was switched off
 * @throws AppError as `ManagementClient`
 */
export async function switchOffUnused(client: ManagementClient, vhost: string, note: FirehoseNote): Promise<boolean> {
  // A queue may be bound and the firehose about to be switched on.
  if (!note.isSet() || (await isUsed(client, vhost))) return false;
  const isOn = (await client.vhost(vhost)).tracing === true;
  if (isOn) await client.setTracing(vhost, false);
  await note.clear();
  if (!(await isUsed(client, vhost))) return isOn;
  // Another window has bound its queue in between, and may have found it on.
  await note.set();
  if (isOn) await client.setTracing(vhost, true);
  return false;
}

async function isUsed(client: ManagementClient, vhost: string): Promise<boolean> {
  return (await client.exchangeBindings(vhost, traceExchange)).length > 0;
}
