import type * as vscode from 'vscode';
import type { FirehoseNote } from '../../broker/consume/tap/firehose.ts';
import type { ConnectionProfile } from '../../broker/profile.ts';

const notesKey = 'warren.firehoses';

/** The virtual hosts whose firehose Warren has switched on and not off again, known to every window and at the next start. */
export class FirehoseNotes {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  of(profile: ConnectionProfile): FirehoseNote {
    const id = idOf(profile);
    return {
      isSet: () => this.#load().includes(id),
      set: async () => {
        if (!this.#load().includes(id)) await this.#memento.update(notesKey, [...this.#load(), id]);
      },
      clear: async () => {
        const others = this.#load().filter((each) => each !== id);
        await this.#memento.update(notesKey, others);
      },
    };
  }

  #load(): string[] {
    const stored = this.#memento.get<unknown>(notesKey);
    return Array.isArray(stored) ? stored.filter((each) => typeof each === 'string') : [];
  }
}

/** An edited connection may be to another broker, whose firehose is not ours. */
function idOf({ id, host, port, vhost }: ConnectionProfile): string {
  return JSON.stringify([id, host, port, vhost]);
}
