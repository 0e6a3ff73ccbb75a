import { open, type FileHandle } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { fileFailure } from './fileFailure.ts';
import { FileLock } from './fileLock.ts';
import { tailFiles } from './tailFiles.ts';

/**
 * Lines in a file, and from a size on in the next: `orders.jsonl`, `orders.2.jsonl`. What `append` has returned for is on the
 * disk; what it could not write is in no file, not by half. Nobody else writes to the first and to the one that is written.
 */
export class RotatingFile {
  readonly #path: string;
  readonly #maxBytes: number;
  #file: FileHandle;
  readonly #firstLock: FileLock | undefined;
  /** Of the file that is written, unless it is the first. */
  #lock: FileLock | undefined;
  #size = 0;
  #number = 1;
  /** The files written, the newest last. */
  readonly paths: string[];
  /** In all of them. */
  bytes = 0;

  private constructor(path: string, maxBytes: number, file: FileHandle, lock: FileLock | undefined) {
    this.#path = path;
    this.#firstLock = lock;
    this.#maxBytes = maxBytes;
    this.#file = file;
    this.paths = [path];
    tailFiles.add(path);
  }

  /** Replaces the file at `path`; later ones replace nothing. @throws AppError `fileUnwritable`, `fileInUse` */
  static async create(path: string, maxBytes: number): Promise<RotatingFile> {
    const lock = await FileLock.take(path);
    try {
      return new RotatingFile(path, maxBytes, await open(path, 'w'), lock);
    } catch (error) {
      await lock?.release();
      throw fileFailure(path, error);
    }
  }

  /** What fits into the file that it is writing, in bytes; what is more goes into the next, and into one alone what never fits. */
  get room(): number {
    return this.#maxBytes - this.#size;
  }

  /** Where it is writing. */
  get path(): string {
    return this.paths.at(-1) ?? this.#path;
  }

  /** @param lines whole ones @throws AppError `fileUnwritable`, `fileInUse` */
  async append(lines: string): Promise<void> {
    await (this.#lock ?? this.#firstLock)?.check();
    const data = Buffer.from(lines, 'utf8');
    try {
      if (this.#size > 0 && this.#size + data.length > this.#maxBytes) await this.#next();
      for (let written = 0; written < data.length;) {
        // A disk that fills up takes a part.
        // oxlint-disable-next-line no-await-in-loop
        const { bytesWritten } = await this.#file.write(data, written, data.length - written, this.#size + written);
        written += bytesWritten;
      }
      await this.#file.datasync();
    } catch (error) {
      await this.#file.truncate(this.#size).catch(() => undefined);
      throw fileFailure(this.path, error);
    }
    this.#size += data.length;
    this.bytes += data.length;
  }

  /** Never throws. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    for (const path of this.paths) tailFiles.delete(path);
    await Promise.all([this.#firstLock?.release(), this.#lock?.release()]);
  }

  async #next(): Promise<void> {
    const { dir, name, ext } = parse(this.#path);
    for (;;) {
      const path = join(dir, `${name}.${++this.#number}${ext}`);
      // One after the other, until a name is free.
      // oxlint-disable-next-line no-await-in-loop
      const next = await openNew(path);
      if (!next) continue;
      // oxlint-disable-next-line no-await-in-loop
      await this.#lock?.release();
      this.#lock = next.lock;
      await this.#file.close().catch(() => undefined);
      this.#file = next.file;
      this.#size = 0;
      this.paths.push(path);
      tailFiles.add(path);
      return;
    }
  }
}

interface NewFile {
  readonly file: FileHandle;
  readonly lock: FileLock | undefined;
}

/** Undefined where there is one already, or somebody is about to put one there. @throws AppError, or what Node throws */
async function openNew(path: string): Promise<NewFile | undefined> {
  const lock = await FileLock.take(path).catch((error: unknown) => {
    if (error instanceof AppError && error.is('fileInUse')) return 'inUse' as const;
    throw error;
  });
  if (lock === 'inUse') return undefined;
  try {
    return { file: await open(path, 'wx'), lock };
  } catch (error) {
    await lock?.release();
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}
