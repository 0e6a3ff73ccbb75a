import type { Disposable } from '../../common/disposable.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { Emitter, type Event } from '../../common/event.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import type { MessageState, Settlement } from './ackState.ts';
import { Consumer } from './consumer.ts';
import { countAfter } from './countAfter.ts';
import { Deliveries } from './deliveries.ts';
import type { DeliveredMessage, MessageBuffer } from './messageBuffer.ts';
import { PeekLook, type PeekBounds } from './peekLook.ts';
import type { Peek } from './peekPlan.ts';
import { readByConsuming, readByGet } from './peekRead.ts';
import type { Tail, TailSource } from './tail.ts';
import type { TailFactory, TailParts } from './tailFactory.ts';
import { TailSignals } from './tailSignals.ts';
import type { PeekEnd, TailNotice, TailStatus } from './tailStatus.ts';

/** What to look at, and how. */
export interface PeekOptions extends PeekBounds {
  readonly queue: string;
  readonly plan: Peek;
}

/** The broker has so long to answer when looking is to end, in milliseconds; then the connection is dropped. */
const graceMs = 1_500;

/**
 * A look at the first messages of a queue, which are given back at once: by a channel of a connection of its own, so that
 * whatever goes wrong takes no tail with it, and everything goes back. A message whose next return would lose it is held
 * until a person settles it.
 */
class PeekTail implements Tail {
  readonly mode = 'peek';
  readonly source: TailSource;
  readonly buffer: MessageBuffer;
  readonly #options: PeekOptions;
  readonly #parts: TailParts;
  readonly #connection: BrokerConnection;
  readonly #deliveries: Deliveries;
  #consumer: Consumer | undefined;
  readonly #look: PeekLook;
  /** Looking is over, and a person is to settle what is kept. */
  #isWaiting = false;
  #isDropped = false;
  #ready = 0;
  #starting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #grace: Disposable | undefined;
  readonly #connectionStates: Disposable;
  readonly #signals: TailSignals;
  readonly #stateChanged = new Emitter<readonly number[]>();
  readonly onDidReceive: Event<void>;
  readonly onDidSettle: Event<readonly number[]>;
  readonly onDidChangeStatus: Event<TailStatus>;
  readonly onDidNotice: Event<TailNotice>;

  constructor(options: PeekOptions, parts: TailParts) {
    this.#options = options;
    this.#parts = parts;
    this.#look = new PeekLook(options);
    this.source = { kind: 'queue', name: options.queue };
    this.#connection = parts.ownConnection('peek');
    this.#deliveries = new Deliveries('hold', { messages: options.count, bytes: Infinity });
    this.buffer = this.#deliveries.buffer;
    this.#signals = new TailSignals(parts.clock);
    this.onDidReceive = this.#signals.onDidReceive;
    this.onDidSettle = this.#stateChanged.event;
    this.#deliveries.onDidSettle((numbers) => this.#stateChanged.fire(numbers));
    this.onDidChangeStatus = this.#signals.onDidChangeStatus;
    this.onDidNotice = this.#signals.onDidNotice;
    this.#connectionStates = this.#connection.onDidChangeState((state) => {
      if (!this.#isWaiting) return;
      if (state.kind === 'waiting' || state.kind === 'failed') void this.#close(state.error);
      else if (state.kind === 'closed') void this.#close();
    });
  }

  get status(): TailStatus {
    return this.#signals.status;
  }

  get heldCount(): number {
    return this.#deliveries.heldCount;
  }

  /** Of what is held while looking none can be settled. */
  stateOf(number: number): MessageState | undefined {
    const state = this.#deliveries.stateOf(number);
    return state === 'held' && !this.#isWaiting ? undefined : state;
  }

  heldNumbers(): number[] {
    return this.#isWaiting ? this.#deliveries.heldNumbers() : [];
  }

  lastReturns(): number[] {
    return this.heldNumbers().filter((number) => this.#look.kept.has(number));
  }

  /**
   * Looks, and gives back.
   * @throws AppError why it could not look at all, or no further: `singleActiveConsumer`, `queueIsStream`, and others
   */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  pause(): Promise<void> {
    return Promise.resolve();
  }

  resume(): Promise<void> {
    return Promise.resolve();
  }

  settle(numbers: Iterable<number>, settlement: Settlement): number {
    return this.#settle((consumer) => this.#deliveries.settle(consumer, numbers, settlement));
  }

  settleUpTo(number: number, settlement: Settlement): number {
    return this.#settle((consumer) => this.#deliveries.settleUpTo(consumer, number, settlement));
  }

  /**
   * Looks no further, and gives back what is held. What that would lose, and nobody could know of yet, is held on; it goes
   * back when stopped again. Never throws.
   */
  async stop(): Promise<void> {
    const isLooking = this.#starting !== undefined && !this.#isWaiting;
    this.#endSoon({ kind: 'stopped' });
    if (isLooking) await this.#starting?.catch(() => undefined);
    else await this.#close();
  }

  async #start(): Promise<void> {
    try {
      await this.#connection.connect();
      await this.#read();
    } catch (thrown) {
      // A person stopped it, or the time was over, while the broker was answering: that is no failure.
      const isEnding = this.#isDropped || this.#look.end?.kind === 'stopped';
      const error = isEnding ? undefined : explained(toAppError(thrown), this.#options.queue);
      await this.#close(error);
      if (error) throw error;
    }
  }

  async #read(): Promise<void> {
    const { queue, plan } = this.#options;
    const consumer = await Consumer.open(this.#connection, { queue, prefetch: 1 }, this.#parts.clock, {
      onMessage: (raw) => this.#keep(raw),
      // The next call fails, and says why.
      onCancelled: () => undefined,
      onEnded: (error) => {
        if (this.#isWaiting) void this.#close(error);
      },
    });
    this.#consumer = consumer;
    this.#ready = await consumer.countReady();
    this.#signals.setStatus({ kind: 'running' });
    const { holdMs: ms } = plan;
    const time = this.#parts.clock.setTimeout(() => this.#endSoon({ kind: 'time', ms }), ms);
    try {
      const messages = {
        look: this.#look,
        seen: () => this.buffer.lastNumber,
        keep: (raw: DeliveredMessage) => this.#keep(raw),
      };
      if (plan.method === 'get') await readByGet(consumer, messages);
      else await readByConsuming(consumer, this.#options, messages);
      if (this.#isPassedBy) throw new AppError('singleActiveConsumer', { queue });
    } finally {
      time.dispose();
    }
    if (this.#look.kept.size > 0) await this.#keepSome(consumer);
    else await this.#close();
  }

  /** Another has become the active one meanwhile. */
  get #isPassedBy(): boolean {
    const isDone = this.#look.end?.kind === 'empty' && this.buffer.lastNumber === 0;
    return isDone && this.#options.plan.isAlone && this.#ready > 0;
  }

  /** All that comes is kept, also when it is to end: it is shown, and goes back with the others. */
  #keep(raw: DeliveredMessage): void {
    const number = this.#deliveries.keep(raw, this.#parts.clock.now(), this.#consumer);
    const message = this.buffer.get(number);
    if (message) this.#look.see(message, this.buffer.bytes);
    this.#signals.receive();
  }

  /** It is over soon: without an answer all goes back with the connection, unless that would lose what a person is to settle. */
  #endSoon(end: PeekEnd): void {
    this.#look.endWith(end);
    this.#grace ??= this.#parts.clock.setTimeout(() => {
      this.#grace = undefined;
      if (this.#look.kept.size > 0 && !this.#closing) return;
      this.#isDropped = true;
      this.#connection.drop();
    }, graceMs);
  }

  /**
   * Gives back all but those that would be lost by it. With a limit the queue puts what is nacked at its head; where no
   * limit is known it may go to the end, so all are held until those are settled.
   */
  async #keepSome(consumer: Consumer): Promise<void> {
    const { limit } = this.#options;
    const others = limit.kind === 'known' ? this.#deliveries.heldNumbers().filter((n) => !this.#look.kept.has(n)) : [];
    // Each before the next: of several the queue may change the order.
    for (const number of others) {
      this.#deliveries.settle(consumer, [number], 'requeued');
      await consumer.countReady();
    }
    this.#grace?.dispose();
    this.#grace = undefined;
    this.#isWaiting = true;
    this.#signals.flush();
    this.#stateChanged.fire(this.heldNumbers());
    await this.#tell();
  }

  #settle(run: (consumer: Consumer) => number): number {
    const consumer = this.#consumer;
    if (!this.#isWaiting || consumer?.isOpen !== true) return 0;
    const settled = run(consumer);
    if (this.lastReturns().length === 0) void this.#close();
    return settled;
  }

  #close(error?: AppError): Promise<void> {
    this.#closing ??= this.#closeNow(error);
    return this.#closing;
  }

  /** Gives back what is held, closes the connection, and says what it came to. */
  async #closeNow(error: AppError | undefined): Promise<void> {
    const { limit, plan } = this.#options;
    const consumer = this.#consumer;
    const held = this.#deliveries.heldNumbers();
    const pastLimit = limit.kind === 'known' ? held.filter((number) => this.#look.kept.has(number)).length : 0;
    const isTold = error === undefined && !this.#isWaiting && consumer !== undefined;
    const mayLoseAcks = consumer?.mayLoseAcks() === true;
    this.#isWaiting = false;
    this.#signals.setStatus({ kind: 'stopping' });
    this.#endSoon({ kind: 'stopped' });
    if (plan.giveBack === 'nack' && consumer) await this.#nackAll(consumer);
    const outcome = await consumer?.close();
    this.#grace?.dispose();
    await this.#connection.dispose();
    this.#connectionStates.dispose();
    const returned = this.#deliveries.letGo(outcome === 'closed' ? 'requeued' : 'lost');
    this.#signals.flush();
    if (mayLoseAcks && outcome !== 'closed') this.#signals.notice({ kind: 'acksUnconfirmed' });
    const isBack = isTold && (await this.#tell());
    this.#signals.setStatus({
      kind: 'ended',
      ...(error && { error }),
      returned,
      ...(this.#isDropped && !isBack && { isUnconfirmed: true }),
      ...(pastLimit > 0 && { pastLimit }),
      ...(isTold && { isTold }),
    });
  }

  /** The count of the reply says that the broker has taken note. */
  async #nackAll(consumer: Consumer): Promise<void> {
    try {
      this.#deliveries.settleUpTo(consumer, this.buffer.lastNumber, 'requeued');
      await consumer.countReady();
    } catch {
      // Closing the channel gives back too.
    }
  }

  /** Says what it came to; whether the queue has as many messages as before. */
  async #tell(): Promise<boolean> {
    const { queue, plan } = this.#options;
    const { buffer, heldCount: held } = this;
    const count = await countAfter(this.#parts, queue, this.#ready - held);
    const result = this.#look.result({ ready: this.#ready, last: buffer.get(buffer.lastNumber), held, plan, count });
    this.#signals.notice({ kind: 'peeked', result });
    return count === 'same';
  }
}

/** Makes a tail that looks at a queue. */
export function peekTail(options: PeekOptions): TailFactory {
  return (parts) => new PeekTail(options, parts);
}

/** What a stream's broker says when it closes the connection over a get. Measured on 3.10 and 4.0. */
function explained(error: AppError, queue: string): AppError {
  const isStream = error.message.includes('not supported by stream queues');
  return isStream ? new AppError('queueIsStream', { queue }, { cause: error }) : error;
}
