import type { ConsumeMessage } from 'amqplib';
import type { Clock } from '../../../common/clock.ts';
import type { Disposable } from '../../../common/disposable.ts';
import { AppError, toAppError } from '../../../common/errors.ts';
import { Emitter, type Event } from '../../../common/event.ts';
import type { BrokerConnection } from '../../connection/connection.ts';
import { isOpen, type ConnectionState } from '../../connection/state.ts';
import { MessageBuffer } from '../messageBuffer.ts';
import { readEnds } from './streamEnds.ts';
import { streamBatch, streamPrefetch, type StreamOptions } from './streamOptions.ts';
import type { PageRequest, StreamEnds, StreamPlace } from './streamPage.ts';
import type { StreamNotice } from './streamNotice.ts';
import { planFor, type StreamGoal } from './streamPlan.ts';
import { StreamProgress } from './streamProgress.ts';
import { StreamReader } from './streamReader.ts';
import { lasting, offsetArgument, type StreamStart } from './streamStart.ts';
import type { Tail, TailSource } from '../tail.ts';
import type { TailFactory } from '../tailFactory.ts';
import type { TailNotice, TailStatus } from '../tailStatus.ts';

/** Reads a stream on a connection of its own, since many a mistake with one ends the connection. */
export function streamTail(options: StreamOptions): TailFactory {
  return (parts) => new StreamTail(options, parts.ownConnection('stream'), parts.clock);
}

/** Views are told of new messages at most this often, in milliseconds. */
const tickMs = 50;
/** Or after so many: who writes them elsewhere must be able to ask for a pause before the buffer drops any. */
const mostUntold = 1_000;

/**
 * Reads a stream by offset and takes nothing off it: follows what comes, or shows pages back and forth. After a reconnect
 * it goes on where it was, so that no message comes twice.
 */
export class StreamTail implements Tail {
  readonly mode = 'stream';
  readonly source: TailSource;
  readonly options: StreamOptions;
  readonly buffer: MessageBuffer;
  readonly heldCount = 0;
  readonly #connection: BrokerConnection;
  readonly #clock: Clock;
  #status: TailStatus = { kind: 'starting' };
  /** What is being read; undefined while it is paused. What has begun for another one than this comes too late. */
  #goal: StreamGoal | undefined;
  #reader: StreamReader | undefined;
  readonly #progress: StreamProgress;
  /** Ends when the page asked for last is read: a quick second click is about the page after it. */
  #lastPage: Promise<void> = Promise.resolve();
  /** Where it starts when it has to before anything was found. */
  #startAgain: StreamStart;
  #stopping: Promise<void> | undefined;
  #tick: Disposable | undefined;
  readonly #connectionStates: Disposable;
  #untold = 0;
  readonly #received = new Emitter<void>();
  readonly #statusChanged = new Emitter<TailStatus>();
  readonly #noticed = new Emitter<TailNotice>();

  readonly onDidReceive: Event<void> = this.#received.event;
  readonly onDidSettle: Event<readonly number[]> = new Emitter<readonly number[]>().event;
  readonly onDidChangeStatus: Event<TailStatus> = this.#statusChanged.event;
  readonly onDidNotice: Event<TailNotice> = this.#noticed.event;

  constructor(options: StreamOptions, connection: BrokerConnection, clock: Clock) {
    this.options = options;
    this.#startAgain = options.start;
    this.source = { kind: 'queue', name: options.queue };
    this.buffer = new MessageBuffer(options.buffer);
    this.#progress = new StreamProgress(options.pageSize);
    this.#connection = connection;
    this.#clock = clock;
    this.#connectionStates = connection.onDidChangeState((state) => this.#connectionChanged(state));
  }

  get status(): TailStatus {
    return this.#status;
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

  /** A stream's messages are never held: they stay in it. */
  stateOf(): undefined {
    return undefined;
  }

  heldNumbers(): number[] {
    return [];
  }

  settle(): number {
    return 0;
  }

  settleUpTo(): number {
    return 0;
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
    if (this.#status.kind !== 'starting') return;
    this.#startAgain = lasting(start, this.#clock.now());
    await (reading === 'follow' ? this.#pursue({ kind: 'follow', start }) : this.#readPage(start));
  }

  /** Ends delivery; it goes on with the next message. */
  async pause(): Promise<void> {
    if (this.#status.kind !== 'running') return;
    await this.#rest({ kind: 'pausedAt', next: this.place?.next });
  }

  /** Follows, from where it is. @throws AppError why it cannot; the tail has ended then */
  async resume(): Promise<void> {
    if (this.#status.kind !== 'paused') return;
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
    this.#setStatus({ kind: 'stopping' });
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
    const { kind } = this.#status;
    if (kind === 'starting' || kind === 'running' || kind === 'paused') await this.#pursue({ kind: 'page', page });
  }

  /** @throws AppError why it cannot; the tail has ended then */
  async #pursue(goal: StreamGoal): Promise<void> {
    const closing = this.#letGo();
    this.#goal = goal;
    this.#progress.leavePage();
    this.#setStatus({ kind: 'running' });
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
    for (const notice of plan.notices) this.#noticed.fire(notice);
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
    if (++this.#untold >= mostUntold) this.#tell();
    else this.#tick ??= this.#clock.setTimeout(() => this.#tell(), tickMs);
  }

  #tell(): void {
    this.#untold = 0;
    this.#tick?.dispose();
    this.#tick = undefined;
    if (!this.#progress.isPage) this.#reader?.askForMore();
    this.#received.fire();
  }

  async #rest(notice: StreamNotice): Promise<void> {
    const closing = this.#letGo();
    this.#tell();
    this.#setStatus({ kind: 'paused' });
    this.#noticed.fire(notice);
    await closing;
  }

  async #letGo(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#goal = undefined;
    await reader?.close();
  }

  #connectionChanged(state: ConnectionState): void {
    const { kind } = this.#status;
    if (kind === 'interrupted' && isOpen(state)) void this.#resumeAfterReconnect();
    // Whoever starts or stops it sees it too.
    else if (kind === 'starting' || kind === 'stopping' || kind === 'ended') return;
    else if (state.kind === 'failed') this.#end(state.error);
    else if (state.kind === 'closed') this.#end(new AppError('notConnected', {}));
    else if (state.kind === 'waiting' && kind !== 'interrupted') this.#interrupt(state.error);
  }

  #interrupt(error: AppError): void {
    const goal = this.#goal && this.#progress.rest(this.#goal, this.#startAgain);
    void this.#letGo();
    this.#goal = goal;
    this.#setStatus({ kind: 'interrupted', error, returned: 0 });
  }

  async #resumeAfterReconnect(): Promise<void> {
    const goal = this.#goal;
    if (!goal) {
      this.#setStatus({ kind: 'paused' });
      return;
    }
    this.#noticed.fire({ kind: 'resumedAt', next: this.place?.next });
    // The status tells.
    await this.#pursue(goal).catch(() => undefined);
  }

  #end(error?: AppError): void {
    if (this.#status.kind === 'ended') return;
    void this.#letGo();
    this.#connectionStates.dispose();
    void this.#connection.dispose();
    this.#tell();
    this.#setStatus({ kind: 'ended', ...(error && { error }), returned: 0 });
  }

  #setStatus(status: TailStatus): void {
    if (this.#status.kind === status.kind || this.#status.kind === 'ended') return;
    this.#status = status;
    this.#statusChanged.fire(status);
  }
}
