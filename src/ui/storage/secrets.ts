import type * as vscode from 'vscode';
import type { ConnectionSecrets } from '../../broker/profile.ts';

const kinds = [
  'password',
  'tlsPassphrase',
  'managementPassword',
] as const satisfies readonly (keyof ConnectionSecrets)[];

/** What to store, and what to forget (null); the others stay as they are. */
export type SecretChanges = { readonly [K in keyof ConnectionSecrets]: ConnectionSecrets[K] | null };

/** The secrets of profiles in VS Code's SecretStorage and nowhere else: a key for each, since a password is any text. */
export class SecretStore {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** Those that are stored. */
  async get(profileId: string): Promise<ConnectionSecrets> {
    const [password, tlsPassphrase, managementPassword] = await Promise.all(
      kinds.map((kind) => this.#secrets.get(key(kind, profileId))),
    );
    return { password, tlsPassphrase, managementPassword };
  }

  async change(profileId: string, changes: SecretChanges): Promise<void> {
    const changed = kinds.map(async (kind) => {
      const secret = changes[kind];
      if (secret === null) await this.#secrets.delete(key(kind, profileId));
      else if (secret !== undefined) await this.#secrets.store(key(kind, profileId), secret);
    });
    await Promise.all(changed);
  }

  async delete(profileId: string): Promise<void> {
    await Promise.all(kinds.map((kind) => this.#secrets.delete(key(kind, profileId))));
  }
}

function key(kind: keyof ConnectionSecrets, profileId: string): string {
  return `warren.${kind}.${profileId}`;
}
