import type { ConsumeMessage } from 'amqplib';
import type { Clock } from '../../../common/clock.ts';
import type { Disposable } from '../../../common/disposable.ts';
import { AppError, toAppError } from '../../../common/errors.ts';
import { Emitter, type Event } from '../../../common/event.ts';
import type { BrokerConnection } from '../../connection/connection.ts';
import { isOpen, type ConnectionState } from '../../connection/state.ts';
import type { ManagementClient } from '../../management/client.ts';
import { MessageBuffer, type BufferLimits } from '../messageBuffer.ts';
import type { Tail, TailSource } from '../tail.ts';
import type { TailParts } from '../tailFactory.ts';
import type { TailNotice, TailStatus } from '../tailStatus.ts';
import { TapBranch } from './tapBranch.ts';
import type { TapEvent } from './tapEvent.ts';
import { lookMs, type TapFeed } from './tapFeed.ts';
import type { FirehoseScope } from './firehoseFeed.ts';
import { mayPass } from './mayPass.ts';

/** Views are told of new messages at most this often, in milliseconds. */
const tickMs = 50;
/** Statistics are looked at every so many looks, and what cannot be followed is given up after so many that fail. */
const statisticsEvery = 3;
const failuresBeforeSuspend = 3;

export interface TapOptions {
  readonly source: TailSource;
  readonly buffer: BufferLimits;
  /** What brings it messages; each gets a queue of its own. */
  readonly feeds: readonly TapFeed[];
  /** What of it the firehose brings. */
  readonly firehose?: FirehoseScope | undefined;
}

/**
 * Copies of what goes to a queue, or through an exchange, by queues of our own on a connection of their own. It takes
 * nothing from anybody. What is published while it is not connected it misses, and says so.
 */
export class Tap implements Tail {
  readonly mode = 'tap';
  readonly heldCount = 0;
  readonly source: TailSource;
  /** What of it the firehose brings; undefined where it is not used. */
  readonly firehose: FirehoseScope | undefined;
  readonly buffer: MessageBuffer;
  readonly #vhost: string;
  readonly #management: () => ManagementClient | undefined;
  readonly #connection: BrokerConnection;
  readonly #clock: Clock;
  readonly #branches: readonly TapBranch[];
  #status: TailStatus = { kind: 'starting' };
  /** A person paused it; an interruption does not change that. */
  #pauseWanted = false;
  /** Arrived after that. */
  #unseen: ConsumeMessage[] = [];
  /** Ends when all that was asked for so far is done: one thing at a time. */
  #lastTurn: Promise<void> = Promise.resolve();
  #ending: Promise<void> | undefined;
  #tick: Disposable | undefined;
  #nextLook: Disposable | undefined;
  #looks = 0;
  /** How many looks have failed since one has not. */
  #failures = 0;
  readonly #connectionStates: Disposable;
  readonly #received = new Emitter<void>();
  readonly #statusChanged = new Emitter<TailStatus>();
  readonly #noticed = new Emitter<TailNotice>();

  readonly onDidReceive: Event<void> = this.#received.event;
  /** Never: it holds nothing. */
  readonly onDidSettle: Event<readonly number[]> = new Emitter<readonly number[]>().event;
  readonly onDidChangeStatus: Event<TailStatus> = this.#statusChanged.event;
  readonly onDidNotice: Event<TailNotice> = this.#noticed.event;

  constructor({ source, buffer, feeds, firehose }: TapOptions, parts: TailParts) {
    const { username, vhost } = parts.profile;
    this.source = source;
    this.firehose = firehose;
    this.buffer = new MessageBuffer(buffer);
    this.#vhost = vhost;
    this.#management = () => parts.management();
    this.#clock = parts.clock;
    const keep = (message: ConsumeMessage): void => this.#deliver(message);
    const tell = (event: TapEvent): void => this.#tell(event);
    this.#branches = feeds.map((feed) => new TapBranch({ feed, username, keep, tell }));
    this.#connection = parts.ownConnection('tap');
    this.#connectionStates = this.#connection.onDidChangeState((state) => this.#connectionChanged(state));
  }

  get status(): TailStatus {
    return this.#status;
  }

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
    try {
      await this.#connection.connect();
      await this.#inTurn(() => this.#open());
    } catch (error) {
      // A person stopped it while the broker was answering: that is no failure.
      if (this.#ending) return;
      await this.#end(toAppError(error));
      throw error;
    }
  }

  /** The tap's queue keeps the newest of what comes meanwhile. */
  async pause(): Promise<void> {
    if (this.#status.kind !== 'running') return;
    this.#pauseWanted = true;
    this.#setStatus({ kind: 'paused' });
    await this.#inTurn(() => this.#followStatus());
  }

  async resume(): Promise<void> {
    if (this.#status.kind !== 'paused') return;
    this.#pauseWanted = false;
    this.#setStatus({ kind: 'running' });
    for (const message of this.#unseen.splice(0)) this.#keep(message);
    await this.#inTurn(() => this.#followStatus());
  }

  async stop(): Promise<void> {
    await this.#end();
  }

  async #inTurn(action: () => Promise<void>): Promise<void> {
    const turn = this.#lastTurn.then(() => (this.#ending ? undefined : action()));
    this.#lastTurn = turn.catch(() => undefined);
    await turn;
  }

  async #open(): Promise<void> {
    for (const [index, branch] of this.#branches.entries()) await this.#openBranch(branch, index);
    // It may have been stopped or cut off while the broker was answering; whoever did that has seen to the rest.
    if (this.#ending || !isOpen(this.#connection.state)) return;
    this.#setStatus({ kind: this.#pauseWanted ? 'paused' : 'running' });
    await this.#followStatus();
    this.#lookLater();
  }

  async #openBranch(branch: TapBranch, index: number): Promise<void> {
    const others = this.#branches.slice(0, index).flatMap(({ queue }) => queue ?? []);
    await branch.open(this.#connection, others);
  }

  async #followStatus(): Promise<void> {
    for (const branch of this.#branches) {
      if (this.#status.kind === 'running') await branch.subscribe();
      else if (this.#status.kind === 'paused') await branch.cancel();
    }
  }

  #lookLater(): void {
    this.#nextLook?.dispose();
    this.#nextLook = this.#clock.setTimeout(() => void this.#inTurn(() => this.#look()), lookMs);
  }

  /** Keeps up with changes; none is seen earlier than here. */
  async #look(): Promise<void> {
    if (this.#status.kind !== 'running' && this.#status.kind !== 'paused') return;
    try {
      for (const [index, branch] of this.#branches.entries()) {
        if (await branch.isThere()) await branch.look();
        else await this.#restore(branch, index);
      }
      if (++this.#looks % statisticsEvery === 0) {
        for (const branch of this.#branches) await branch.watchDrops(this.#management(), this.#vhost);
      }
      if (this.#failures > 0) this.#tell({ kind: 'following' });
      this.#failures = 0;
    } catch (error) {
      await this.#couldNotLook(toAppError(error));
    }
    if (!this.#ending) this.#lookLater();
  }

  /** Somebody has deleted our queue, or it expired by a policy. */
  async #restore(branch: TapBranch, index: number): Promise<void> {
    await this.#openBranch(branch, index);
    await this.#followStatus();
    this.#tell({ kind: 'missed', why: 'queue' });
  }

  async #couldNotLook(error: AppError): Promise<void> {
    // What ended with the connection comes back with it.
    if (!isOpen(this.#connection.state)) return;
    if (!mayPass(error)) return void this.#end(error);
    this.#failures++;
    if (this.#failures === 1) this.#tell({ kind: 'notFollowing', error });
    if (this.#failures !== failuresBeforeSuspend) return;
    for (const branch of this.#branches) await branch.suspend();
  }

  #deliver(message: ConsumeMessage): void {
    if (this.#pauseWanted) this.#unseen.push(message);
    else this.#keep(message);
  }

  #keep(message: ConsumeMessage): void {
    this.buffer.add(message, this.#clock.now());
    this.#tick ??= this.#clock.setTimeout(() => {
      this.#tick = undefined;
      this.#received.fire();
    }, tickMs);
  }

  #connectionChanged(state: ConnectionState): void {
    const { kind } = this.#status;
    if (this.#ending || kind === 'starting') return;
    if (state.kind === 'failed') void this.#end(state.error);
    else if (state.kind === 'closed') void this.#end(new AppError('notConnected', {}));
    else if (kind === 'interrupted' && isOpen(state)) this.#reopen();
    else if (state.kind === 'waiting' && kind !== 'interrupted') {
      this.#nextLook?.dispose();
      for (const branch of this.#branches) void branch.forget();
      this.#setStatus({ kind: 'interrupted', error: state.error, returned: 0 });
    }
  }

  #reopen(): void {
    void this.#inTurn(async () => {
      if (this.#status.kind !== 'interrupted') return;
      try {
        await this.#open();
        this.#tell({ kind: 'missed', why: 'connection' });
      } catch (error) {
        const failure = toAppError(error);
        if (!isOpen(this.#connection.state)) return;
        // A broker that comes up answers over AMQP before its management API does.
        if (mayPass(failure)) this.#nextLook = this.#clock.setTimeout(() => this.#reopen(), lookMs);
        else void this.#end(failure);
      }
    });
  }

  /** Whoever switched something on switches it off: what is being done is waited for. Never throws. */
  #end(error?: AppError): Promise<void> {
    this.#ending ??= this.#endNow(error);
    return this.#ending;
  }

  async #endNow(error: AppError | undefined): Promise<void> {
    this.#nextLook?.dispose();
    this.#connectionStates.dispose();
    this.#setStatus({ kind: 'stopping' });
    await this.#lastTurn;
    for (const branch of this.#branches) await branch.end();
    await this.#connection.dispose();
    this.#tick?.dispose();
    this.#received.fire();
    this.#setStatus({ kind: 'ended', ...(error && { error }), returned: 0 });
  }

  #tell(event: TapEvent): void {
    this.#noticed.fire({ kind: 'tap', event });
  }

  #setStatus(status: TailStatus): void {
    if (this.#status.kind === status.kind || this.#status.kind === 'ended') return;
    this.#status = status;
    this.#statusChanged.fire(status);
  }
}
