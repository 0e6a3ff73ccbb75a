import type { ConsumeMessage } from 'amqplib';
import type { Clock } from '../../../common/clock.ts';
import type { Disposable } from '../../../common/disposable.ts';
import { toAppError, type AppError } from '../../../common/errors.ts';
import type { Event } from '../../../common/event.ts';
import type { BrokerConnection } from '../../connection/connection.ts';
import { isOpen, type ConnectionState } from '../../connection/state.ts';
import { connectionEffect } from '../connectionEffect.ts';
import { MessageBuffer } from '../messageBuffer.ts';
import { readEnds } from './streamEnds.ts';
import { streamBatch, streamPrefetch, type StreamOptions } from './streamOptions.ts';
import type { PageRequest, StreamEnds, StreamPlace } from './streamPage.ts';
import type { StreamNotice } from './streamNotice.ts';
import { planFor, type StreamGoal } from './streamPlan.ts';
import { StreamProgress } from './streamProgress.ts';
import { StreamReader } from './streamReader.ts';
import { lasting, offsetArgument, type StreamStart } from './streamStart.ts';
import { TakesNothing } from '../takesNothing.ts';
import type { Tail, TailSource } from '../tail.ts';
import type { TailFactory } from '../tailFactory.ts';
import { TailSignals } from '../tailSignals.ts';
import type { TailNotice, TailStatus } from '../tailStatus.ts';

/** Reads a stream on a connection of its own, since many a mistake with one ends the connection. */
export function streamTail(options: StreamOptions): TailFactory {
  return (parts) => new StreamTail(options, parts.ownConnection('stream'), parts.clock);
}

/** Views are told at once of so many new messages: who writes them elsewhere must be able to ask for a pause before the buffer drops any. */
const mostUntold = 1_000;

/**
 * Reads a stream by offset and takes nothing off it: follows what comes, or shows pages back and forth. After a reconnect
 * it goes on where it was, so that no message comes twice.
 */
export class StreamTail extends TakesNothing implements Tail {
  readonly mode = 'stream';
  readonly source: TailSource;
  readonly options: StreamOptions;
  readonly buffer: MessageBuffer;
  readonly #connection: BrokerConnection;
  readonly #clock: Clock;
  /** What is being read; undefined while it is paused. What has begun for another one than this comes too late. */
  #goal: StreamGoal | undefined;
  #reader: StreamReader | undefined;
  readonly #progress: StreamProgress;
  /** Ends when the page asked for last is read: a quick second click is about the page after it. */
  #lastPage: Promise<void> = Promise.resolve();
  /** Where it starts when it has to before anything was found. */
  #startAgain: StreamStart;
  #stopping: Promise<void> | undefined;
  readonly #connectionStates: Disposable;
  #untold = 0;
  readonly #signals: TailSignals;
  readonly onDidReceive: Event<void>;
  readonly onDidChangeStatus: Event<TailStatus>;
  readonly onDidNotice: Event<TailNotice>;

  constructor(options: StreamOptions, connection: BrokerConnection, clock: Clock) {
    super();
    this.options = options;
    this.#startAgain = options.start;
    this.source = { kind: 'queue', name: options.queue };
    this.buffer = new MessageBuffer(options.buffer);
    this.#progress = new StreamProgress(options.pageSize);
    this.#connection = connection;
    this.#clock = clock;
    this.#signals = new TailSignals(clock, () => this.#makeRoom());
    this.onDidReceive = this.#signals.onDidReceive;
    this.onDidChangeStatus = this.#signals.onDidChangeStatus;
    this.onDidNotice = this.#signals.onDidNotice;
    this.#connectionStates = connection.onDidChangeState((state) => this.#connectionChanged(state));
  }

  get status(): TailStatus {
    return this.#signals.status;
  }

  /** The offsets it has, as far as has been seen; undefined when it is empty. */
  get ends(): StreamEnds | undefined {
    return this.#progress.ends;
  }

  /** Undefined before it is known where a time is. */
  get place(): StreamPlace | undefined {
    return this.#progress.place;
  }

  /** What was asked for last: to go on with what comes, or a page. */
  get reading(): StreamOptions['reading'] {
    return this.#progress.isPage ? 'page' : 'follow';
  }

  async start(): Promise<void> {
    const { start, reading } = this.options;
    try {
      // Before the broker sees it.
      offsetArgument(start);
      await this.#connection.connect();
    } catch (error) {
      // A person stopped it meanwhile: that is no failure.
      if (this.#stopping) return;
      this.#end(toAppError(error));
      throw error;
    }
    if (this.status.kind !== 'starting') return;
    this.#startAgain = lasting(start, this.#clock.now());
    await (reading === 'follow' ? this.#pursue({ kind: 'follow', start }) : this.#readPage(start));
  }

  /** Ends delivery; it goes on with the next message. */
  async pause(): Promise<void> {
    if (this.status.kind !== 'running') return;
    await this.#rest({ kind: 'pausedAt', next: this.place?.next });
  }

  /** Follows, from where it is. @throws AppError why it cannot; the tail has ended then */
  async resume(): Promise<void> {
    if (this.status.kind !== 'paused') return;
    await this.#pursue({ kind: 'follow', start: this.#progress.whereToGoOn(this.#startAgain) });
  }

  /** Reads one page, and pauses. Does nothing without a connection. @throws AppError why it cannot; the tail has ended then */
  async showPage(request: PageRequest): Promise<void> {
    await this.#readPage(request);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#signals.setStatus({ kind: 'stopping' });
    await this.#letGo();
    await this.#connection.dispose();
    this.#end();
  }

  #readPage(page: PageRequest | StreamStart): Promise<void> {
    const turn = this.#afterLastPage(page);
    this.#lastPage = turn.catch(() => undefined);
    return turn;
  }

  async #afterLastPage(page: PageRequest | StreamStart): Promise<void> {
    await this.#lastPage;
    const { kind } = this.status;
    if (kind === 'starting' || kind === 'running' || kind === 'paused') await this.#pursue({ kind: 'page', page });
  }

  /** @throws AppError why it cannot; the tail has ended then */
  async #pursue(goal: StreamGoal): Promise<void> {
    const closing = this.#letGo();
    this.#goal = goal;
    this.#progress.leavePage();
    this.#signals.setStatus({ kind: 'running' });
    try {
      await closing;
      await this.#read(goal);
    } catch (error) {
      // Without its connection it goes on later; `#connectionChanged` sees to that.
      if (this.#goal === goal && isOpen(this.#connection.state)) this.#end(toAppError(error));
      const { status } = this;
      if (status.kind === 'ended' && status.error) throw status.error;
    }
  }

  async #read(goal: StreamGoal): Promise<void> {
    const { queue, pageSize } = this.options;
    const ends = await readEnds(this.#connection, queue, this.#clock);
    if (this.#goal !== goal) return;
    this.#progress.look(ends);
    const plan = planFor(goal, this.place, ends, pageSize);
    if (plan.kind === 'nothing') {
      this.#progress.stayAtEnd();
      await this.#rest({ kind: 'noPage', why: plan.why });
      return;
    }
    for (const notice of plan.notices) this.#signals.notice(notice);
    this.#progress.begin(goal, plan);
    const reader = await this.#openReader(plan.start);
    if (this.#goal !== goal) return reader.close();
    this.#reader = reader;
    await reader.begin();
    if (goal.kind === 'follow') return;
    await reader.readTo(() => this.#progress.end);
    if (this.#goal === goal) await this.#rest(this.#progress.finishPage());
  }

  #openReader(start: StreamStart): Promise<StreamReader> {
    const { queue, filter, pageSize } = this.options;
    const pace = this.#progress.isPage ? { prefetch: pageSize } : { prefetch: streamPrefetch, batch: streamBatch };
    const options = { queue, start, ...pace, ...(filter !== undefined && { filter }) };
    return StreamReader.open(this.#connection, options, this.#clock, {
      onMessage: (message, offset) => this.#keep(message, offset),
      onEnded: (error) => this.#end(error),
    });
  }

  #keep(message: ConsumeMessage, offset: number): void {
    if (!this.#progress.take(offset)) return;
    this.buffer.add(message, this.#clock.now());
    if (++this.#untold >= mostUntold) this.#signals.flush();
    else this.#signals.receive();
  }

  #makeRoom(): void {
    this.#untold = 0;
    if (!this.#progress.isPage) this.#reader?.askForMore();
  }

  async #rest(notice: StreamNotice): Promise<void> {
    const closing = this.#letGo();
    this.#signals.flush();
    this.#signals.setStatus({ kind: 'paused' });
    this.#signals.notice(notice);
    await closing;
  }

  async #letGo(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#goal = undefined;
    await reader?.close();
  }

  #connectionChanged(state: ConnectionState): void {
    const effect = connectionEffect(this.status, state);
    if (effect?.kind === 'resume') void this.#resumeAfterReconnect();
    else if (effect?.kind === 'interrupt') this.#interrupt(effect.error);
    else if (effect) this.#end(effect.error);
  }

  #interrupt(error: AppError): void {
    const goal = this.#goal && this.#progress.rest(this.#goal, this.#startAgain);
    void this.#letGo();
    this.#goal = goal;
    this.#signals.setStatus({ kind: 'interrupted', error, returned: 0 });
  }

  async #resumeAfterReconnect(): Promise<void> {
    const goal = this.#goal;
    if (!goal) {
      this.#signals.setStatus({ kind: 'paused' });
      return;
    }
    this.#signals.notice({ kind: 'resumedAt', next: this.place?.next });
    // The status tells.
    await this.#pursue(goal).catch(() => undefined);
  }

  #end(error?: AppError): void {
    if (this.status.kind === 'ended') return;
    void this.#letGo();
    this.#connectionStates.dispose();
    void this.#connection.dispose();
    this.#signals.flush();
    this.#signals.setStatus({ kind: 'ended', ...(error && { error }), returned: 0 });
  }
}
