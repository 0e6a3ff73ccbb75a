import type { ConsumeMessage, GetMessage, Message as AmqpMessage } from 'amqplib';
import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import type { ChannelHandle, CloseOutcome } from '../connection/channel.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import type { Settlement } from './ackState.ts';

/** The broker tells only subscribers that their queue is gone: the others look for themselves, so often, in milliseconds. */
const lookMs = 5_000;
/** More than an acknowledgement and the broker's own close take on their ways, in milliseconds. */
const roundTripMs = 5_000;

interface ConsumerOptions {
  readonly queue: string;
  /** Messages under way at once, 1 to 65535. */
  readonly prefetch: number;
  /** Of basic.consume. */
  readonly arguments?: Readonly<Record<string, unknown>>;
}

interface ConsumerCallbacks {
  onMessage(message: ConsumeMessage): void;
  /**
   * The broker cancelled the consumer, most often because the queue is gone: see `whyCancelled`.
   * @see https://www.rabbitmq.com/docs/consumer-cancel
   */
  onCancelled(): void;
  /** The channel has ended by itself; when it went with its connection, that one's state follows at once and tells. */
  onEnded(error: AppError): void;
}

/**
 * One consumer on one channel of its own. A delivery tag means something only on the channel it came by, so a tail makes
 * a new Consumer after a reconnect and none can settle another's messages.
 */
export class Consumer {
  readonly #connection: BrokerConnection;
  readonly #channel: ChannelHandle;
  readonly #queue: string;
  readonly #arguments: ConsumerOptions['arguments'];
  readonly #clock: Clock;
  readonly #callbacks: ConsumerCallbacks;
  #looking: Disposable | undefined;
  #tag: string | undefined;
  #prefetch = 0;
  #detached = false;
  #lastAckAt = Number.NEGATIVE_INFINITY;

  private constructor(
    connection: BrokerConnection,
    channel: ChannelHandle,
    options: ConsumerOptions,
    clock: Clock,
    callbacks: ConsumerCallbacks,
  ) {
    const { queue } = options;
    this.#connection = connection;
    this.#channel = channel;
    this.#queue = queue;
    this.#arguments = options.arguments;
    this.#clock = clock;
    this.#callbacks = callbacks;
    channel.onDidEnd((error) => {
      this.#looking?.dispose();
      if (this.#detached || error.is('notConnected')) return;
      callbacks.onEnded(error.is('consumerTimeout') ? new AppError(error.code, { queue }) : error);
    });
  }

  /** Opens the channel and sets its prefetch; nothing is delivered before `subscribe`. @throws AppError */
  static async open(
    connection: BrokerConnection,
    options: ConsumerOptions,
    clock: Clock,
    callbacks: ConsumerCallbacks,
  ): Promise<Consumer> {
    const channel = await connection.openChannel();
    const consumer = new Consumer(connection, channel, options, clock, callbacks);
    try {
      await consumer.#setPrefetch(options.prefetch);
      return consumer;
    } catch (error) {
      await consumer.close();
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.#channel.end === undefined;
  }

  get isSubscribed(): boolean {
    return this.#tag !== undefined;
  }

  /**
   * Whether acknowledgements may be lost if the channel ends by this, or now without an answer. The broker confirms none,
   * and reads none after it has sent its own close; what ended without a word may have ended long before it was noticed.
   * @see https://www.rabbitmq.com/docs/channels#error-handling
   */
  mayLoseAcks(error?: AppError): boolean {
    const isTold = error !== undefined && !error.is('connectionLost');
    return this.#clock.now() - this.#lastAckAt <= (isTold ? roundTripMs : this.#connection.silenceMs);
  }

  /**
   * Takes the next message without a subscription; undefined when none is ready.
   * @throws AppError `singleActiveConsumer` for a quorum queue that has one; of a stream the connection ends (540)
   */
  async get(): Promise<GetMessage | undefined> {
    const message = await this.#channel.call('get', { queue: this.#queue }, (raw) => raw.get(this.#queue));
    return message === false ? undefined : message;
  }

  /** How many messages are delivered unsettled by one subscription. */
  get prefetch(): number {
    return this.#prefetch;
  }

  /** Starts delivery. @param tag the consumer's name for the broker @throws AppError why the broker refused */
  async subscribe(prefetch = this.#prefetch, tag?: string): Promise<void> {
    this.#looking?.dispose();
    if (prefetch !== this.#prefetch) await this.#setPrefetch(prefetch);
    const deliver = (message: ConsumeMessage | null): void => {
      if (this.#detached) return;
      if (message) this.#callbacks.onMessage(message);
      else this.#callbacks.onCancelled();
    };
    const reply = await this.#channel.call('consume', { queue: this.#queue }, (raw) =>
      raw.consume(this.#queue, deliver, { arguments: this.#arguments, ...(tag !== undefined && { consumerTag: tag }) }),
    );
    this.#tag = reply.consumerTag;
  }

  async #setPrefetch(prefetch: number): Promise<void> {
    this.#prefetch = prefetch;
    await this.#channel.call('set prefetch', {}, (raw) => raw.prefetch(prefetch));
  }

  /**
   * Ends delivery and keeps the channel, with all that it holds. The broker answers after all that it has delivered, and
   * when it has handled all that was acknowledged before. @throws AppError
   */
  async cancel(): Promise<void> {
    const tag = this.#tag;
    if (tag === undefined) return;
    this.#tag = undefined;
    await this.#channel.call('cancel consumer', { queue: this.#queue }, (raw) => raw.cancel(tag));
  }

  /**
   * While nobody is subscribed, looks every few seconds whether the queue is still there: if not, the channel ends. It
   * renews a queue's `x-expires`.
   */
  watchQueue(): void {
    if (this.isSubscribed || !this.isOpen) return;
    this.#looking?.dispose();
    // A refusal ends the channel, which is told as always; a time-out says nothing of the queue.
    this.#looking = this.#clock.setInterval(() => void this.countReady().catch(() => undefined), lookMs);
  }

  /** Tells the broker of a settlement, of all up to this tag with `upTo`. Does nothing unless `isOpen`. */
  settle(deliveryTag: number, settlement: Settlement, upTo: boolean): void {
    if (!this.isOpen) return;
    // amqplib wants a message, of which it reads only the delivery tag.
    const fields = { deliveryTag, redelivered: false, exchange: '', routingKey: '' };
    const message: AmqpMessage = { fields, content: nothing, properties: noProperties };
    if (settlement !== 'requeued') this.#lastAckAt = this.#clock.now();
    if (settlement === 'acked') this.#channel.raw.ack(message, upTo);
    else this.#channel.raw.nack(message, upTo, settlement === 'requeued');
  }

  /** How many messages the queue has for others than those that it has delivered to. @throws AppError */
  async countReady(): Promise<number> {
    const check = this.#channel.call('check queue', { queue: this.#queue }, (raw) => raw.checkQueue(this.#queue));
    return (await check).messageCount;
  }

  /** Why the broker cancelled the consumer, by a look at its queue. */
  async whyCancelled(): Promise<AppError> {
    try {
      await this.countReady();
      return new AppError('consumerCancelled', { queue: this.#queue });
    } catch (error) {
      return toAppError(error);
    }
  }

  /**
   * Closes the channel, and makes no callback from here on: the broker requeues what is unsettled, in its old place.
   * Never throws.
   */
  async close(): Promise<CloseOutcome> {
    this.#detached = true;
    this.#looking?.dispose();
    const outcome = await this.#channel.close();
    // What the broker may still hold goes back with the connection, which it takes note of without an answer.
    if (outcome === 'unanswered') this.#connection.dropUnused();
    return outcome;
  }
}

const nothing = Buffer.alloc(0);
const noProperties = {} as AmqpMessage['properties'];
