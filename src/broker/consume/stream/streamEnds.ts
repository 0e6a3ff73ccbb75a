import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import type { Clock } from '../../../common/clock.ts';
import type { BrokerConnection } from '../../connection/connection.ts';
import { Consumer } from '../consumer.ts';
import { offsetOf } from './streamOffset.ts';
import type { StreamEnds } from './streamPage.ts';
import { mostQuietRounds, quietMs } from './streamReader.ts';

/** More than the messages in one chunk of a stream, of which all come in one go. @see osiris, `osiris_writer` */
const chunkPrefetch = 5_000;

/**
 * Looks at both ends of a stream; undefined when it is empty. A passive declare counts some seconds late and tells no
 * offsets, so one message is read at its beginning, and at its end the last chunk.
 * @throws AppError why it could not be read
 */
export async function readEnds(
  connection: BrokerConnection,
  queue: string,
  clock: Clock,
): Promise<StreamEnds | undefined> {
  for (let round = 0; round < mostQuietRounds; round++) {
    // oxlint-disable-next-line no-await-in-loop
    const [firsts, lasts] = await Promise.all([
      offsetsAt(connection, { queue, prefetch: 1, arguments: { 'x-stream-offset': 'first' } }, clock),
      offsetsAt(connection, { queue, prefetch: chunkPrefetch, arguments: { 'x-stream-offset': 'last' } }, clock),
    ]);
    const [first] = firsts;
    const last = lasts.at(-1);
    if (first !== undefined && last !== undefined) return { first, last };
    // oxlint-disable-next-line no-await-in-loop
    await delay(quietMs);
  }
  return undefined;
}

/** What comes in one go: the broker answers a call after all that it has delivered. Measured on 3.10 and 4.0. */
async function offsetsAt(
  connection: BrokerConnection,
  options: Parameters<typeof Consumer.open>[1],
  clock: Clock,
): Promise<number[]> {
  const offsets: number[] = [];
  const consumer = await Consumer.open(connection, options, clock, {
    onMessage: (message: ConsumeMessage) => {
      const offset = offsetOf(message);
      if (offset !== undefined) offsets.push(offset);
    },
    onCancelled: () => undefined,
    onEnded: () => undefined,
  });
  try {
    await consumer.subscribe();
    await consumer.countReady();
    return offsets;
  } finally {
    await consumer.close();
  }
}
