import type { ConsumeMessage, Message as AmqpMessage } from 'amqplib';
import type { AppError } from '../../common/errors.ts';
import type { ChannelHandle } from '../connection/channel.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import type { Settlement } from './ackState.ts';

export interface ConsumerCallbacks {
  onMessage(message: ConsumeMessage): void;
  /** The broker cancelled the consumer: the queue is gone. @see https://www.rabbitmq.com/docs/consumer-cancel */
  onCancelled(): void;
  /** The channel has ended; code `notConnected` when it went with its connection. */
  onEnded(error: AppError): void;
}

/**
 * One consumer on one channel of its own. A delivery tag means something only on the channel it came by, so a tail makes
 * a new Consumer after a reconnect and none can settle another's messages.
 */
export class Consumer {
  readonly #channel: ChannelHandle;
  readonly #queue: string;
  readonly #callbacks: ConsumerCallbacks;
  #tag: string | undefined;
  #detached = false;
  #hasAcked = false;

  private constructor(channel: ChannelHandle, queue: string, callbacks: ConsumerCallbacks) {
    this.#channel = channel;
    this.#queue = queue;
    this.#callbacks = callbacks;
    channel.onDidEnd((error) => {
      if (!this.#detached) callbacks.onEnded(error);
    });
  }

  /** Opens the channel and sets its prefetch; nothing is delivered before `subscribe`. @throws AppError */
  static async open(
    connection: BrokerConnection,
    queue: string,
    prefetch: number,
    callbacks: ConsumerCallbacks,
  ): Promise<Consumer> {
    const channel = await connection.openChannel();
    const consumer = new Consumer(channel, queue, callbacks);
    await channel.call('set prefetch', {}, (raw) => raw.prefetch(prefetch));
    return consumer;
  }

  get isOpen(): boolean {
    return this.#channel.end === undefined;
  }

  get isSubscribed(): boolean {
    return this.#tag !== undefined;
  }

  /** Whether something was taken off the queue here. The broker answers no acknowledgement: see `sync`. */
  get hasAcked(): boolean {
    return this.#hasAcked;
  }

  /** Starts delivery. @throws AppError why the broker refused */
  async subscribe(): Promise<void> {
    const deliver = (message: ConsumeMessage | null): void => {
      if (this.#detached) return;
      if (message) this.#callbacks.onMessage(message);
      else this.#callbacks.onCancelled();
    };
    const reply = await this.#channel.call('consume', { queue: this.#queue }, (raw) =>
      raw.consume(this.#queue, deliver),
    );
    this.#tag = reply.consumerTag;
  }

  /** Ends delivery and keeps the channel, with all that it holds. @throws AppError */
  async cancel(): Promise<void> {
    const tag = this.#tag;
    if (tag === undefined) return;
    this.#tag = undefined;
    await this.#channel.call('cancel consumer', { queue: this.#queue }, (raw) => raw.cancel(tag));
  }

  /** Tells the broker of a settlement, of all up to this tag with `upTo`. Does nothing unless `isOpen`. */
  settle(deliveryTag: number, settlement: Settlement, upTo: boolean): void {
    if (!this.isOpen) return;
    // amqplib wants a message, of which it reads only the delivery tag.
    const fields = { deliveryTag, redelivered: false, exchange: '', routingKey: '' };
    const message: AmqpMessage = { fields, content: nothing, properties: noProperties };
    if (settlement !== 'requeued') this.#hasAcked = true;
    if (settlement === 'acked') this.#channel.raw.ack(message, upTo);
    else this.#channel.raw.nack(message, upTo, settlement === 'requeued');
  }

  /** Resolves when the broker has handled everything sent before: acknowledgements have no reply. @throws AppError */
  async sync(): Promise<void> {
    await this.#channel.call('confirm acks', {}, (raw) => raw.prefetch(1));
  }

  /** No callback is made from here on. */
  detach(): void {
    this.#detached = true;
  }

  /** Closes the channel: the broker requeues what is unsettled, in its old place. Never throws. */
  async close(): Promise<void> {
    this.detach();
    await this.#channel.close();
  }
}

const nothing = Buffer.alloc(0);
const noProperties = {} as AmqpMessage['properties'];
