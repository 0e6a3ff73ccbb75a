import type { Channel } from 'amqplib';
import { amqplib } from '../../src/broker/connection/amqplib/amqplib.ts';
import { waitFor } from '../support/waitFor.ts';
import { bodyOf, messageBytes, messageProperties } from './messages.ts';

/** What a queue is filled with. */
export interface Fill {
  readonly queue: string;
  readonly count: number;
  /** In the body of the last message. */
  readonly last: string;
  /** Of each body, 1 KB unless it says otherwise. */
  readonly bytes?: number;
}

/**
 * Declares a queue if need be and puts messages into it and nothing else; all are there when this settles. Publishing is
 * not what is measured: without confirms, and the messages are transient. A queue is filled right before it is drained,
 * and alone: what several were filled with at once, RabbitMQ delivered now at half, now at twice the rate.
 */
export async function fillQueue(url: string, { queue, count, last, bytes = messageBytes }: Fill): Promise<void> {
  const connection = await amqplib.connect(url, { noDelay: true });
  connection.on('error', () => {});
  try {
    const channel = await connection.createChannel();
    await channel.assertQueue(queue);
    await channel.purgeQueue(queue);
    const bodies = Array.from({ length: 64 }, (_, i) => bodyOf(bytes, i));
    for (let i = 0; i < count; i++) {
      const body = i === count - 1 ? bodyOf(bytes, i, last) : (bodies[i % bodies.length] ?? bodyOf(bytes, i));
      if (!channel.publish('', queue, body, messageProperties)) await drained(channel);
    }
    await waitFor(async () => (await channel.checkQueue(queue)).messageCount === count, {
      timeoutMs: 60_000,
      describe: `${count} messages in ${queue}`,
    });
  } finally {
    await connection.close();
  }
}

/** Deletes a queue, with what is in it. */
export async function deleteQueue(url: string, queue: string): Promise<void> {
  const connection = await amqplib.connect(url, { noDelay: true });
  const channel = await connection.createChannel();
  await channel.deleteQueue(queue);
  await connection.close();
}

function drained(channel: Channel): Promise<void> {
  return new Promise((resolve) => channel.once('drain', resolve));
}
