import type { ConnectionProfile, ConnectionSecrets } from '../../broker/profile.ts';
import { AppError } from '../../common/errors.ts';
import type { FirstConnect } from './firstConnect.ts';
import { sharedPrefix } from './sharedProfile.ts';
import type { ConsentStore } from '../storage/consents.ts';
import type { SecretStore } from '../storage/secrets.ts';

/** A connection that is about to be made. */
export interface Arrival {
  readonly profile: ConnectionProfile;
  /** Where it stands, as in `workspace settings`; undefined when a person saved it. */
  readonly place: string | undefined;
  /** Whether it is still the one that is meant: settings may change while a question is there. */
  readonly isCurrent: () => boolean;
}

/** Lets credentials pass: those of a connection from the settings only where a person has allowed it. */
export class ConnectionGate {
  readonly #secrets: SecretStore;
  readonly #consents: ConsentStore;
  readonly #ask: FirstConnect;
  readonly #asking = new Map<string, Promise<void>>();

  constructor(secrets: SecretStore, consents: ConsentStore, ask: FirstConnect) {
    this.#secrets = secrets;
    this.#consents = consents;
    this.#ask = ask;
  }

  /** Whether its credentials may be used without a question. */
  isAllowed(profileId: string): boolean {
    return !profileId.startsWith(sharedPrefix) || this.#consents.has(profileId);
  }

  /**
   * Asks for consent and password where they are missing; what is being asked already is waited for.
   * @throws AppError `cancelled` when the person thought better of it
   */
  async pass(arrival: Arrival): Promise<void> {
    const { id } = arrival.profile;
    const asking = this.#asking.get(id) ?? this.#askFor(arrival);
    this.#asking.set(id, asking);
    try {
      await asking;
    } finally {
      this.#asking.delete(id);
    }
  }

  /** Forgets what a person entered and allowed. */
  async forget(profileId: string): Promise<void> {
    await this.#consents.remove(profileId);
    await this.#secrets.delete(profileId);
  }

  async #askFor(arrival: Arrival): Promise<void> {
    const { profile } = arrival;
    const isNew = !this.isAllowed(profile.id);
    if (isNew) {
      const isAllowed = await this.#ask.allow(profile, arrival.place ?? 'settings');
      if (!isAllowed || !arrival.isCurrent()) throw new AppError('cancelled', {});
      await this.#consents.add(profile.id);
    }
    const known = await this.#secrets.get(profile.id);
    const needsPassword = profile.authentication !== 'external' && known.password === undefined;
    if (needsPassword && !(await this.#enter('password', arrival))) throw new AppError('cancelled', {});
    // Without it there is still AMQP: a person who escapes is not asked each time.
    const needsManagement = profile.managementUsername !== undefined && known.managementPassword === undefined;
    if (needsManagement && (isNew || needsPassword)) await this.#enter('managementPassword', arrival);
  }

  /** Whether it was entered, for the connection that was meant. */
  async #enter(kind: keyof ConnectionSecrets, { profile, isCurrent }: Arrival): Promise<boolean> {
    const entered = await this.#ask.secret(kind, profile);
    if (entered === undefined || !isCurrent()) return false;
    await this.#secrets.change(profile.id, { [kind]: entered });
    return true;
  }
}
