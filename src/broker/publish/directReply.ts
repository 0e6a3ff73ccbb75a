import { toAppError } from '../../common/errors.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import type { Draft } from './draft.ts';
import type { PublishOutcome } from './outcome.ts';

/** The pseudo-queue by which the broker hands a reply straight to the channel that asked. */
export const directReplyTo = 'amq.rabbitmq.reply-to';

/** Whether it goes to somebody who awaits a direct reply, by the address that the broker made for the request. */
export function isDirectReply({ exchange, routingKey }: Pick<Draft, 'exchange' | 'routingKey'>): boolean {
  return exchange === '' && routingKey.startsWith(`${directReplyTo}.`);
}

/**
 * What became of a direct reply that came back: the broker returns each as unroutable, for the address is no queue, and hands
 * it over all the same. A passive declare of the address tells whether somebody is there; one who is now was there before.
 * Never throws. @see https://www.rabbitmq.com/docs/direct-reply-to#caveats
 */
export async function replyOutcome(connection: BrokerConnection, { routingKey }: Draft): Promise<PublishOutcome> {
  try {
    const channel = await connection.openChannel();
    try {
      await channel.call('check queue', { queue: routingKey }, (raw) => raw.checkQueue(routingKey));
      return { kind: 'routed' };
    } finally {
      await channel.close();
    }
  } catch (thrown) {
    const error = toAppError(thrown);
    return error.is('queueNotFound') ? { kind: 'unroutable' } : { kind: 'unknown', error };
  }
}
