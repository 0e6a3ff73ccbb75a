import type { ConsumeMessage } from 'amqplib';
import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { toAppError, type AppError } from '../../common/errors.ts';
import type { Event } from '../../common/event.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { isOpen, type ConnectionState } from '../connection/state.ts';
import type { MessageState, Settlement } from './ackState.ts';
import { connectionEffect } from './connectionEffect.ts';
import { Consumer } from './consumer.ts';
import { Deliveries } from './deliveries.ts';
import { endDelivery } from './endDelivery.ts';
import { HoldControls, type Holding } from './holding.ts';
import type { MessageBuffer } from './messageBuffer.ts';
import type { QueueTraits } from './queueTraits.ts';
import { ReturnWatch } from './returnWatch.ts';
import { Subscription, wantedBy } from './subscription.ts';
import type { Tail, TailSource } from './tail.ts';
import type { TailFactory } from './tailFactory.ts';
import type { QueueTailMode, QueueTailOptions } from './tailOptions.ts';
import { TailSignals } from './tailSignals.ts';
import type { TailNotice, TailStatus } from './tailStatus.ts';

/** A tail that consumes from a queue on the connection that such tails share. */
export function queueTail(options: QueueTailOptions): TailFactory {
  return ({ consuming, clock }) => new QueueTail(options, consuming, clock);
}

/**
 * Consumes from a queue (`hold`, `drain`): keeps what comes in a bounded buffer, and settles it when told. It survives a reconnect. Whatever
 * is held goes back to the queue when it stops, and when its channel dies.
 */
export class QueueTail implements Tail {
  readonly mode: QueueTailMode;
  readonly source: TailSource;
  readonly options: QueueTailOptions;
  readonly buffer: MessageBuffer;
  readonly #connection: BrokerConnection;
  readonly #clock: Clock;
  readonly #deliveries: Deliveries;
  readonly #controls: HoldControls;
  readonly #returns = new ReturnWatch();
  #traits: QueueTraits;
  #consumer: Consumer | undefined;
  /** A person paused it; an interruption does not change that. */
  #pauseWanted = false;
  readonly #subscription = new Subscription(
    () => this.#consumer,
    () => wantedBy(this, this.#controls, this.#traits),
  );
  #stopping: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #isResuming = false;
  readonly #connectionStates: Disposable;
  readonly #signals: TailSignals;
  readonly onDidReceive: Event<void>;
  readonly onDidSettle: Event<readonly number[]>;
  readonly onDidChangeStatus: Event<TailStatus>;
  readonly onDidNotice: Event<TailNotice>;

  constructor(options: QueueTailOptions, connection: BrokerConnection, clock: Clock) {
    this.options = options;
    this.mode = options.mode;
    this.source = { kind: 'queue', name: options.queue };
    this.#traits = options.traits;
    this.#connection = connection;
    this.#clock = clock;
    this.#deliveries = new Deliveries(options.mode, options.buffer);
    this.buffer = this.#deliveries.buffer;
    this.#signals = new TailSignals(clock, () => this.#deliveries.flush(this.#acker));
    this.onDidReceive = this.#signals.onDidReceive;
    this.onDidSettle = this.#deliveries.onDidSettle;
    this.onDidChangeStatus = this.#signals.onDidChangeStatus;
    this.onDidNotice = this.#signals.onDidNotice;
    this.#controls = new HoldControls(options, this.#deliveries.confirmations, {
      traits: () => this.#traits,
      learn: (traits) => this.learn(traits),
      follow: () => this.#followStatus(),
    });
    this.#connectionStates = connection.onDidChangeState((state) => this.#connectionChanged(state));
  }

  get status(): TailStatus {
    return this.#signals.status;
  }

  get heldCount(): number {
    return this.#deliveries.heldCount;
  }

  get holding(): Holding | undefined {
    return this.mode === 'hold' ? this.#controls : undefined;
  }

  stateOf(number: number): MessageState | undefined {
    return this.#deliveries.stateOf(number);
  }

  heldNumbers(): number[] {
    return this.#deliveries.heldNumbers();
  }

  lastReturns(): number[] {
    return this.heldNumbers().filter((number) => this.#returns.isLast(number));
  }

  /** More has become known of the queue. */
  learn(traits: QueueTraits): void {
    this.#traits = traits;
    for (const number of this.heldNumbers()) this.#watchReturns(number);
  }

  async start(): Promise<void> {
    try {
      await this.#connection.connect();
      await this.#consume();
    } catch (error) {
      // A person stopped it while the broker was answering: that is no failure.
      if (this.#stopping) return;
      await this.#close(toAppError(error));
      throw error;
    }
  }

  /** What is already under way waits unseen until `resume`. */
  async pause(): Promise<void> {
    if (this.status.kind !== 'running') return;
    this.#pauseWanted = true;
    this.#signals.setStatus({ kind: 'paused' });
    await this.#controls.look();
    await this.#followStatus();
  }

  async resume(): Promise<void> {
    if (this.status.kind !== 'paused') return;
    this.#pauseWanted = false;
    this.#signals.setStatus({ kind: 'running' });
    for (const raw of this.#deliveries.takeUnseen()) this.#keep(raw);
    await this.#followStatus();
  }

  /** The broker handles it in order with everything else on this channel, and sends no reply. */
  settle(numbers: Iterable<number>, settlement: Settlement): number {
    return this.#settle((consumer) => this.#deliveries.settle(consumer, numbers, settlement));
  }

  settleUpTo(number: number, settlement: Settlement): number {
    return this.#settle((consumer) => this.#deliveries.settleUpTo(consumer, number, settlement));
  }

  #settle(settle: (consumer: Consumer) => number): number {
    const consumer = this.#consumer;
    if (consumer?.isOpen !== true) return 0;
    const settled = settle(consumer);
    // There may be room for more again. What goes wrong ends the tail, which is told.
    if (!consumer.isSubscribed && this.status.kind === 'running') this.#followStatus().catch(() => undefined);
    return settled;
  }

  /** Delivery first, so that in `drain` what is under way is taken too and nothing goes back; then the channel. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const consumer = this.#consumer;
    if (consumer) {
      this.#signals.setStatus({ kind: 'stopping' });
      await this.#subscription.settled;
      await endDelivery(consumer, this.#deliveries, this.mode === 'drain' && !this.#pauseWanted);
      this.#deliveries.flush(consumer);
    }
    await this.#close();
  }

  async #consume(): Promise<void> {
    const options = { queue: this.options.queue, prefetch: this.#controls.prefetch };
    const consumer = await Consumer.open(this.#connection, options, this.#clock, {
      onMessage: (raw) => this.#deliver(raw),
      onCancelled: () => void this.#cancelled(consumer),
      onEnded: (error) => this.#end(error),
    });
    // Stopped while the broker was answering: nobody waits for it.
    if (this.#consumer || (this.status.kind !== 'starting' && this.status.kind !== 'interrupted')) {
      await consumer.close();
      return;
    }
    this.#consumer = consumer;
    this.#signals.setStatus({ kind: this.#pauseWanted ? 'paused' : 'running' });
    await this.#followStatus();
  }

  /**
   * Makes the subscription what the status asks for.
   * @throws AppError why it could not; the tail has ended then, or waits for its connection
   */
  async #followStatus(): Promise<void> {
    try {
      await this.#subscription.follow();
    } catch (error) {
      if (this.status.kind === 'running' || this.status.kind === 'paused') await this.#close(toAppError(error));
      throw error;
    }
  }

  async #cancelled(consumer: Consumer): Promise<void> {
    const error = await consumer.whyCancelled();
    if (this.#consumer === consumer) await this.#close(error);
  }

  /** When it stops, `drain` takes what is under way; in `hold` nobody would see it any more. */
  #deliver(raw: ConsumeMessage): void {
    const isTooLate = this.mode === 'hold' && this.status.kind === 'stopping';
    if (this.#pauseWanted || isTooLate) this.#deliveries.putAside(raw);
    else this.#keep(raw);
  }

  #keep(raw: ConsumeMessage): void {
    const number = this.#deliveries.keep(raw, this.#clock.now(), this.#acker);
    if (raw.fields.redelivered) this.#watchReturns(number);
    this.#signals.receive();
  }

  /** Who acknowledges what is kept in `drain`; nobody while it stops, or more would come. */
  get #acker(): Consumer | undefined {
    return this.status.kind === 'stopping' ? undefined : this.#consumer;
  }

  #watchReturns(number: number): void {
    const message = this.mode === 'hold' ? this.buffer.get(number) : undefined;
    const notice = message && this.#returns.look(message, this.#traits.deliveryLimit);
    if (notice) this.#signals.notice(notice);
  }

  #connectionChanged(state: ConnectionState): void {
    const effect = connectionEffect(this.status, state);
    if (effect?.kind === 'resume') void this.#resumeAfterReconnect();
    else if (effect?.kind === 'interrupt') this.#interrupt(effect.error);
    else if (effect) this.#end(effect.error);
  }

  #interrupt(error: AppError): void {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    void consumer?.close();
    this.#signals.setStatus({ kind: 'interrupted', error, returned: this.#deliveries.letGo('lost') });
    if (consumer?.mayLoseAcks(error) === true) this.#signals.notice({ kind: 'acksUnconfirmed' });
  }

  async #resumeAfterReconnect(): Promise<void> {
    if (this.#isResuming) return;
    this.#isResuming = true;
    try {
      await this.#consume();
    } catch (error) {
      // Gone once more: the next open connection tries again.
      if (isOpen(this.#connection.state)) this.#end(toAppError(error));
    } finally {
      this.#isResuming = false;
    }
  }

  /** Closes the channel, which gives back what is held; the tail has ended then. */
  #close(error?: AppError): Promise<void> {
    this.#closing ??= this.#closeNow(error);
    return this.#closing;
  }

  async #closeNow(error: AppError | undefined): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    if (!consumer) return this.#end(error);
    this.#signals.setStatus({ kind: 'stopping' });
    const mayLoseAcks = consumer.mayLoseAcks();
    const outcome = await consumer.close();
    this.#end(error, outcome === 'unanswered' || this.#connection.state.kind === 'closed');
    if (mayLoseAcks && outcome !== 'closed') this.#signals.notice({ kind: 'acksUnconfirmed' });
  }

  #end(error?: AppError, isUnconfirmed = false): void {
    if (this.status.kind === 'ended') return;
    const consumer = this.#consumer;
    this.#consumer = undefined;
    void consumer?.close();
    const pastLimit = this.lastReturns().length;
    const returned = this.#deliveries.letGo(error || isUnconfirmed ? 'lost' : 'requeued');
    this.#connectionStates.dispose();
    this.#signals.flush();
    this.#signals.setStatus({
      kind: 'ended',
      ...(error && { error }),
      returned,
      ...(isUnconfirmed && { isUnconfirmed }),
      ...(pastLimit > 0 && { pastLimit }),
    });
    if (consumer?.mayLoseAcks(error) === true) this.#signals.notice({ kind: 'acksUnconfirmed' });
  }
}
