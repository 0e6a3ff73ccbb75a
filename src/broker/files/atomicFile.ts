import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { fileFailure } from './fileFailure.ts';
import { FileLock } from './fileLock.ts';

/** Written at a time, in characters: large enough to be fast, small enough to be cancelled soon. */
const chunkLength = 1 << 18;

/**
 * A file that is there whole or not at all: it is written beside its place, and put there by `commit`. Meanwhile nobody else
 * writes there.
 */
export class AtomicFile {
  readonly path: string;
  readonly #temporary: string;
  readonly #file: FileHandle;
  readonly #lock: FileLock | undefined;
  #pending = '';

  private constructor(path: string, temporary: string, file: FileHandle, lock: FileLock | undefined) {
    this.path = path;
    this.#lock = lock;
    this.#temporary = temporary;
    this.#file = file;
  }

  /** @throws AppError `fileUnwritable`, `fileInUse` */
  static async create(path: string): Promise<AtomicFile> {
    const temporary = temporaryName(path);
    const lock = await FileLock.take(path);
    try {
      return new AtomicFile(path, temporary, await open(temporary, 'wx'), lock);
    } catch (error) {
      await lock?.release();
      throw fileFailure(path, error);
    }
  }

  /** @throws AppError `fileUnwritable` */
  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= chunkLength) await this.#flush();
  }

  /** Replaces what was at its place. @throws AppError `fileUnwritable`, `fileInUse`; nothing is left then but what was there before */
  async commit(): Promise<void> {
    try {
      await this.#flush();
      await this.#file.sync();
      await this.#file.close();
      await this.#lock?.check();
      await rename(this.#temporary, this.path);
    } catch (error) {
      await this.discard();
      throw fileFailure(this.path, error);
    }
    await this.#lock?.release();
  }

  /** Leaves nothing of it. Never throws. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.#temporary, { force: true }).catch(() => undefined);
    await this.#lock?.release();
  }

  async #flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    try {
      await this.#file.appendFile(text, 'utf8');
    } catch (error) {
      throw fileFailure(this.path, error);
    }
  }
}

/** Beside the place, on the same disk. */
export function temporaryName(path: string): string {
  return `${path}.${randomBytes(4).toString('hex')}.part`;
}
