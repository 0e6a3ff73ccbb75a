import type { Channel } from 'amqplib';
import { toAppError } from '../common/errors.ts';
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

const checkChannels = 4;

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

  /**
   * Passive declares of many queues; `undefined` for one that does not exist or may not be looked at.
   * @throws AppError when the connection ends
   */
  async checkMany(queues: readonly string[]): Promise<Map<string, QueueCounts | undefined>> {
    const counts = new Map<string, QueueCounts | undefined>();
    // amqplib has one call under way per channel: a few channels share the round trips.
    const rest = queues.values();
    const workers = Array.from({ length: Math.min(checkChannels, Math.ceil(queues.length / 8)) }, async () => {
      let channel = await this.#connection.openChannel();
      for (const queue of rest) {
        if (channel.end) channel = await this.#connection.openChannel();
        try {
          counts.set(queue, toCounts(await channel.call('check queue', { queue }, (raw) => raw.checkQueue(queue))));
        } catch (error) {
          const { code } = toAppError(error);
          if (code !== 'queueNotFound' && code !== 'queueLocked' && code !== 'homeNodeDown') throw error;
          counts.set(queue, undefined);
        }
      }
      await channel.close();
    });
    await Promise.all(workers);
    return counts;
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
