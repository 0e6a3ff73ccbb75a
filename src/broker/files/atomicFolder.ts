import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryName } from './atomicFile.ts';
import { fileFailure } from './fileFailure.ts';

/** A folder of files that is there whole or not at all. */
export class AtomicFolder {
  readonly path: string;
  readonly #temporary: string;

  private constructor(path: string, temporary: string) {
    this.path = path;
    this.#temporary = temporary;
  }

  /** @param path of a folder that does not exist @throws AppError `fileUnwritable` */
  static async create(path: string): Promise<AtomicFolder> {
    const temporary = temporaryName(path);
    try {
      await mkdir(temporary);
      return new AtomicFolder(path, temporary);
    } catch (error) {
      throw fileFailure(path, error);
    }
  }

  /** @throws AppError `fileUnwritable` */
  async write(name: string, content: Uint8Array): Promise<void> {
    try {
      await writeFile(join(this.#temporary, name), content, { flag: 'wx' });
    } catch (error) {
      throw fileFailure(name, error);
    }
  }

  /** @throws AppError `fileUnwritable`; nothing is left then */
  async commit(): Promise<void> {
    try {
      await rename(this.#temporary, this.path);
    } catch (error) {
      await this.discard();
      throw fileFailure(this.path, error);
    }
  }

  /** Leaves nothing of it. Never throws. */
  async discard(): Promise<void> {
    await rm(this.#temporary, { recursive: true, force: true }).catch(() => undefined);
  }
}
