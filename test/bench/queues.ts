import { amqplib } from '../../src/broker/connection/amqplib/amqplib.ts';

/** How many queues the tree's broker has. */
export const queueCount = 10_000;

/** The name of the i-th. */
export function nameOf(i: number): string {
  return `queue-${String(i).padStart(5, '0')}`;
}

/** Declares them all. */
export async function declareQueues(url: string): Promise<void> {
  const connection = await amqplib.connect(url, { noDelay: true });
  const channels = await Promise.all(Array.from({ length: 16 }, () => connection.createChannel()));
  let next = 0;
  await Promise.all(
    channels.map(async (channel) => {
      while (next < queueCount) await channel.assertQueue(nameOf(next++));
    }),
  );
  await connection.close();
}
