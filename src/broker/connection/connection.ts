import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { Emitter, type Event } from '../../common/event.ts';
import { channelFailure, connectFailure, connectionFailure, isFatal } from '../errors.ts';
import { heartbeatLimit, type ConnectionSecrets, type ConnectionTarget } from '../profile.ts';
import { backoffMs } from './backoff.ts';
import { ChannelHandle } from './channel.ts';
import { dial, type Dialled } from './dial.ts';
import { closeModel, dropSocket, settleWithin } from './model.ts';
import { isOpen, reduceConnection, type ConnectionEvent, type ConnectionState } from './state.ts';

/** Asked at each attempt, so that a changed password is used at once and none is kept here. */
export type SecretsSource = () => Promise<ConnectionSecrets>;

/** So often a connection that was open before may be refused its vhost; with backoff that is some 15 seconds. */
const vhostAttempts = 6;
/** With what the management API knows of a broker that may still be loading its definitions. */
const vhostRefusals: readonly string[] = ['vhostUnavailable', 'vhostNotFound', 'vhostForbidden'];

/** How long the broker may take to answer a call, in milliseconds. */
const defaultCallTimeoutMs = 10_000;
/** The same after a sleep, when the other side has most likely forgotten the connection. */
const wakeTimeoutMs = 3_000;

/**
 * One AMQP connection that comes back: it reconnects with backoff until it is closed or meets a fatal error.
 * Publishing, consuming and administration each have their own, because an alarm blocks a whole connection.
 * @see https://www.rabbitmq.com/docs/alarms
 */
export class BrokerConnection {
  readonly #target: ConnectionTarget;
  readonly #secrets: SecretsSource;
  readonly #purpose: string;
  readonly #clock: Clock;
  readonly #callTimeoutMs: number;
  #disposed = false;
  #state: ConnectionState = { kind: 'idle' };
  #model: ChannelModel | undefined;
  #wasOpen = false;
  /** Counts attempts; what an older attempt reports is about a socket that no longer matters. */
  #generation = 0;
  #retry: Disposable | undefined;
  #dialling: AbortController | undefined;
  /** What ended a connection, by its 'error' event or by its 'close', which alone tells what the broker said. */
  readonly #failures = new WeakMap<ChannelModel, unknown>();
  readonly #closedHere = new WeakSet<ChannelModel>();
  readonly #openChannels = new Set<ChannelHandle>();
  readonly #changed = new Emitter<ConnectionState>();
  readonly onDidChangeState: Event<ConnectionState> = this.#changed.event;

  /** @param callTimeoutMs how long the broker may take to answer a call on a channel */
  constructor(
    target: ConnectionTarget,
    secrets: SecretsSource,
    purpose: string,
    clock: Clock,
    callTimeoutMs = defaultCallTimeoutMs,
  ) {
    this.#target = target;
    this.#secrets = secrets;
    this.#purpose = purpose;
    this.#clock = clock;
    this.#callTimeoutMs = callTimeoutMs;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** So long a broker may be gone before that is noticed, by its heartbeats or by a call, in milliseconds. */
  get silenceMs(): number {
    return 2_000 * (this.#target.heartbeatSeconds ?? heartbeatLimit.usual) + this.#callTimeoutMs;
  }

  /**
   * Connects, or resolves at once when open. After a failure that may pass it goes on trying in the background.
   * @param signal ends the wait, and the attempt too unless it was trying by itself
   * @throws AppError why this attempt failed; `cancelled`; `notConnected` after `dispose`
   */
  async connect(signal?: AbortSignal): Promise<void> {
    if (this.#disposed) throw new AppError('notConnected', {});
    if (isOpen(this.#state)) return;
    const isCancelled = (): boolean => signal?.aborted === true;
    if (isCancelled()) throw new AppError('cancelled', {});
    const isTrying = this.#state.kind === 'connecting' || this.#state.kind === 'waiting';
    if (this.#state.kind !== 'connecting') void this.#attempt();
    try {
      await this.#settled(signal);
    } catch (error) {
      if (isCancelled() && !isTrying) void this.close();
      throw error;
    }
  }

  /** Tries again at once instead of later. Whether that succeeds is told by the state. */
  retry(): void {
    if (this.#state.kind === 'waiting') void this.#attempt();
  }

  /**
   * The machine has slept: what is to be tried again is tried now, and an open connection whose broker does not answer any
   * more is dropped, long before its heartbeat would tell.
   */
  wake(): void {
    this.retry();
    // A blocked connection answers nothing.
    if (this.#model && this.#state.kind === 'open') void checkAlive(this.#model);
  }

  /**
   * @throws AppError `notConnected`, or why the channel could not be opened
   */
  async openChannel(): Promise<ChannelHandle> {
    return this.#open((model) => model.createChannel());
  }

  /** A channel in confirm mode. @throws AppError as `openChannel` */
  async openConfirmChannel(): Promise<ChannelHandle<ConfirmChannel>> {
    return this.#open((model) => model.createConfirmChannel());
  }

  /** Closes for good, until `connect` is called again. Never throws and never hangs. */
  async close(): Promise<void> {
    this.#retry?.dispose();
    this.#dialling?.abort();
    this.#generation++;
    const model = this.#model;
    this.#model = undefined;
    this.#apply({ kind: 'close' });
    if (!model) return;
    this.#closedHere.add(model);
    await closeModel(model);
  }

  /** Closes, and never comes alive again. Never throws and never hangs. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.close();
  }

  /** As `dispose`, without a word to the broker: it takes back what it delivered when it sees the socket's end. */
  drop(): void {
    if (this.#model) dropSocket(this.#model);
    void this.dispose();
  }

  /**
   * Drops the socket unless a channel is open: the broker ends every channel with it, those too that it had not closed
   * when asked. Connects again as after any loss.
   */
  dropUnused(): void {
    if (this.#model && this.#openChannels.size === 0) dropSocket(this.#model);
  }

  async #attempt(): Promise<void> {
    this.#retry?.dispose();
    const generation = ++this.#generation;
    this.#apply({ kind: 'connect' });
    // A listener may have closed it.
    if (generation !== this.#generation) return;
    let dialled: Dialled;
    const dialling = new AbortController();
    this.#dialling = dialling;
    try {
      const options = { purpose: this.#purpose, signal: dialling.signal };
      dialled = await dial(this.#target, await this.#secrets(), options);
    } catch (error) {
      const failure = await this.#explained(connectFailure(error, this.#target), dialling.signal);
      if (generation === this.#generation) this.#broke(failure);
      return;
    }
    if (generation !== this.#generation) {
      await closeModel(dialled.model);
      return;
    }
    this.#adopt(dialled, generation);
  }

  /** RabbitMQ refuses a vhost without a reason; the management API may tell. */
  async #explained(failure: AppError, signal: AbortSignal): Promise<AppError> {
    if (!failure.is('vhostUnavailable')) return failure;
    const { explainVhost } = await import('../management/vhostAccess.ts');
    const why = await explainVhost(this.#target, this.#secrets, signal);
    return why === undefined ? failure : new AppError(why, failure.params, { cause: failure });
  }

  #adopt({ model, at, passedOver }: Dialled, generation: number): void {
    this.#model = model;
    // Every channel being opened listens for the end; ten is no sign of a leak.
    model.setMaxListeners(0);
    model.on('error', (error) => this.#failures.set(model, error));
    model.on('close', (error) => {
      if (!this.#failures.has(model)) this.#failures.set(model, error);
      if (generation !== this.#generation) return;
      this.#model = undefined;
      this.#broke(connectionFailure(this.#failures.get(model)));
    });
    model.on('blocked', (reason) => {
      if (generation === this.#generation) this.#apply({ kind: 'blocked', reason });
    });
    model.on('unblocked', () => {
      if (generation === this.#generation) this.#apply({ kind: 'unblocked' });
    });
    this.#wasOpen = true;
    const { product, version, cluster_name: clusterName } = model.connection.serverProperties;
    this.#apply({ kind: 'opened', server: { product, version, clusterName, at, passedOver } });
  }

  #broke(error: AppError): void {
    const attempt = this.#state.kind === 'connecting' ? this.#state.attempt : 1;
    // A broker that comes up answers before its vhosts do, the longer the more it has to recover.
    const mayPass = this.#wasOpen && vhostRefusals.includes(error.code) && attempt < vhostAttempts;
    if (isFatal(error) && !mayPass) {
      this.#apply({ kind: 'broke', error, retryAt: undefined });
      return;
    }
    const delay = backoffMs(attempt);
    // Before the state is told: whoever closes the connection then takes this back.
    this.#retry = this.#clock.setTimeout(() => void this.#attempt(), delay);
    this.#apply({ kind: 'broke', error, retryAt: this.#clock.now() + delay });
  }

  #apply(event: ConnectionEvent): void {
    const next = reduceConnection(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    this.#changed.fire(next);
  }

  /** Waits for the end of the attempt under way. */
  #settled(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const subscription = this.onDidChangeState(check);
      signal?.addEventListener('abort', cancel);
      check(this.#state);
      function check(state: ConnectionState): void {
        if (state.kind === 'connecting') return;
        stopWaiting();
        if (isOpen(state)) resolve();
        else if (state.kind === 'waiting' || state.kind === 'failed') reject(state.error);
        else reject(new AppError('cancelled', {}));
      }
      function cancel(): void {
        stopWaiting();
        reject(new AppError('cancelled', {}));
      }
      function stopWaiting(): void {
        signal?.removeEventListener('abort', cancel);
        // On its own turn: `check` may run before `subscription` is assigned.
        queueMicrotask(() => subscription.dispose());
      }
    });
  }

  /** What ended a connection; undefined where it was closed here, and before its end is complete. */
  #lostBy(model: ChannelModel): AppError | undefined {
    const failure = this.#closedHere.has(model) ? undefined : this.#failures.get(model);
    return failure === undefined ? undefined : connectionFailure(failure);
  }

  async #open<C extends Channel>(create: (model: ChannelModel) => Promise<C>): Promise<ChannelHandle<C>> {
    const model = this.#model;
    if (!model) throw new AppError('notConnected', {});
    const options = { callTimeoutMs: this.#callTimeoutMs, lostBy: () => this.#lostBy(model) };
    const creating = create(model).then((channel) => new ChannelHandle(channel, options), refused);
    try {
      const handle = await settleWithin(creating, 'open channel', model, this.#callTimeoutMs);
      if (!handle.end) this.#openChannels.add(handle);
      handle.onDidEnd(() => this.#openChannels.delete(handle));
      return handle;
    } catch (error) {
      // One that comes after its time-out is nobody's.
      creating.then((late) => late.close()).catch(() => undefined);
      throw toAppError(error).is('connectionLost') ? connectionFailure(this.#failures.get(model) ?? error) : error;
    }
  }
}

/** Drops the connection unless the broker answers soon. */
async function checkAlive(model: ChannelModel): Promise<void> {
  try {
    const channel = await settleWithin(model.createChannel(), 'open channel', model, wakeTimeoutMs);
    channel.on('error', () => undefined);
    await settleWithin(channel.close(), 'close channel', model, wakeTimeoutMs);
  } catch (error) {
    if (toAppError(error).is('timeout')) dropSocket(model);
  }
}

/** All 2,047 channels are taken; whatever else keeps a channel from opening is about the connection. */
function refused(thrown: unknown): never {
  const error = channelFailure(thrown);
  throw error.is('tooManyChannels') ? error : connectionFailure(thrown);
}
