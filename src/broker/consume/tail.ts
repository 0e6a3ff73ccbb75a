import type { ConsumeMessage } from 'amqplib';
import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { Emitter, type Event } from '../../common/event.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { isOpen, type ConnectionState } from '../connection/state.ts';
import { AckState, type MessageState, type Settlement } from './ackState.ts';
import { Consumer } from './consumer.ts';
import { MessageBuffer, type BufferLimits } from './messageBuffer.ts';
import type { TailNotice, TailStatus } from './tailStatus.ts';

/**
 * `hold`: manual acknowledgement, nothing leaves the queue until a person settles it.
 * `drain`: acknowledged in batches once kept, so it can be paused and a crash loses nothing unseen.
 */
export type TailMode = 'hold' | 'drain';

export interface TailOptions {
  readonly queue: string;
  readonly mode: TailMode;
  /** Messages held at once in `hold`, 1 to 65535. @see https://www.rabbitmq.com/docs/consumer-prefetch */
  readonly prefetch: number;
  readonly buffer: BufferLimits;
  /**
   * Whether the consumer may be cancelled to pause it. Only when the queue is known not to be auto-delete: RabbitMQ
   * deletes an auto-delete queue, messages and all, with its last consumer.
   */
  readonly canCancel: boolean;
  /** A quorum queue's delivery limit, where known. @see https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling */
  readonly deliveryLimit?: number;
}

/** In flight in `drain`. With one `multiple` ack per half of it this takes 96 % of what no acknowledgement would. */
export const drainPrefetch = 1_000;
export const drainBatch = drainPrefetch / 2;
/** Views are told of new messages at most this often, in milliseconds. */
const tickMs = 50;

/**
 * A tail of one queue: keeps what comes in a bounded buffer, and settles it when told. It survives a reconnect. Whatever
 * is held goes back to the queue when it stops, and when its channel dies.
 */
export class Tail {
  readonly options: TailOptions;
  readonly buffer: MessageBuffer;
  readonly #connection: BrokerConnection;
  readonly #clock: Clock;
  readonly #acks = new AckState();
  #status: TailStatus = { kind: 'starting' };
  #consumer: Consumer | undefined;
  /** Deliveries that arrived while paused: neither shown nor acknowledged, as many as the prefetch at the most. */
  #unseen: ConsumeMessage[] = [];
  /** Kept in `drain` and not yet acknowledged. */
  #undrained = { count: 0, lastTag: 0 };
  /** A person paused it; an interruption does not change that. */
  #pauseWanted = false;
  /** Ends when all changes of the subscription asked for so far are made: one at a time, or two would subscribe. */
  #lastTurn: Promise<void> = Promise.resolve();
  #tick: Disposable | undefined;
  readonly #connectionStates: Disposable;
  readonly #received = new Emitter<void>();
  readonly #settled = new Emitter<readonly number[]>();
  readonly #statusChanged = new Emitter<TailStatus>();
  readonly #noticed = new Emitter<TailNotice>();

  /** New messages are in the buffer; fires at most every 50 ms. */
  readonly onDidReceive: Event<void> = this.#received.event;
  /** The state of these messages has changed. */
  readonly onDidSettle: Event<readonly number[]> = this.#settled.event;
  readonly onDidChangeStatus: Event<TailStatus> = this.#statusChanged.event;
  readonly onDidNotice: Event<TailNotice> = this.#noticed.event;

  constructor(options: TailOptions, connection: BrokerConnection, clock: Clock) {
    this.options = options;
    this.#connection = connection;
    this.#clock = clock;
    this.buffer = new MessageBuffer(options.buffer, (number) => this.#acks.isHeld(number));
    this.#connectionStates = connection.onDidChangeState((state) => this.#connectionChanged(state));
  }

  get status(): TailStatus {
    return this.#status;
  }

  /** Messages that would go back if the tail stopped now, those not yet shown included. */
  get heldCount(): number {
    return this.#acks.heldCount + this.#undrained.count + this.#unseen.length;
  }

  stateOf(number: number): MessageState | undefined {
    return this.#acks.stateOf(number);
  }

  /** Numbers of the messages that can be settled, oldest first. */
  heldNumbers(): number[] {
    return this.#acks.heldNumbers();
  }

  /** Starts consuming. @throws AppError why it could not; the tail has ended then */
  async start(): Promise<void> {
    try {
      await this.#connection.connect();
      await this.#consume();
    } catch (error) {
      // A person stopped it while the broker was answering: that is no failure.
      if (this.#status.kind === 'ended' && !this.#status.error) return;
      this.#end(toAppError(error));
      throw error;
    }
  }

  /** Stops delivery and keeps what is held. What is already under way waits unseen until `resume`. @throws AppError */
  async pause(): Promise<void> {
    if (this.#status.kind !== 'running') return;
    this.#pauseWanted = true;
    this.#setStatus({ kind: 'paused' });
    await this.#followStatus();
  }

  /** @throws AppError */
  async resume(): Promise<void> {
    if (this.#status.kind !== 'paused') return;
    this.#pauseWanted = false;
    this.#setStatus({ kind: 'running' });
    for (const raw of this.#unseen.splice(0)) this.#keep(raw);
    await this.#followStatus();
  }

  /**
   * Settles those of the messages that are still held; returns how many these were. The broker handles it in order with
   * everything else on this channel, and sends no reply.
   */
  settle(numbers: Iterable<number>, settlement: Settlement): number {
    const consumer = this.#consumer;
    if (!consumer?.isOpen) return 0;
    const settled = this.#acks.settle(numbers, settlement);
    for (const { deliveryTag } of settled) consumer.settle(deliveryTag, settlement, false);
    this.#didSettle(settled.map((held) => held.number));
    return settled.length;
  }

  /** Settles every held message up to and including this one, in one frame; returns how many these were. */
  settleUpTo(number: number, settlement: Settlement): number {
    const consumer = this.#consumer;
    if (!consumer?.isOpen) return 0;
    const upTo = this.heldNumbers().filter((held) => held <= number);
    const settled = this.#acks.settle(upTo, settlement);
    const last = settled.at(-1);
    if (last) consumer.settle(last.deliveryTag, settlement, true);
    this.#didSettle(settled.map((held) => held.number));
    return settled.length;
  }

  settleAll(settlement: Settlement): number {
    return this.settleUpTo(this.buffer.lastNumber, settlement);
  }

  /** Ends the tail: what is held goes back to the queue. Never throws. */
  async stop(): Promise<void> {
    if (this.#status.kind === 'ended') return;
    const consumer = this.#consumer;
    this.#flushDrained();
    this.#end();
    if (!consumer) return;
    if (consumer.hasAcked) {
      try {
        await consumer.sync();
      } catch (error) {
        this.#noticed.fire({ kind: 'acksUnconfirmed', error: toAppError(error) });
      }
    }
    await consumer.close();
  }

  async #consume(): Promise<void> {
    const prefetch = this.options.mode === 'drain' ? drainPrefetch : this.options.prefetch;
    const consumer = await Consumer.open(this.#connection, this.options.queue, prefetch, {
      onMessage: (raw) => {
        if (this.#status.kind === 'paused') this.#unseen.push(raw);
        else this.#keep(raw);
      },
      onCancelled: () => {
        this.#end(new AppError('queueNotFound', { queue: this.options.queue }));
        void consumer.close();
      },
      onEnded: (error) => {
        // With the connection gone its state follows at once and says whether there is something to wait for.
        if (!error.is('notConnected')) this.#end(error);
      },
    });
    // Stopped while the broker was answering.
    if (this.#status.kind === 'ended') {
      await consumer.close();
      return;
    }
    this.#consumer = consumer;
    this.#setStatus({ kind: this.#pauseWanted ? 'paused' : 'running' });
    await this.#followStatus();
  }

  /** Makes the subscription what the status asks for; the status may change again while the broker answers. */
  #followStatus(): Promise<void> {
    const turn = this.#lastTurn.then(() => this.#changeSubscription());
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async #changeSubscription(): Promise<void> {
    const consumer = this.#consumer;
    const mayCancel = this.options.mode === 'hold' && this.options.canCancel;
    while (consumer && this.#consumer === consumer) {
      if (this.#status.kind === 'running' && !consumer.isSubscribed) await consumer.subscribe();
      else if (this.#status.kind === 'paused' && consumer.isSubscribed && mayCancel) await consumer.cancel();
      else return;
    }
  }

  #keep(raw: ConsumeMessage): void {
    const { number, properties } = this.buffer.add(raw, this.#clock.now());
    if (this.options.mode === 'hold') {
      this.#acks.hold(number, raw.fields.deliveryTag);
      // Without `redelivered` the header is whatever the publisher wrote.
      const returns = raw.fields.redelivered ? Number(properties.headers?.['x-delivery-count'] ?? 0) : 0;
      if (returns >= (this.options.deliveryLimit ?? Infinity)) {
        this.#noticed.fire({ kind: 'lastReturn', number, returns });
      }
    } else {
      this.#undrained.lastTag = raw.fields.deliveryTag;
      if (++this.#undrained.count >= drainBatch) this.#flushDrained();
    }
    this.#tick ??= this.#clock.setTimeout(() => {
      this.#tick = undefined;
      this.#flushDrained();
      this.#received.fire();
    }, tickMs);
  }

  /** Acknowledges what is kept. One frame for many messages is what makes draining fast. */
  #flushDrained(): void {
    if (this.#undrained.count === 0 || !this.#consumer) return;
    this.#consumer.settle(this.#undrained.lastTag, 'acked', true);
    this.#undrained = { count: 0, lastTag: 0 };
  }

  #didSettle(numbers: readonly number[]): void {
    if (numbers.length === 0) return;
    this.buffer.release(numbers);
    this.#settled.fire(numbers);
  }

  #connectionChanged(state: ConnectionState): void {
    if (this.#status.kind === 'interrupted' && isOpen(state)) void this.#resumeAfterReconnect();
    else if (this.#status.kind === 'starting' || this.#status.kind === 'ended') return;
    else if (state.kind === 'failed') this.#end(state.error);
    else if (state.kind === 'closed') this.#end(new AppError('notConnected', {}));
    else if (state.kind === 'waiting' && this.#status.kind !== 'interrupted') {
      const unconfirmed = this.#consumer?.hasAcked === true && !state.error.is('brokerClosed');
      const returned = this.#forgetConsumer();
      this.#setStatus({ kind: 'interrupted', error: state.error, returned });
      if (unconfirmed) this.#noticed.fire({ kind: 'acksUnconfirmed', error: state.error });
    }
  }

  async #resumeAfterReconnect(): Promise<void> {
    try {
      await this.#consume();
      if (this.#consumer) this.#noticed.fire({ kind: 'resumed' });
    } catch (error) {
      // Gone once more: the next open connection tries again.
      if (isOpen(this.#connection.state)) this.#end(toAppError(error));
    }
  }

  /** What was held is with the broker again; returns how many messages that were. */
  #forgetConsumer(state: 'lost' | 'requeued' = 'lost'): number {
    const returned = this.heldCount;
    this.#consumer?.detach();
    this.#consumer = undefined;
    this.#unseen = [];
    this.#undrained = { count: 0, lastTag: 0 };
    this.#didSettle(this.#acks.releaseAll(state));
    return returned;
  }

  #end(error?: AppError): void {
    if (this.#status.kind === 'ended') return;
    const returned = this.#forgetConsumer(error ? 'lost' : 'requeued');
    this.#connectionStates.dispose();
    this.#tick?.dispose();
    this.#received.fire();
    this.#setStatus(error ? { kind: 'ended', error, returned } : { kind: 'ended', returned });
  }

  #setStatus(status: TailStatus): void {
    this.#status = status;
    this.#statusChanged.fire(status);
  }
}
