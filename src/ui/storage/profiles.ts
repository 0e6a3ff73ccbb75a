import type * as vscode from 'vscode';
import { readProfile, type ConnectionProfile } from '../../broker/profile.ts';

const profilesKey = 'warren.profiles';

/** What is remembered of a profile beside itself. */
interface Remembered {
  /** Queues known by name. */
  readonly queues: readonly string[];
}

/** Connection profiles and what belongs to them, in a Memento: no secrets. */
export class ProfileStore {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** In the order in which they were added; an entry that is not a profile (any more) is left out. */
  load(): ConnectionProfile[] {
    return this.#stored().flatMap(readOrLeaveOut);
  }

  /** Adds the profile, or replaces the one with its id. Other windows save theirs too: the rest stays as it is. */
  async put(profile: ConnectionProfile): Promise<void> {
    const stored = this.#stored();
    const at = stored.findIndex((each) => idOf(each) === profile.id);
    await this.#memento.update(profilesKey, at < 0 ? [...stored, profile] : stored.with(at, profile));
  }

  /** Removes the profile and all that is remembered of it. */
  async remove(profileId: string): Promise<void> {
    await this.#memento.update(
      profilesKey,
      this.#stored().filter((each) => idOf(each) !== profileId),
    );
    await this.#memento.update(rememberedKey(profileId), undefined);
  }

  /** Queues known by name, as they were saved last. */
  knownQueues(profileId: string): readonly string[] {
    const remembered = this.#memento.get<Partial<Record<keyof Remembered, unknown>>>(rememberedKey(profileId));
    const queues = remembered?.queues;
    return Array.isArray(queues) ? queues.filter((name) => typeof name === 'string') : [];
  }

  async saveKnownQueues(profileId: string, queues: readonly string[]): Promise<void> {
    await this.#memento.update(rememberedKey(profileId), { queues } satisfies Remembered);
  }

  /** With what this version cannot read, which a newer one may have saved: it is written back as it is. */
  #stored(): readonly unknown[] {
    const stored = this.#memento.get<unknown>(profilesKey);
    return Array.isArray(stored) ? stored : [];
  }
}

function rememberedKey(profileId: string): string {
  return `warren.remembered.${profileId}`;
}

function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
}

function readOrLeaveOut(value: unknown): ConnectionProfile[] {
  try {
    return [readProfile(value)];
  } catch {
    return [];
  }
}
