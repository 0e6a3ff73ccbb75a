import type { ConsumeMessage } from 'amqplib';
import type { Clock } from '../../../common/clock.ts';
import type { Disposable } from '../../../common/disposable.ts';
import { AppError, toAppError } from '../../../common/errors.ts';
import type { Event } from '../../../common/event.ts';
import type { BrokerConnection } from '../../connection/connection.ts';
import { isOpen, type ConnectionState } from '../../connection/state.ts';
import type { ManagementClient } from '../../management/client.ts';
import { connectionEffect } from '../connectionEffect.ts';
import { MessageBuffer, type BufferLimits } from '../messageBuffer.ts';
import { TakesNothing } from '../takesNothing.ts';
import type { Tail, TailSource } from '../tail.ts';
import type { TailParts } from '../tailFactory.ts';
import { TailSignals } from '../tailSignals.ts';
import type { TailNotice, TailStatus } from '../tailStatus.ts';
import { TapBranch } from './tapBranch.ts';
import type { TapEvent } from './tapEvent.ts';
import { lookMs, type TapFeed } from './tapFeed.ts';
import type { FirehoseScope } from './firehoseFeed.ts';
import { mayPass } from './mayPass.ts';

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
export class Tap extends TakesNothing implements Tail {
  readonly mode = 'tap';
  readonly source: TailSource;
  /** What of it the firehose brings; undefined where it is not used. */
  readonly firehose: FirehoseScope | undefined;
  readonly buffer: MessageBuffer;
  readonly #vhost: string;
  readonly #management: () => ManagementClient | undefined;
  readonly #connection: BrokerConnection;
  readonly #clock: Clock;
  readonly #branches: readonly TapBranch[];
  /** A person paused it; an interruption does not change that. */
  #pauseWanted = false;
  /** Arrived after that. */
  #unseen: ConsumeMessage[] = [];
  /** Ends when all that was asked for so far is done: one thing at a time. */
  #lastTurn: Promise<void> = Promise.resolve();
  #ending: Promise<void> | undefined;
  #nextLook: Disposable | undefined;
  #looks = 0;
  /** How many looks have failed since one has not. */
  #failures = 0;
  readonly #connectionStates: Disposable;
  readonly #signals: TailSignals;
  readonly onDidReceive: Event<void>;
  readonly onDidChangeStatus: Event<TailStatus>;
  readonly onDidNotice: Event<TailNotice>;

  constructor({ source, buffer, feeds, firehose }: TapOptions, parts: TailParts) {
    super();
    const { username, vhost } = parts.profile;
    this.source = source;
    this.firehose = firehose;
    this.buffer = new MessageBuffer(buffer);
    this.#vhost = vhost;
    this.#management = () => parts.management();
    this.#clock = parts.clock;
    this.#signals = new TailSignals(parts.clock);
    this.onDidReceive = this.#signals.onDidReceive;
    this.onDidChangeStatus = this.#signals.onDidChangeStatus;
    this.onDidNotice = this.#signals.onDidNotice;
    const keep = (message: ConsumeMessage): void => this.#deliver(message);
    const tell = (event: TapEvent): void => this.#tell(event);
    this.#branches = feeds.map((feed) => new TapBranch({ feed, username, keep, tell }));
    this.#connection = parts.ownConnection('tap');
    this.#connectionStates = this.#connection.onDidChangeState((state) => this.#connectionChanged(state));
  }

  get status(): TailStatus {
    return this.#signals.status;
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
    if (this.status.kind !== 'running') return;
    this.#pauseWanted = true;
    this.#signals.setStatus({ kind: 'paused' });
    // At once: a look may wait for the management API, and all that comes until then would pile up here.
    const cancelled = this.#branches.map((branch) => branch.cancel());
    await Promise.all([...cancelled, this.#inTurn(() => this.#followStatus())]);
  }

  async resume(): Promise<void> {
    if (this.status.kind !== 'paused') return;
    this.#pauseWanted = false;
    this.#signals.setStatus({ kind: 'running' });
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
    // It may have been stopped while the broker was answering; whoever did that sees to the rest.
    if (this.#ending) return;
    const { state } = this.#connection;
    // Cut off: the last to answer may have been the management API.
    if (!isOpen(state)) throw 'error' in state ? state.error : new AppError('notConnected', {});
    this.#signals.setStatus({ kind: this.#pauseWanted ? 'paused' : 'running' });
    await this.#followStatus();
    this.#lookLater();
  }

  async #openBranch(branch: TapBranch, index: number): Promise<void> {
    const others = this.#branches.slice(0, index).flatMap(({ queue }) => queue ?? []);
    await branch.open(this.#connection, others);
  }

  async #followStatus(): Promise<void> {
    for (const branch of this.#branches) {
      if (this.status.kind === 'running') await branch.subscribe();
      else if (this.status.kind === 'paused') await branch.cancel();
    }
  }

  #lookLater(): void {
    this.#nextLook?.dispose();
    this.#nextLook = this.#clock.setTimeout(() => void this.#inTurn(() => this.#look()), lookMs);
  }

  /** Keeps up with changes; none is seen earlier than here. */
  async #look(): Promise<void> {
    if (this.status.kind !== 'running' && this.status.kind !== 'paused') return;
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
    this.#signals.receive();
  }

  #connectionChanged(state: ConnectionState): void {
    const effect = connectionEffect(this.status, state);
    if (effect?.kind === 'resume') this.#reopen();
    else if (effect?.kind === 'interrupt') this.#interrupt(effect.error);
    else if (effect) void this.#end(effect.error);
  }

  #interrupt(error: AppError): void {
    this.#nextLook?.dispose();
    for (const branch of this.#branches) void branch.forget();
    this.#signals.setStatus({ kind: 'interrupted', error, returned: 0 });
  }

  #reopen(): void {
    void this.#inTurn(async () => {
      if (this.status.kind !== 'interrupted') return;
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
    this.#signals.setStatus({ kind: 'stopping' });
    await this.#lastTurn;
    for (const branch of this.#branches) await branch.end();
    await this.#connection.dispose();
    this.#signals.flush();
    this.#signals.setStatus({ kind: 'ended', ...(error && { error }), returned: 0 });
  }

  #tell(event: TapEvent): void {
    this.#signals.notice({ kind: 'tap', event });
  }
}
