import type { ConsumeMessage } from 'amqplib';
import { AppError, toAppError } from '../../../common/errors.ts';
import type { ChannelHandle } from '../../connection/channel.ts';
import type { BrokerConnection } from '../../connection/connection.ts';
import type { BindingInfo } from '../../management/model.ts';
import { tapQueueArguments } from './tapQueueArguments.ts';

/** What a tap's queue is bound by. */
export type TapBinding = Pick<BindingInfo, 'source' | 'routingKey' | 'arguments'>;

/**
 * RabbitMQ makes no exchange whose alternate exchange is not a name: it refuses that before, with 406.
 * @see RabbitMQ `rabbit_channel:handle_method` of `exchange.declare`
 */
const impossible = { durable: false, autoDelete: true, arguments: { 'alternate-exchange': 0 } };

interface TapQueueCallbacks {
  onMessage(message: ConsumeMessage): void;
}

/**
 * A queue of our own that gets copies: exclusive, so that it is gone with its connection, and bounded. It is consumed without
 * acknowledgement.
 */
export class TapQueue {
  /** As the broker has named it. */
  readonly name: string;
  readonly #connection: BrokerConnection;
  readonly #channel: ChannelHandle;
  readonly #username: string;
  readonly #callbacks: TapQueueCallbacks;
  /** A refused binding closes its channel: it is not the one that consumes. */
  #binding: ChannelHandle | undefined;
  #tag: string | undefined;
  #isGone = false;
  #received = 0;

  private constructor(
    name: string,
    connection: BrokerConnection,
    channel: ChannelHandle,
    username: string,
    callbacks: TapQueueCallbacks,
  ) {
    this.name = name;
    this.#connection = connection;
    this.#channel = channel;
    this.#username = username;
    this.#callbacks = callbacks;
  }

  /** Declares it; nothing comes yet. @throws AppError `tapQueueForbidden` */
  static async open(connection: BrokerConnection, username: string, callbacks: TapQueueCallbacks): Promise<TapQueue> {
    const channel = await connection.openChannel();
    try {
      const options = { exclusive: true, durable: false, autoDelete: false, arguments: tapQueueArguments };
      const { queue } = await channel.call('declare queue', {}, (raw) => raw.assertQueue('', options));
      return new TapQueue(queue, connection, channel, username, callbacks);
    } catch (error) {
      await channel.close();
      throw refusedQueue(error, username);
    }
  }

  /** Whether it is still there, as far as the broker has told. */
  get isOpen(): boolean {
    return !this.#isGone && this.#channel.end === undefined;
  }

  /** How many messages have come from it. */
  get received(): number {
    return this.#received;
  }

  /** Doing it twice changes nothing. @throws AppError `tapForbidden`, `tapQueueForbidden`, `exchangeNotFound` */
  async bind({ source, routingKey, arguments: args }: TapBinding): Promise<void> {
    const channel = await this.#bindingChannel();
    try {
      await channel.call('bind queue', { queue: this.name, exchange: source }, (raw) =>
        raw.bindQueue(this.name, source, routingKey, args),
      );
    } catch (error) {
      throw this.#isLost(error) ? new AppError('notConnected', {}) : refusedBinding(error, source, this.#username);
    }
  }

  /** Undoing what is not there changes nothing. @throws AppError */
  async unbind({ source, routingKey, arguments: args }: TapBinding): Promise<void> {
    const channel = await this.#bindingChannel();
    await channel.call('unbind queue', { queue: this.name, exchange: source }, (raw) =>
      raw.unbindQueue(this.name, source, routingKey, args),
    );
  }

  /** Starts delivery, unless it is on. @throws AppError */
  async subscribe(): Promise<void> {
    if (this.#tag !== undefined) return;
    const deliver = (message: ConsumeMessage | null): void => {
      if (message) {
        this.#received++;
        this.#callbacks.onMessage(message);
      } else this.#isGone = true;
    };
    const { consumerTag } = await this.#channel.call('consume', { queue: this.name }, (raw) =>
      raw.consume(this.name, deliver, { noAck: true, exclusive: true }),
    );
    this.#tag = consumerTag;
  }

  /** Ends delivery: what comes meanwhile waits in the queue. @throws AppError */
  async cancel(): Promise<void> {
    const tag = this.#tag;
    if (tag === undefined) return;
    this.#tag = undefined;
    await this.#channel.call('cancel consumer', { queue: this.name }, (raw) => raw.cancel(tag));
  }

  /** How many messages wait. All that it has sent before is received when this settles. @throws AppError */
  async countReady(): Promise<number> {
    const check = this.#channel.call('check queue', { queue: this.name }, (raw) => raw.checkQueue(this.name));
    return (await check).messageCount;
  }

  /** Removes it with what waits in it. Never throws. */
  async remove(): Promise<void> {
    if (this.isOpen) {
      this.#isGone = true;
      // It goes with its connection at the latest.
      await this.#channel.call('delete queue', {}, (raw) => raw.deleteQueue(this.name)).catch(() => undefined);
    }
    await Promise.all([this.#channel.close(), this.#binding?.close()]);
  }

  /**
   * The type of an exchange, by declaring it as no exchange can be: the only way without a management API. What is there is
   * compared first, and what has been deleted since the passive check is not made anew. Undefined where the user may not
   * configure it. @throws AppError `exchangeNotFound`
   */
  async exchangeType(exchange: string): Promise<string | undefined> {
    const passive = await this.#bindingChannel();
    await passive.call('check exchange', { exchange }, (raw) => raw.checkExchange(exchange));
    const channel = await this.#bindingChannel();
    try {
      await channel.call('check exchange', { exchange }, (raw) => raw.assertExchange(exchange, 'direct', impossible));
      return 'direct';
    } catch (thrown) {
      const error = toAppError(thrown);
      // The type is the first that is compared. @see RabbitMQ `rabbit_exchange:assert_equivalence`
      if (error.is('inequivalentArg')) return error.params.property === 'type' ? error.params.current : 'direct';
      if (error.is('noPermission')) return undefined;
      if (error.is('preconditionFailed')) throw new AppError('exchangeNotFound', { exchange }, { cause: error });
      throw error;
    }
  }

  /** It expired by a policy: the next look declares another. */
  #isLost(error: unknown): boolean {
    this.#isGone ||= toAppError(error).is('queueNotFound');
    return this.#isGone;
  }

  async #bindingChannel(): Promise<ChannelHandle> {
    if (this.#binding?.end !== undefined) this.#binding = undefined;
    return (this.#binding ??= await this.#connection.openChannel());
  }
}

function refusedQueue(thrown: unknown, username: string): unknown {
  const error = toAppError(thrown);
  if (!error.is('noPermission')) return thrown;
  return new AppError('tapQueueForbidden', { username, reason: error.params.reason }, { cause: error });
}

/** Binding asks for write permission on the queue and read permission on the exchange; RabbitMQ names which it misses. */
function refusedBinding(thrown: unknown, exchange: string, username: string): unknown {
  const error = toAppError(thrown);
  if (!error.is('noPermission')) return thrown;
  const { reason } = error.params;
  if (/access to queue '/.test(reason)) return refusedQueue(thrown, username);
  return new AppError('tapForbidden', { exchange, username, reason }, { cause: error });
}
