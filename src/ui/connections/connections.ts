import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { formatHostPort } from '../../broker/amqpUri.ts';
import type { ConnectionState, ServerInfo } from '../../broker/connection/state.ts';
import { isSameTarget, type ConnectionProfile, type ConnectionSecrets } from '../../broker/profile.ts';
import { Session } from '../../broker/session.ts';
import { systemClock } from '../../common/clock.ts';
import { AppError, toError } from '../../common/errors.ts';
import { Emitter, type Event } from '../../common/event.ts';
import type { ConnectionGate } from './connectionGate.ts';
import { isOfSameCut, stateWords } from './connectionWords.ts';
import { errorText } from '../errorText.ts';
import { merged, undoing } from './secretChanges.ts';
import { successorOf } from './sharedProfile.ts';
import type { TailsStopping } from './stoppedTails.ts';
import type { ProfileStore } from '../storage/profiles.ts';
import type { SecretChanges, SecretStore } from '../storage/secrets.ts';

/** A profile about to be saved. */
export type NewProfile = Omit<ConnectionProfile, 'id'>;

/** Where a connection is kept: for all workspaces, for this one, in the settings, or nowhere, in this window only. */
export type Origin = 'global' | 'workspace' | 'settings' | 'window';

/** A connection from the settings. */
export interface SharedConnection {
  /** Its id is made of its target, see `sharedProfile`. */
  readonly profile: ConnectionProfile;
  /** Where it stands, as in `workspace settings`. */
  readonly place: string;
}

export interface ConnectionsParts {
  readonly profiles: Readonly<Record<'global' | 'workspace', ProfileStore>>;
  readonly secrets: SecretStore;
  readonly gate: ConnectionGate;
  readonly log: vscode.LogOutputChannel;
}

/** All connections, each with its session; a session lives from here to `dispose`, connected or not. */
export class Connections {
  readonly #profiles: ConnectionsParts['profiles'];
  readonly #secrets: SecretStore;
  readonly #gate: ConnectionGate;
  readonly #log: vscode.LogOutputChannel;
  readonly #sessions = new Map<string, Session>();
  readonly #origins = new Map<string, Origin>();
  /** Where those from the settings stand, by id. */
  readonly #places = new Map<string, string>();
  readonly #transientSecrets = new Map<string, ConnectionSecrets>();
  readonly #changed = new Emitter<Session | undefined>();
  /** This session has changed; undefined when the list of connections has. */
  readonly onDidChange: Event<Session | undefined> = this.#changed.event;
  readonly #deleted = new Emitter<string>();
  /** The id of a profile that is gone for good, for whoever remembers something of it. */
  readonly onDidDelete: Event<string> = this.#deleted.event;
  readonly #tailsChanged = new Emitter<void>();
  /** A tail of any session was opened, or its status changed. */
  readonly onDidChangeTails: Event<void> = this.#tailsChanged.event;

  readonly #tailsStopping = new Emitter<TailsStopping>();
  /** Tails stop that nobody was asked about: the settings have their connection no more, or otherwise. */
  readonly onWillStopTails: Event<TailsStopping> = this.#tailsStopping.event;

  constructor({ profiles, secrets, gate, log }: ConnectionsParts) {
    this.#profiles = profiles;
    this.#secrets = secrets;
    this.#gate = gate;
    this.#log = log;
    const here = profiles.workspace.load();
    // One that was on its way when the window closed is in both: it had got here.
    const everywhere = profiles.global.load().filter(({ id }) => !here.some((each) => each.id === id));
    for (const profile of everywhere) this.#open(profile, 'global');
    for (const profile of here) this.#open(profile, 'workspace');
  }

  all(): Session[] {
    return [...this.#sessions.values()];
  }

  get(profileId: string): Session | undefined {
    return this.#sessions.get(profileId);
  }

  originOf({ profile: { id } }: Session): Origin {
    return this.#origins.get(id) ?? 'global';
  }

  /** Where a connection from the settings stands; undefined for all others. */
  placeOf({ profile: { id } }: Session): string | undefined {
    return this.#places.get(id);
  }

  /** Whether it may connect without a question that nobody is waiting for. */
  isAllowed({ profile: { id } }: Session): boolean {
    return this.#gate.isAllowed(id);
  }

  /** @throws AppError `notAllowed` for a connection from the settings that nobody has allowed to connect */
  async secrets(profileId: string): Promise<ConnectionSecrets> {
    if (!this.#gate.isAllowed(profileId)) {
      throw new AppError('notAllowed', { host: this.#sessions.get(profileId)?.profile.host ?? '' });
    }
    return this.#transientSecrets.get(profileId) ?? this.#secrets.get(profileId);
  }

  /** The next attempt to connect uses them; what is connected stays so. */
  async changeSecrets(profileId: string, changes: SecretChanges): Promise<void> {
    if (isTransient(profileId)) this.#transientSecrets.set(profileId, merged(await this.secrets(profileId), changes));
    else await this.#secrets.change(profileId, changes);
  }

  async add(
    profile: NewProfile,
    secrets: ConnectionSecrets,
    origin: 'global' | 'workspace' = 'global',
  ): Promise<Session> {
    const saved = { ...profile, id: randomUUID() };
    await this.#secrets.change(saved.id, secrets);
    await this.#profiles[origin].put(saved);
    return this.#open(saved, origin);
  }

  /** Keeps a saved connection for all workspaces, or for this one only; whatever is connected stays so. */
  async move(session: Session, to: 'global' | 'workspace'): Promise<void> {
    const { id } = session.profile;
    const from = this.originOf(session);
    if (from === to || (from !== 'global' && from !== 'workspace')) return;
    await this.#profiles[to].put(session.profile);
    await this.#profiles[to].saveKnownQueues(id, this.#profiles[from].knownQueues(id));
    await this.#profiles[from].remove(id);
    this.#origins.set(id, to);
    this.#changed.fire(session);
  }

  /** The connections that stand in the settings now. Those that are still there stay connected; the others are closed. */
  async setShared(shared: readonly SharedConnection[]): Promise<void> {
    const wanted = new Map(shared.map((each) => [each.profile.id, each]));
    const present = this.all().filter((session) => this.originOf(session) === 'settings');
    const gone = present.filter(({ profile }) => {
      const same = wanted.get(profile.id)?.profile;
      return !same || !isSameTarget(profile, same);
    });
    for (const { profile } of gone) this.#forget(profile.id);
    this.#places.clear();
    for (const { profile, place } of shared) {
      this.#places.set(profile.id, place);
      const session = this.#sessions.get(profile.id);
      if (!session) this.#open(profile, 'settings');
      else if (session.profile.name !== profile.name) session.rename(profile.name);
    }
    this.#changed.fire(undefined);
    const stopping = gone.map((session) => {
      const { tails, profile } = session;
      const successor = successorOf(this.all(), session)?.profile.id;
      const stopped = session.dispose();
      if (tails.length > 0) this.#tailsStopping.fire({ connection: profile.name, tails, successor, stopped });
      return stopped;
    });
    await Promise.all(stopping);
  }

  /** Forgets what a person entered and allowed for a connection from the settings, and closes it. */
  async forgetShared(session: Session): Promise<void> {
    await session.close();
    await this.#gate.forget(session.profile.id);
    this.#changed.fire(session);
  }

  /** A connection for this window only: not saved, its secrets kept in memory. */
  addTransient(profile: NewProfile, secrets: ConnectionSecrets): Session {
    const id = `${transientPrefix}${profile.name}`;
    this.#transientSecrets.set(id, secrets);
    return this.#open({ ...profile, id }, 'window');
  }

  /**
   * Replaces the profile, and the secrets that are given. The old session is closed first: its next attempt would send the
   * new secrets to the old host. Where they cannot be stored, a session with the old profile takes its place.
   */
  async update(profile: ConnectionProfile, changes: SecretChanges = {}): Promise<Session> {
    const { id } = profile;
    const origin = this.#origins.get(id) ?? 'global';
    const old = this.#sessions.get(id);
    const before = await this.secrets(id);
    await old?.dispose();
    try {
      await this.changeSecrets(id, changes);
      await this.#put(profile, origin);
    } catch (error) {
      await this.changeSecrets(id, undoing(changes, before)).catch((e: unknown) => this.#log.error(toError(e)));
      if (old) this.#open(old.profile, origin);
      throw error;
    }
    return this.#open(profile, origin);
  }

  /** Changes nothing but the name: whatever is connected stays so. */
  async rename(session: Session, name: string): Promise<void> {
    await this.#put({ ...session.profile, name }, this.originOf(session));
    session.rename(name);
  }

  async delete(profileId: string): Promise<void> {
    const origin = this.#origins.get(profileId);
    if (origin === 'global' || origin === 'workspace') {
      await this.#profiles[origin].remove(profileId);
      await this.#secrets.delete(profileId);
    }
    const session = this.#sessions.get(profileId);
    this.#forget(profileId);
    await session?.dispose();
    this.#deleted.fire(profileId);
    this.#changed.fire(undefined);
  }

  /** Everything held goes back to its queue, then every connection closes. Never throws. */
  async dispose(): Promise<void> {
    const sessions = this.all();
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => session.dispose()));
  }

  async #put(profile: ConnectionProfile, origin: Origin): Promise<void> {
    if (origin === 'global' || origin === 'workspace') await this.#profiles[origin].put(profile);
  }

  #forget(profileId: string): void {
    this.#sessions.delete(profileId);
    this.#origins.delete(profileId);
    this.#transientSecrets.delete(profileId);
  }

  /** Before a person's first attempt to connect. */
  async #prepare(profileId: string, origin: Origin): Promise<void> {
    const session = this.#sessions.get(profileId);
    if (!session || origin === 'window') return;
    const isCurrent = (): boolean => this.#sessions.get(profileId) === session;
    await this.#gate.pass({ profile: session.profile, place: this.placeOf(session), isCurrent });
    this.#changed.fire(session);
  }

  #open(profile: ConnectionProfile, origin: Origin): Session {
    const { id } = profile;
    // Queues by name are remembered with the connection, or with the workspace whose settings have it.
    const store = origin === 'window' ? undefined : this.#profiles[origin === 'global' ? 'global' : 'workspace'];
    const session = new Session({
      profile,
      secrets: () => this.secrets(id),
      prepare: () => this.#prepare(id, origin),
      knownQueues: store?.knownQueues(id) ?? [],
      clock: systemClock,
    });
    let logged: ConnectionState | undefined;
    session.onDidChange(() => {
      if (session.state !== logged && !isOfSameCut(session.state, logged)) this.#logState(session);
      logged = session.state;
      this.#changed.fire(session);
    });
    session.queues.onDidChange(() => this.#changed.fire(session));
    session.queues.onDidChangeKnown((queues) => this.#rememberQueues(id, queues));
    session.onDidChangeTails(() => {
      this.#tailsChanged.fire();
      this.#changed.fire(session);
    });
    this.#sessions.set(id, session);
    this.#origins.set(id, origin);
    this.#changed.fire(undefined);
    return session;
  }

  #rememberQueues(profileId: string, queues: readonly string[]): void {
    const origin = this.#origins.get(profileId);
    if (origin === undefined || origin === 'window') return;
    const store = this.#profiles[origin === 'global' ? 'global' : 'workspace'];
    store.saveKnownQueues(profileId, queues).catch((error: unknown) => this.#log.error(toError(error)));
  }

  #logState(session: Session): void {
    const { state, profile } = session;
    const words = stateWords(state) || (session.server && `connected to ${whoAnswers(session.server)}`);
    const reason = 'error' in state ? `: ${errorText(state.error)}` : '';
    this.#log.info(`${profile.name}: ${words}${reason}`);
  }
}

/** The node, and why those before it were passed over. */
function whoAnswers({ product, version, at, passedOver }: ServerInfo): string {
  const others = passedOver.map((each) => `, not at ${formatHostPort(each)}: ${errorText(each.error)}`).join('');
  return `${product} ${version} at ${formatHostPort(at)}${others}`;
}

const transientPrefix = 'transient:';

function isTransient(profileId: string): boolean {
  return profileId.startsWith(transientPrefix);
}
