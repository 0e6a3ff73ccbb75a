import type { Channel } from 'amqplib';
import type { BrokerConnection } from './connection/connection.ts';

/** Counts by passive declare: messages ready for delivery, and consumers. It has no count of unacknowledged ones. */
export interface QueueCounts {
  readonly ready: number;
  readonly consumers: number;
}

/** What can be chosen when a queue is declared. @see https://www.rabbitmq.com/docs/queues#properties */
export interface QueueDeclaration {
  readonly name: string;
  readonly durable: boolean;
  readonly exclusive?: boolean;
  readonly autoDelete?: boolean;
  /** `x-` arguments, the queue type included. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * Queue administration over AMQP. Each call has a channel of its own, since a refusal closes the channel it came on.
 * All throw AppError: a refusal by the broker, `timeout`, or `notConnected`.
 */
export class QueueAdmin {
  readonly #connection: BrokerConnection;

  constructor(connection: BrokerConnection) {
    this.#connection = connection;
  }

  /**
   * Declares a queue. Idempotent: the same declaration again succeeds.
   * @throws AppError `inequivalentArg` when it exists otherwise
   */
  async declare(queue: QueueDeclaration): Promise<QueueCounts> {
    const { name, durable, exclusive = false, autoDelete = false } = queue;
    const options = { durable, exclusive, autoDelete, arguments: { ...queue.arguments } };
    return this.#onChannel('declare queue', name, async (channel) =>
      toCounts(await channel.assertQueue(name, options)),
    );
  }

  /** Passive declare: never creates. It needs no permission, and renews a queue's `x-expires`. @throws AppError `queueNotFound` */
  async check(queue: string): Promise<QueueCounts> {
    return this.#onChannel('check queue', queue, async (channel) => toCounts(await channel.checkQueue(queue)));
  }

  /** Drops all ready messages; those that consumers hold stay. Returns how many it dropped. */
  async purge(queue: string): Promise<number> {
    return this.#onChannel('purge queue', queue, async (channel) => (await channel.purgeQueue(queue)).messageCount);
  }

  /**
   * Deletes a queue with its messages; returns how many these were. Deleting what does not exist succeeds.
   * @throws AppError `queueNotEmpty` or `queueInUse` under the conditions asked for
   */
  async delete(queue: string, conditions: { ifEmpty?: boolean; ifUnused?: boolean } = {}): Promise<number> {
    return this.#onChannel(
      'delete queue',
      queue,
      async (channel) => (await channel.deleteQueue(queue, conditions)).messageCount,
    );
  }

  async #onChannel<T>(operation: string, queue: string, run: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await this.#connection.openChannel();
    try {
      return await channel.call(operation, { queue }, run);
    } finally {
      await channel.close();
    }
  }
}

function toCounts(reply: { messageCount: number; consumerCount: number }): QueueCounts {
  return { ready: reply.messageCount, consumers: reply.consumerCount };
}
