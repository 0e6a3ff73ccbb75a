import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import type { ConnectionProfile } from '../broker/profile.ts';
import { Session } from '../broker/session.ts';
import { systemClock } from '../common/clock.ts';
import { AppError } from '../common/errors.ts';
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
    if (profileId.startsWith(transientPrefix)) this.#transientPasswords.set(profileId, password);
    else await this.#passwords.set(profileId, password);
  }

  async add(profile: NewProfile, password: string): Promise<Session> {
    const id = randomUUID();
    await this.#passwords.set(id, password);
    const session = this.#open({ ...profile, id });
    await this.#save();
    return session;
  }

  /** A connection for this window only: not saved, its password kept in memory. */
  addTransient(profile: NewProfile, password: string): Session {
    const id = `${transientPrefix}${randomUUID()}`;
    this.#transientPasswords.set(id, password);
    const session = this.#open({ ...profile, id });
    this.#changed.fire(undefined);
    return session;
  }

  /** Replaces the profile, and the password where one is given; what was connected is closed first. */
  async update(profile: ConnectionProfile, password?: string): Promise<Session> {
    await this.#sessions.get(profile.id)?.dispose();
    if (password !== undefined) await this.setPassword(profile.id, password);
    const session = this.#open(profile);
    await this.#save();
    return session;
  }

  /** Changes nothing but the name: whatever is connected stays so. */
  async rename(session: Session, name: string): Promise<void> {
    session.rename(name);
    await this.#save();
  }

  async delete(profileId: string): Promise<void> {
    const session = this.#sessions.get(profileId);
    this.#sessions.delete(profileId);
    await session?.dispose();
    await this.#passwords.delete(profileId);
    await this.#profiles.forget(profileId);
    await this.#save();
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
      knownQueues: this.#profiles.knownQueues(id),
      clock: systemClock,
    });
    session.onDidChange(() => {
      this.#logState(session);
      this.#changed.fire(session);
    });
    session.queues.onDidChange(() => this.#changed.fire(session));
    session.queues.onDidChangeKnown((queues) => void this.#profiles.saveKnownQueues(id, queues));
    session.onDidChangeTails(() => {
      this.#tailsChanged.fire();
      this.#changed.fire(session);
    });
    this.#sessions.set(id, session);
    return session;
  }

  async #save(): Promise<void> {
    const saved = this.all().map(({ profile }) => profile);
    await this.#profiles.save(saved.filter(({ id }) => !id.startsWith(transientPrefix)));
    this.#changed.fire(undefined);
  }

  #logState(session: Session): void {
    const { state, profile } = session;
    const reason = 'error' in state ? ` (${state.error.message})` : '';
    this.#log.info(`${profile.name}: ${state.kind}${reason}`);
  }
}

const transientPrefix = 'transient:';
