import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import type { ConnectionState } from '../broker/connection/state.ts';
import type { ConnectionProfile } from '../broker/profile.ts';
import { Session } from '../broker/session.ts';
import { systemClock } from '../common/clock.ts';
import { AppError, toError } from '../common/errors.ts';
import { Emitter, type Event } from '../common/event.ts';
import type { ProfileStore } from './storage/profiles.ts';
import type { PasswordStore } from './storage/secrets.ts';

/** A profile about to be saved. */
export type NewProfile = Omit<ConnectionProfile, 'id'>;

/** The saved connections, each with its session; a session lives from here to `dispose`, connected or not. */
export class Connections {
  readonly #profiles: ProfileStore;
  readonly #passwords: PasswordStore;
  readonly #log: vscode.LogOutputChannel;
  readonly #sessions = new Map<string, Session>();
  readonly #transientPasswords = new Map<string, string>();
  readonly #changed = new Emitter<Session | undefined>();
  /** This session has changed; undefined when the list of connections has. */
  readonly onDidChange: Event<Session | undefined> = this.#changed.event;
  readonly #deleted = new Emitter<string>();
  /** The id of a profile that is gone for good, for whoever remembers something of it. */
  readonly onDidDelete: Event<string> = this.#deleted.event;
  readonly #tailsChanged = new Emitter<void>();
  /** A tail of any session was opened, or its status changed. */
  readonly onDidChangeTails: Event<void> = this.#tailsChanged.event;

  constructor(profiles: ProfileStore, passwords: PasswordStore, log: vscode.LogOutputChannel) {
    this.#profiles = profiles;
    this.#passwords = passwords;
    this.#log = log;
    for (const profile of profiles.load()) this.#open(profile);
  }

  all(): Session[] {
    return [...this.#sessions.values()];
  }

  get(profileId: string): Session | undefined {
    return this.#sessions.get(profileId);
  }

  async password(profileId: string): Promise<string | undefined> {
    return this.#transientPasswords.get(profileId) ?? this.#passwords.get(profileId);
  }

  /** The next attempt to connect uses it; what is connected stays so. */
  async setPassword(profileId: string, password: string): Promise<void> {
    if (isTransient(profileId)) this.#transientPasswords.set(profileId, password);
    else await this.#passwords.set(profileId, password);
  }

  async add(profile: NewProfile, password: string): Promise<Session> {
    const saved = { ...profile, id: randomUUID() };
    await this.#passwords.set(saved.id, password);
    await this.#profiles.put(saved);
    return this.#open(saved);
  }

  /** A connection for this window only: not saved, its password kept in memory. */
  addTransient(profile: NewProfile, password: string): Session {
    const id = `${transientPrefix}${profile.name}`;
    this.#transientPasswords.set(id, password);
    return this.#open({ ...profile, id });
  }

  /** Replaces the profile, and the password where one is given; what was connected is closed first. */
  async update(profile: ConnectionProfile, password?: string): Promise<Session> {
    if (password !== undefined) await this.setPassword(profile.id, password);
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
      await this.#passwords.delete(profileId);
    }
    const session = this.#sessions.get(profileId);
    this.#sessions.delete(profileId);
    this.#transientPasswords.delete(profileId);
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
      password: async () => {
        const known = await this.password(id);
        if (known === undefined) throw new AppError('passwordMissing', { username: profile.username });
        return known;
      },
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
    const reason = 'error' in state ? ` (${state.error.message})` : '';
    this.#log.info(`${profile.name}: ${state.kind}${reason}`);
  }
}

const transientPrefix = 'transient:';

function isTransient(profileId: string): boolean {
  return profileId.startsWith(transientPrefix);
}
