import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { fileFailure } from './fileFailure.ts';
import { mustBeFree } from './tailFiles.ts';

/** Written at a time, in characters: large enough to be fast, small enough to be cancelled soon. */
const chunkLength = 1 << 18;

/** A file that is there whole or not at all: it is written beside its place, and put there by `commit`. */
export class AtomicFile {
  readonly path: string;
  readonly #temporary: string;
  readonly #file: FileHandle;
  #pending = '';

  private constructor(path: string, temporary: string, file: FileHandle) {
    this.path = path;
    this.#temporary = temporary;
    this.#file = file;
  }

  /** @throws AppError `fileUnwritable` */
  static async create(path: string): Promise<AtomicFile> {
    mustBeFree(path);
    const temporary = temporaryName(path);
    try {
      return new AtomicFile(path, temporary, await open(temporary, 'wx'));
    } catch (error) {
      throw fileFailure(path, error);
    }
  }

  /** @throws AppError `fileUnwritable` */
  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= chunkLength) await this.#flush();
  }

  /** Replaces what was at its place. @throws AppError `fileUnwritable`; nothing is left then but what was there before */
  async commit(): Promise<void> {
    try {
      await this.#flush();
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#temporary, this.path);
    } catch (error) {
      await this.discard();
      throw fileFailure(this.path, error);
    }
  }

  /** Leaves nothing of it. Never throws. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.#temporary, { force: true }).catch(() => undefined);
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
