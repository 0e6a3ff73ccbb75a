import type * as vscode from 'vscode';

const consentsKey = 'warren.allowedConnections';
/** The newest; what falls out is asked for again. */
const mostConsents = 500;

/** To which connections from settings a person lets this workspace send credentials, by the id that their target makes. */
export class ConsentStore {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  has(profileId: string): boolean {
    return this.#load().includes(profileId);
  }

  async add(profileId: string): Promise<void> {
    if (!this.has(profileId))
      await this.#memento.update(consentsKey, [...this.#load(), profileId].slice(-mostConsents));
  }

  async remove(profileId: string): Promise<void> {
    await this.#memento.update(
      consentsKey,
      this.#load().filter((id) => id !== profileId),
    );
  }

  #load(): string[] {
    const stored = this.#memento.get<unknown>(consentsKey);
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : [];
  }
}
