import amqplib, { type Channel } from 'amqplib';
import { waitFor } from '../support/waitFor.ts';
import { messageProperties, orderBodies, orderBody } from './messages.ts';

const exchange = 'warren.bench';

/** What a queue is filled with. */
export interface Fill {
  readonly queues: readonly string[];
  readonly count: number;
  /** In the body of the last message. */
  readonly last: string;
}

/**
 * Puts the same messages into several queues, through a fanout exchange; all are there when this settles. Publishing is
 * not what is measured: without confirms, and the messages are transient.
 */
export async function fillQueues(url: string, { queues, count, last }: Fill): Promise<void> {
  const connection = await amqplib.connect(url, { noDelay: true });
  connection.on('error', () => {});
  try {
    const channel = await connection.createChannel();
    await channel.assertExchange(exchange, 'fanout', { durable: false });
    for (const queue of queues) {
      await channel.assertQueue(queue);
      await channel.purgeQueue(queue);
      await channel.bindQueue(queue, exchange, '');
    }
    const bodies = orderBodies();
    for (let i = 0; i < count; i++) {
      const body = i === count - 1 ? orderBody(i, last) : (bodies[i % bodies.length] ?? orderBody(i));
      if (!channel.publish(exchange, '', body, messageProperties)) await drained(channel);
    }
    for (const queue of queues) {
      await waitFor(async () => (await channel.checkQueue(queue)).messageCount === count, {
        timeoutMs: 60_000,
        describe: `${count} messages in ${queue}`,
      });
      await channel.unbindQueue(queue, exchange, '');
    }
  } finally {
    await connection.close();
  }
}

/** Deletes queues, with what is in them. */
export async function deleteQueues(url: string, queues: readonly string[]): Promise<void> {
  const connection = await amqplib.connect(url, { noDelay: true });
  const channel = await connection.createChannel();
  for (const queue of queues) await channel.deleteQueue(queue);
  await connection.close();
}

function drained(channel: Channel): Promise<void> {
  return new Promise((resolve) => channel.once('drain', resolve));
}
