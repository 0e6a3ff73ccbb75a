import type * as vscode from 'vscode';
import type { ConnectionSecrets } from '../../broker/profile.ts';

const kinds = [
  'password',
  'tlsPassphrase',
  'managementPassword',
] as const satisfies readonly (keyof ConnectionSecrets)[];

/** What to store, and what to forget (null); the others stay as they are. */
export type SecretChanges = { readonly [K in keyof ConnectionSecrets]: ConnectionSecrets[K] | null };

/**
 * The secrets of profiles in VS Code's SecretStorage and nowhere else: a key for each, since a password is any text. One is
 * written after the other: an editor in a browser keeps all of them in one place, and of two that are written at once the
 * first may be lost.
 */
export class SecretStore {
  readonly #secrets: vscode.SecretStorage;
  #last: Promise<void> = Promise.resolve();

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

  change(profileId: string, changes: SecretChanges): Promise<void> {
    return this.#inTurn(async () => {
      for (const kind of kinds) {
        const secret = changes[kind];
        // oxlint-disable-next-line no-await-in-loop
        if (secret === null) await this.#secrets.delete(key(kind, profileId));
        // oxlint-disable-next-line no-await-in-loop
        else if (secret !== undefined) await this.#secrets.store(key(kind, profileId), secret);
      }
    });
  }

  delete(profileId: string): Promise<void> {
    return this.change(profileId, { password: null, tlsPassphrase: null, managementPassword: null });
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const written = this.#last.then(write);
    // Whoever asked is told of a failure; the next may succeed.
    this.#last = written.catch(() => undefined);
    return written;
  }
}

function key(kind: keyof ConnectionSecrets, profileId: string): string {
  return `warren.${kind}.${profileId}`;
}
