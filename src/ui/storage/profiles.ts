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
    const stored = this.#memento.get<unknown>(profilesKey);
    return Array.isArray(stored) ? stored.flatMap(readOrLeaveOut) : [];
  }

  /** Adds the profile, or replaces the one with its id. Other windows save theirs too: the rest stays as it is. */
  async put(profile: ConnectionProfile): Promise<void> {
    const saved = this.load();
    const at = saved.findIndex(({ id }) => id === profile.id);
    await this.#memento.update(profilesKey, at < 0 ? [...saved, profile] : saved.with(at, profile));
  }

  /** Removes the profile and all that is remembered of it. */
  async remove(profileId: string): Promise<void> {
    await this.#memento.update(
      profilesKey,
      this.load().filter(({ id }) => id !== profileId),
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
}

function rememberedKey(profileId: string): string {
  return `warren.remembered.${profileId}`;
}

function readOrLeaveOut(value: unknown): ConnectionProfile[] {
  try {
    return [readProfile(value)];
  } catch {
    return [];
  }
}
