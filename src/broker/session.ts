import type { Clock } from '../common/clock.ts';
import { DisposableStore } from '../common/disposable.ts';
import { toError } from '../common/errors.ts';
import { Emitter, type Event } from '../common/event.ts';
import { QueueAdmin } from './admin.ts';
import { BrokerConnection, type PasswordSource } from './connection/connection.ts';
import { isOpen, type ConnectionState, type ServerInfo } from './connection/state.ts';
import { Tail, type TailOptions } from './consume/tail.ts';
import type { Management } from './management/probe.ts';
import type { ConnectionProfile } from './profile.ts';
import { Publisher } from './publish/publisher.ts';
import { QueueList } from './queueList.ts';

export interface SessionOptions {
  readonly profile: ConnectionProfile;
  readonly password: PasswordSource;
  /** Queues remembered by name. */
  readonly knownQueues: Iterable<string>;
  readonly clock: Clock;
}

/**
 * Everything Warren does with one profile: a connection each for administration, publishing and consuming, the management
 * API where it is reachable, the queues, and the tails.
 */
export class Session {
  #profile: ConnectionProfile;
  readonly admin: QueueAdmin;
  readonly queues: QueueList;
  readonly publisher: Publisher;
  readonly #password: PasswordSource;
  readonly #clock: Clock;
  readonly #control: BrokerConnection;
  readonly #publishing: BrokerConnection;
  readonly #consuming: BrokerConnection;
  #management: Management | undefined;
  /** Counts probes: the answer to an older one no longer matters. */
  #probe = 0;
  #probing: Promise<void> | undefined;
  readonly #tails = new Set<Tail>();
  readonly #store = new DisposableStore();
  readonly #changed = new Emitter<void>();
  readonly #tailsChanged = new Emitter<void>();
  /** The connection's state or what is known of the management API has changed. */
  readonly onDidChange: Event<void> = this.#changed.event;
  /** A tail was added, or one's status changed. */
  readonly onDidChangeTails: Event<void> = this.#tailsChanged.event;

  constructor(options: SessionOptions) {
    const { profile, password, clock } = options;
    this.#profile = profile;
    this.#password = password;
    this.#clock = clock;
    this.#control = new BrokerConnection(profile, password, 'control', clock);
    this.#publishing = new BrokerConnection(profile, password, 'publish', clock);
    this.#consuming = new BrokerConnection(profile, password, 'consume', clock);
    this.admin = new QueueAdmin(this.#control);
    this.publisher = new Publisher(this.#publishing);
    this.queues = new QueueList(this.admin, profile.vhost, options.knownQueues);
    this.#store.add(this.#control.onDidChangeState((state) => this.#controlChanged(state)));
    this.#store.add(this.#publishing.onDidChangeState(() => this.#changed.fire()));
  }

  get profile(): ConnectionProfile {
    return this.#profile;
  }

  /** Changes the name people see, and nothing else. */
  rename(name: string): void {
    this.#profile = { ...this.#profile, name };
    this.#changed.fire();
  }

  /** Where the connection stands; an alarm shows on the publishing connection alone. */
  get state(): ConnectionState {
    return this.#publishing.state.kind === 'blocked' ? this.#publishing.state : this.#control.state;
  }

  get isOpen(): boolean {
    return isOpen(this.#control.state);
  }

  /** What is known of the management API; undefined before the first probe has ended. */
  get management(): Management | undefined {
    return this.#management;
  }

  /** Those that have not ended. */
  get tails(): readonly Tail[] {
    return [...this.#tails];
  }

  /** @throws AppError why this attempt failed; a failure that may pass is tried again in the background */
  async connect(): Promise<void> {
    await this.#control.connect();
  }

  /**
   * Connects, and resolves when the queues have been read once, from the management API where there is one.
   * @throws AppError as `connect`
   */
  async ready(): Promise<void> {
    await this.connect();
    await this.#probing;
    if (!this.queues.isLoaded) await this.queues.refresh([]);
  }

  /** Makes a tail; `start` on it begins consuming. */
  openTail(options: TailOptions): Tail {
    const tail = new Tail(options, this.#consuming, this.#clock);
    this.#tails.add(tail);
    tail.onDidChangeStatus((status) => {
      if (status.kind === 'ended') this.#tails.delete(tail);
      this.#tailsChanged.fire();
    });
    this.#tailsChanged.fire();
    return tail;
  }

  /** Stops the tails, so that all they hold is back in its queue, then closes the connections. Never throws. */
  async close(): Promise<void> {
    this.#probe++;
    await Promise.all(this.tails.map((tail) => tail.stop()));
    await Promise.all([this.#control, this.#publishing, this.#consuming].map((connection) => connection.close()));
    this.#forgetManagement();
  }

  /** Closes and lets go of everything; the session cannot be used afterwards. Never throws. */
  async dispose(): Promise<void> {
    await this.close();
    this.#store.dispose();
  }

  #controlChanged(state: ConnectionState): void {
    if (state.kind === 'open' && !this.#management) this.#probing = this.#findManagement(state.server);
    this.#changed.fire();
  }

  async #findManagement(server: ServerInfo): Promise<void> {
    const probe = ++this.#probe;
    const management = await this.#probeManagement(server);
    if (probe !== this.#probe) {
      if (management.kind === 'available') management.client.dispose();
      return;
    }
    this.#management = management;
    this.queues.useManagement(management.kind === 'available' ? management.client : undefined);
    this.#changed.fire();
  }

  async #probeManagement({ clusterName }: ServerInfo): Promise<Management> {
    const { probeManagement } = await import('./management/probe.ts');
    try {
      return await probeManagement(this.#profile, await this.#password(), { clusterName });
    } catch (error) {
      // The secret storage failed; AMQP goes on without the API.
      return { kind: 'absent', reason: toError(error).message, tried: [] };
    }
  }

  #forgetManagement(): void {
    if (this.#management?.kind === 'available') this.#management.client.dispose();
    this.#management = undefined;
    this.queues.useManagement(undefined);
  }
}
