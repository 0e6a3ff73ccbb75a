import type * as vscode from 'vscode';

/** Passwords, one key per profile, in VS Code's SecretStorage and nowhere else. */
export class PasswordStore {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async get(profileId: string): Promise<string | undefined> {
    return this.#secrets.get(key(profileId));
  }

  async set(profileId: string, password: string): Promise<void> {
    await this.#secrets.store(key(profileId), password);
  }

  async delete(profileId: string): Promise<void> {
    await this.#secrets.delete(key(profileId));
  }
}

function key(profileId: string): string {
  return `warren.password.${profileId}`;
}
