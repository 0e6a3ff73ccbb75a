import { unwatchFile, watchFile, type Stats } from 'node:fs';
import { basename } from 'node:path';
import { AppError, toError } from '../../common/errors.ts';
import { readSmallFile } from '../tls/readSmallFile.ts';
import type { SchemaKind } from './choice.ts';
import type { SchemaFile } from './schemaFile.ts';

/** A schema that is read anew when a file of it changes; until then, and while it is read, it is what it was. */
export class WatchedSchema {
  readonly #kind: SchemaKind;
  readonly #path: string;
  readonly #lookMs: number;
  readonly #changed: () => void;
  /** What was read last, or a clause that says why it could not be. */
  #current: SchemaFile | string | undefined;
  #files: readonly string[] = [];
  #reading: Promise<void> | undefined;
  #isOutdated = false;
  #isDisposed = false;

  /**
   * @param lookMs how often is looked whether a file has changed: this works on every file system, and however it is saved
   * @param changed called when it has been read
   */
  constructor(kind: SchemaKind, path: string, lookMs: number, changed: () => void) {
    this.#kind = kind;
    this.#path = path;
    this.#lookMs = lookMs;
    this.#changed = changed;
    this.#reading = this.#read();
  }

  /** The schema, or a clause that says why it cannot be used; undefined while it is read for the first time. */
  get current(): SchemaFile | string | undefined {
    return this.#current;
  }

  /** Settles when it has been read for the first time. Never rejects. */
  get ready(): Promise<void> {
    return this.#reading ?? Promise.resolve();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#watch([]);
  }

  async #read(): Promise<void> {
    do {
      this.#isOutdated = false;
      const files: string[] = [this.#path];
      const next = await openSchema(this.#kind, this.#path, files).catch((error: unknown) =>
        reasonOf(error, this.#path),
      );
      if (this.#isDisposed) return;
      this.#watch(files);
      this.#current = next;
    } while (this.#isOutdated);
    this.#reading = undefined;
    this.#changed();
  }

  #watch(files: readonly string[]): void {
    for (const file of this.#files) if (!files.includes(file)) unwatchFile(file, this.#onDisk);
    for (const file of files) {
      if (!this.#files.includes(file)) watchFile(file, { interval: this.#lookMs, persistent: false }, this.#onDisk);
    }
    this.#files = files;
  }

  readonly #onDisk = (now: Stats, before: Stats): void => {
    if (now.mtimeMs === before.mtimeMs && now.size === before.size && now.ino === before.ino) return;
    this.#isOutdated = true;
    this.#reading ??= this.#read();
  };
}

/**
 * Reads a schema.
 * @param files gets the paths of the files that were read
 * @throws Error with a clause, or AppError `fileUnreadable`
 */
export async function openSchema(kind: SchemaKind, path: string, files: string[] = []): Promise<SchemaFile> {
  const open = (await import('./schemas.ts'))[kind];
  return open(path, async (file) => {
    const bytes = await readSmallFile(file);
    if (!files.includes(file)) files.push(file);
    return new TextDecoder().decode(bytes);
  });
}

/** Why a schema could not be read, as a clause with the file's name. */
export function reasonOf(error: unknown, path: string): string {
  // By its code, because what is loaded apart has a class of its own.
  const isUnreadable = error instanceof AppError || (error instanceof Error && 'params' in error);
  const { reason } = isUnreadable ? (error as AppError<'fileUnreadable'>).params : { reason: toError(error).message };
  return `${basename(path)}: ${reason.replaceAll(path, basename(path)).replace(/\.$/, '')}`;
}
