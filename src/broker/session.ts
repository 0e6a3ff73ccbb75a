import type { Clock } from '../common/clock.ts';
import { DisposableStore } from '../common/disposable.ts';
import { AppError } from '../common/errors.ts';
import { Emitter, type Event } from '../common/event.ts';
import { QueueAdmin } from './admin.ts';
import { BrokerConnection, type SecretsSource } from './connection/connection.ts';
import { isOpen, type ConnectionState, type ServerInfo } from './connection/state.ts';
import { WakeWatch } from './connection/wakeWatch.ts';
import { stopTails } from './consume/stopTails.ts';
import type { Tail } from './consume/tail.ts';
import type { TailFactory, TailParts } from './consume/tailFactory.ts';
import { AlarmWatch } from './management/alarmWatch.ts';
import type { Management } from './management/probe.ts';
import { ManagementSearch } from './management/search.ts';
import type { ConnectionProfile } from './profile.ts';
import { Publisher } from './publish/publisher.ts';
import { Requester } from './publish/requester.ts';
import { QueueList } from './queueList.ts';

interface SessionOptions {
  readonly profile: ConnectionProfile;
  readonly secrets: SecretsSource;
  /** Asks a person for what has to be allowed or entered before the first connection. Throws AppError `cancelled`. */
  readonly prepare?: () => Promise<void>;
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
  /** Publishes on the same connection as `publisher`, and awaits replies. */
  readonly requester: Requester;
  readonly #prepare: (() => Promise<void>) | undefined;
  readonly #secrets: SecretsSource;
  readonly #clock: Clock;
  readonly #control: BrokerConnection;
  readonly #publishing: BrokerConnection;
  readonly #consuming: BrokerConnection;
  readonly #search: ManagementSearch;
  readonly #alarms: AlarmWatch;
  /** What `state` makes of an alarm: the same object as long as it is the same state. */
  #alarmState: Extract<ConnectionState, { kind: 'blocked' }> | undefined;
  #publishingBefore: ConnectionState['kind'] = 'idle';
  readonly #wakeWatch: WakeWatch;
  #disposed = false;
  #stateTold: ConnectionState;
  readonly #tails = new Set<Tail>();
  /** Those that tails have for themselves. */
  readonly #ownConnections = new Set<BrokerConnection>();
  readonly #store = new DisposableStore();
  readonly #changed = new Emitter<void>();
  readonly #tailsChanged = new Emitter<void>();
  /** The connection's state or what is known of the management API has changed. */
  readonly onDidChange: Event<void> = this.#changed.event;
  /** A tail was added, or one's status changed. */
  readonly onDidChangeTails: Event<void> = this.#tailsChanged.event;

  constructor(options: SessionOptions) {
    const { profile, secrets, clock } = options;
    this.#profile = profile;
    this.#prepare = options.prepare;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#alarms = new AlarmWatch(clock, () => this.#alarmsChanged());
    this.#search = new ManagementSearch(profile, secrets);
    this.#control = new BrokerConnection(profile, secrets, 'control', clock);
    this.#publishing = new BrokerConnection(profile, secrets, 'publish', clock);
    this.#consuming = new BrokerConnection(profile, secrets, 'consume', clock);
    this.#wakeWatch = new WakeWatch(clock, () => {
      for (const connection of this.#all()) connection.wake();
    });
    this.admin = new QueueAdmin(this.#control);
    this.publisher = new Publisher(this.#publishing);
    this.requester = new Requester(this.#publishing, clock);
    this.queues = new QueueList(this.admin, profile.vhost, options.knownQueues);
    this.#store.add(this.#search.onDidChange(() => this.#managementChanged()));
    this.#store.add(this.#control.onDidChangeState((state) => this.#controlChanged(state)));
    this.#store.add(this.#publishing.onDidChangeState((state) => this.#publishingChanged(state)));
    this.#store.add(this.#consuming.onDidChangeState(() => this.#tellState()));
    this.#stateTold = this.state;
  }

  get profile(): ConnectionProfile {
    return this.#profile;
  }

  /** Changes the name people see, and nothing else. */
  rename(name: string): void {
    this.#profile = { ...this.#profile, name };
    this.#changed.fire();
  }

  /**
   * Where the connection stands. While the one for administration is open, the worst of the others: a header that cannot be
   * read ends the consuming one for good, and an alarm blocks only the publishing one. An alarm that the management API
   * told of counts as well: nothing could be published.
   */
  get state(): ConnectionState {
    if (!this.isOpen) return this.#control.state;
    const others = [this.#publishing.state, this.#consuming.state];
    for (const kind of ['failed', 'waiting', 'blocked'] as const) {
      const worst = others.find((state) => state.kind === kind);
      if (worst) return worst;
    }
    return this.#alarmState ?? this.#control.state;
  }

  /** Who answers; undefined while there is no connection. */
  get server(): ServerInfo | undefined {
    const { state } = this.#control;
    return isOpen(state) ? state.server : undefined;
  }

  /** Whether the broker can be asked for anything, even where `state` tells of trouble with publishing or consuming. */
  get isOpen(): boolean {
    return isOpen(this.#control.state);
  }

  /** What is known of the management API; undefined before the first probe has ended. */
  get management(): Management | undefined {
    return this.#search.found;
  }

  /** Those that have not ended. */
  get tails(): readonly Tail[] {
    return [...this.#tails];
  }

  /** Asks what has to be answered before `connect` does something, which asks it too. @throws AppError `cancelled` */
  async prepare(): Promise<void> {
    await this.#prepare?.();
  }

  /**
   * Where publishing or consuming has failed for good, the next use tries it again.
   * @param signal ends the wait, and the attempt too unless it was trying by itself
   * @throws AppError why this attempt failed; a failure that may pass is tried again in the background. `cancelled`;
   * `notConnected` after `dispose`
   */
  async connect(signal?: AbortSignal): Promise<void> {
    if (!this.isOpen) await this.prepare();
    await this.resume(signal);
  }

  /** As `connect`, with what is known: nobody is asked for anything. */
  async resume(signal?: AbortSignal): Promise<void> {
    this.#publishing.retry();
    this.#consuming.retry();
    await this.#control.connect(signal);
    const failed = [this.#publishing, this.#consuming].filter((connection) => connection.state.kind === 'failed');
    await Promise.all(failed.map((connection) => connection.close()));
  }

  /** Tries at once what waits to be tried again. How it went is told by `state`. */
  retry(): void {
    for (const connection of this.#all()) connection.retry();
  }

  /**
   * Connects, and resolves when the queues have been read once, from the management API where there is one.
   * @throws AppError as `connect`
   */
  async ready(): Promise<void> {
    await this.connect();
    await this.#search.ended();
    if (!this.queues.isLoaded) await this.queues.refresh([]);
  }

  /**
   * Brings the list of queues up to date, as `QueueList.refresh`. With `whole` the management API is looked for again
   * where there was none: it may have been enabled, or allowed to this user, since. Never throws.
   */
  async refreshQueues(visible: readonly string[], whole = false): Promise<void> {
    const server = this.server;
    if (whole && server && this.management?.kind !== 'available') await this.#search.look(server);
    await Promise.all([this.queues.refresh(visible, whole), this.#readAlarms()]);
  }

  /** Makes a tail that has not started. @throws AppError `notConnected` after `dispose` */
  openTail(make: TailFactory): Tail {
    if (this.#disposed) throw new AppError('notConnected', {});
    const tail = make(this.#tailParts());
    this.#tails.add(tail);
    tail.onDidChangeStatus((status) => {
      if (status.kind === 'ended') this.#tails.delete(tail);
      this.#tailsChanged.fire();
    });
    this.#tailsChanged.fire();
    return tail;
  }

  /**
   * Stops the tails, so that all they hold is back in its queue, then closes the connections; some seconds at most. Never
   * throws.
   */
  async close(): Promise<void> {
    this.#search.cancel();
    await stopTails(this.tails);
    await Promise.all(this.#all().map((connection) => connection.close()));
    // A connection that came back, or a person, may have begun another search meanwhile.
    this.#search.forget();
    this.#alarms.clear();
  }

  /** Closes and lets go of everything; the session cannot be used afterwards. Never throws. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.close();
    await Promise.all(this.#all().map((connection) => connection.dispose()));
    this.#store.dispose();
  }

  #tailParts(): TailParts {
    const profile = this.#profile;
    return {
      profile,
      consuming: this.#consuming,
      ownConnection: (purpose) => this.#ownConnection(purpose),
      admin: this.admin,
      publisher: this.publisher,
      management: () => (this.management?.kind === 'available' ? this.management.client : undefined),
      server: () => this.server,
      clock: this.#clock,
    };
  }

  #ownConnection(purpose: string): BrokerConnection {
    const connection = new BrokerConnection(this.#profile, this.#secrets, purpose, this.#clock);
    this.#ownConnections.add(connection);
    connection.onDidChangeState(({ kind }) => {
      if (kind === 'closed') this.#ownConnections.delete(connection);
    });
    return connection;
  }

  #all(): readonly BrokerConnection[] {
    return [this.#control, this.#publishing, this.#consuming, ...this.#ownConnections];
  }

  #controlChanged(state: ConnectionState): void {
    this.#wakeWatch.follow(state);
    // The broker that comes back may be another one.
    if (!isOpen(state)) this.#alarms.clear();
    // The broker that comes back may have another configuration than the one that went.
    if (state.kind === 'open') {
      if (this.#search.isDue(state.server)) void this.#search.look(state.server);
      else void this.#readAlarms();
    }
    this.#tellState();
  }

  #publishingChanged({ kind }: ConnectionState): void {
    // The broker itself says that the alarm is over.
    if (kind === 'open' && this.#publishingBefore === 'blocked') this.#alarms.clear();
    this.#publishingBefore = kind;
    this.#tellState();
  }

  async #readAlarms(): Promise<void> {
    if (this.management?.kind === 'available') await this.#alarms.read(this.management.client);
  }

  #alarmsChanged(): void {
    const { server } = this;
    const { reason } = this.#alarms;
    this.#alarmState = reason === undefined || !server ? undefined : { kind: 'blocked', server, reason };
    this.#tellState();
  }

  #tellState(): void {
    const { state } = this;
    if (state === this.#stateTold) return;
    this.#stateTold = state;
    this.#changed.fire();
  }

  #managementChanged(): void {
    const management = this.#search.found;
    this.queues.useManagement(management?.kind === 'available' ? management.client : undefined);
    if (management) {
      void this.#readAlarms();
      this.#changed.fire();
    } else {
      this.#alarms.clear();
    }
  }
}
