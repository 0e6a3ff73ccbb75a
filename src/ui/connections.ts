import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { formatHostPort } from '../broker/amqpUri.ts';
import type { ConnectionState, ServerInfo } from '../broker/connection/state.ts';
import type { ConnectionProfile, ConnectionSecrets } from '../broker/profile.ts';
import { Session } from '../broker/session.ts';
import { systemClock } from '../common/clock.ts';
import { toError } from '../common/errors.ts';
import { Emitter, type Event } from '../common/event.ts';
import { stateWords } from './connectionWords.ts';
import type { ProfileStore } from './storage/profiles.ts';
import type { SecretChanges, SecretStore } from './storage/secrets.ts';

/** A profile about to be saved. */
export type NewProfile = Omit<ConnectionProfile, 'id'>;

/** The saved connections, each with its session; a session lives from here to `dispose`, connected or not. */
export class Connections {
  readonly #profiles: ProfileStore;
  readonly #secrets: SecretStore;
  readonly #log: vscode.LogOutputChannel;
  readonly #sessions = new Map<string, Session>();
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

  constructor(profiles: ProfileStore, secrets: SecretStore, log: vscode.LogOutputChannel) {
    this.#profiles = profiles;
    this.#secrets = secrets;
    this.#log = log;
    for (const profile of profiles.load()) this.#open(profile);
  }

  all(): Session[] {
    return [...this.#sessions.values()];
  }

  get(profileId: string): Session | undefined {
    return this.#sessions.get(profileId);
  }

  async secrets(profileId: string): Promise<ConnectionSecrets> {
    return this.#transientSecrets.get(profileId) ?? this.#secrets.get(profileId);
  }

  /** The next attempt to connect uses them; what is connected stays so. */
  async changeSecrets(profileId: string, changes: SecretChanges): Promise<void> {
    if (isTransient(profileId)) this.#transientSecrets.set(profileId, merged(await this.secrets(profileId), changes));
    else await this.#secrets.change(profileId, changes);
  }

  async add(profile: NewProfile, secrets: ConnectionSecrets): Promise<Session> {
    const saved = { ...profile, id: randomUUID() };
    await this.#secrets.change(saved.id, secrets);
    await this.#profiles.put(saved);
    return this.#open(saved);
  }

  /** A connection for this window only: not saved, its secrets kept in memory. */
  addTransient(profile: NewProfile, secrets: ConnectionSecrets): Session {
    const id = `${transientPrefix}${profile.name}`;
    this.#transientSecrets.set(id, secrets);
    return this.#open({ ...profile, id });
  }

  /** Replaces the profile, and the secrets that are given; what was connected is closed first. */
  async update(profile: ConnectionProfile, secrets: SecretChanges = {}): Promise<Session> {
    await this.changeSecrets(profile.id, secrets);
    if (!isTransient(profile.id)) await this.#profiles.put(profile);
    await this.#sessions.get(profile.id)?.dispose();
    return this.#open(profile);
  }

  /** Changes nothing but the name: whatever is connected stays so. */
  async rename(session: Session, name: string): Promise<void> {
    const renamed = { ...session.profile, name };
    if (!isTransient(renamed.id)) await this.#profiles.put(renamed);
    session.rename(name);
  }

  async delete(profileId: string): Promise<void> {
    if (!isTransient(profileId)) {
      await this.#profiles.remove(profileId);
      await this.#secrets.delete(profileId);
    }
    const session = this.#sessions.get(profileId);
    this.#sessions.delete(profileId);
    this.#transientSecrets.delete(profileId);
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

  #open(profile: ConnectionProfile): Session {
    const { id } = profile;
    const session = new Session({
      profile,
      secrets: () => this.secrets(id),
      knownQueues: isTransient(id) ? [] : this.#profiles.knownQueues(id),
      clock: systemClock,
    });
    let logged: ConnectionState | undefined;
    session.onDidChange(() => {
      if (session.state !== logged) this.#logState(session);
      logged = session.state;
      this.#changed.fire(session);
    });
    session.queues.onDidChange(() => this.#changed.fire(session));
    if (!isTransient(id)) session.queues.onDidChangeKnown((queues) => this.#rememberQueues(id, queues));
    session.onDidChangeTails(() => {
      this.#tailsChanged.fire();
      this.#changed.fire(session);
    });
    this.#sessions.set(id, session);
    this.#changed.fire(undefined);
    return session;
  }

  #rememberQueues(profileId: string, queues: readonly string[]): void {
    this.#profiles.saveKnownQueues(profileId, queues).catch((error: unknown) => this.#log.error(toError(error)));
  }

  #logState(session: Session): void {
    const { state, profile } = session;
    const words = stateWords(state) || (session.server && `connected to ${whoAnswers(session.server)}`);
    const reason = 'error' in state ? ` (${state.error.message})` : '';
    this.#log.info(`${profile.name}: ${words}${reason}`);
  }
}

/** The node, and why those before it were passed over. */
function whoAnswers({ product, version, at, passedOver }: ServerInfo): string {
  const others = passedOver.map((each) => `, not at ${formatHostPort(each)}: ${each.error.message}`).join('');
  return `${product} ${version} at ${formatHostPort(at)}${others}`;
}

function merged(secrets: ConnectionSecrets, changes: SecretChanges): ConnectionSecrets {
  const given = Object.entries(changes).filter(([, secret]) => secret !== undefined);
  return { ...secrets, ...Object.fromEntries(given.map(([kind, secret]) => [kind, secret ?? undefined])) };
}

const transientPrefix = 'transient:';

function isTransient(profileId: string): boolean {
  return profileId.startsWith(transientPrefix);
}
