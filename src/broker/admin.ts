import type { Channel } from 'amqplib';
import { AppError, toAppError, type ErrorCode } from '../common/errors.ts';
import type { ChannelHandle } from './connection/channel.ts';
import type { BrokerConnection } from './connection/connection.ts';
import { checkShortString } from './publish/draft.ts';

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
const unreadable: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'queueNotFound',
  'queueLocked',
  'homeNodeDown',
  'noPermission',
  'invalidInput',
]);

/**
 * Queue administration over AMQP. Each call has a channel of its own, since a refusal closes the channel it came on.
 * All throw AppError: a refusal by the broker, `timeout`, `notConnected`, or `invalidInput` for what no queue can be named;
 * with a signal that is aborted `abandoned`, for the broker may still do it.
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
  async declare(queue: QueueDeclaration, signal?: AbortSignal): Promise<QueueCounts> {
    const { name, durable, exclusive = false, autoDelete = false } = queue;
    const options = { durable, exclusive, autoDelete, arguments: { ...queue.arguments } };
    const declare = async (channel: Channel): Promise<QueueCounts> =>
      toCounts(await channel.assertQueue(name, options));
    return this.#onChannel('declare queue', name, declare, signal);
  }

  /** Passive declare: never creates. It needs no permission, and renews a queue's `x-expires`. @throws AppError `queueNotFound` */
  async check(queue: string, signal?: AbortSignal): Promise<QueueCounts> {
    const check = async (channel: Channel): Promise<QueueCounts> => toCounts(await channel.checkQueue(queue));
    return this.#onChannel('check queue', queue, check, signal);
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
      try {
        for (const queue of rest) {
          if (channel.end) channel = await this.#connection.openChannel();
          counts.set(queue, await countsOn(channel, queue));
        }
      } finally {
        await channel.close();
      }
    });
    await Promise.all(workers);
    return counts;
  }

  /** Drops all ready messages; those that consumers hold stay. Returns how many it dropped. */
  async purge(queue: string, signal?: AbortSignal): Promise<number> {
    const purge = async (channel: Channel): Promise<number> => (await channel.purgeQueue(queue)).messageCount;
    return this.#onChannel('purge queue', queue, purge, signal);
  }

  /**
   * Deletes a queue with its messages; returns how many these were. Deleting what does not exist succeeds.
   * @param conditions for classic queues only: a quorum queue refuses them (540), a stream ignores them
   * @throws AppError `queueNotEmpty` or `queueInUse` under the conditions asked for
   */
  async delete(
    queue: string,
    conditions: { ifEmpty?: boolean; ifUnused?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<number> {
    const remove = async (channel: Channel): Promise<number> =>
      (await channel.deleteQueue(queue, conditions)).messageCount;
    try {
      return await this.#onChannel('delete queue', queue, remove, signal);
    } catch (error) {
      throw unmetCondition(toAppError(error), queue, conditions);
    }
  }

  async #onChannel<T>(
    operation: string,
    queue: string,
    run: (channel: Channel) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    checkQueueName(queue);
    const channel = await this.#connection.openChannel();
    try {
      return await channel.call(operation, { queue }, run, signal);
    } finally {
      const closing = channel.close();
      // It closes after the answer that nobody waits for any more.
      if (signal?.aborted !== true) await closing;
    }
  }
}

/**
 * Refuses what RabbitMQ would take for another queue: it removes line breaks from names (so that deleting `a\nb` deletes
 * `ab`), and an empty name means a queue that it names itself. Measured on 3.10.
 * @throws AppError `invalidInput`
 */
export function checkQueueName(queue: string): void {
  checkShortString('queue', queue);
  if (queue === '') throw new AppError('invalidInput', { field: 'queue', reason: 'must not be empty' });
  if (/[\r\n]/.test(queue))
    throw new AppError('invalidInput', { field: 'queue', reason: 'must not have a line break' });
}

/** Undefined for a queue that does not exist or may not be looked at. @throws AppError when the connection ends */
async function countsOn(channel: ChannelHandle, queue: string): Promise<QueueCounts | undefined> {
  try {
    checkQueueName(queue);
    return toCounts(await channel.call('check queue', { queue }, (raw) => raw.checkQueue(queue)));
  } catch (error) {
    if (unreadable.has(toAppError(error).code)) return undefined;
    throw error;
  }
}

/** RabbitMQ cuts its sentences at 255 bytes, which with a long name leaves out which condition was not met. */
function unmetCondition(error: AppError, queue: string, { ifEmpty = false, ifUnused = false }): AppError {
  if (!error.is('preconditionFailed') || ifEmpty === ifUnused) return error;
  return new AppError(ifEmpty ? 'queueNotEmpty' : 'queueInUse', { queue }, { cause: error });
}

function toCounts(reply: { messageCount: number; consumerCount: number }): QueueCounts {
  return { ready: reply.messageCount, consumers: reply.consumerCount };
}
