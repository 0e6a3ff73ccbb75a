import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Journal, readJournal } from '../../broker/batch/journal.ts';
import type { Ledger } from '../../broker/batch/ledger.ts';
import { fileFailure } from '../../broker/files/fileFailure.ts';
import { FileLock } from '../../broker/files/fileLock.ts';
import { AppError } from '../../common/errors.ts';
import { toPlan, type BatchPlan } from './batchPlan.ts';

/** A batch on disk: begun, and not done. */
export interface StoredBatch {
  readonly id: string;
  readonly plan: BatchPlan;
  readonly ledger: Ledger;
}

/** Where the journals of batches are until they are done: beside all else that Warren stores on this machine. */
export class BatchFolder {
  readonly #path: string;
  readonly #locks = new Map<string, FileLock>();

  constructor(path: string) {
    this.#path = path;
  }

  /** The journal of a new batch, which is locked. @throws AppError `fileUnwritable` */
  create(id: string, plan: BatchPlan): Journal {
    return Journal.create(this.#journal(id), plan);
  }

  /** @throws AppError `fileUnreadable`, `fileUnwritable` */
  resume(id: string): Journal {
    return Journal.resume(this.#journal(id));
  }

  /** Those that can go on and that nobody publishes now, the newest first; what is no journal of this version is passed over. */
  async stored(): Promise<StoredBatch[]> {
    // Without the folder there has been no batch yet.
    const names = await readdir(this.#path).catch(() => []);
    const batches = names.filter((name) => name.endsWith(extension)).flatMap((name) => this.#read(name));
    const running = await Promise.all(batches.map(({ id }) => FileLock.isHeld(this.#locked(id))));
    const idle = batches.filter((_batch, i) => running[i] !== true);
    return idle.toSorted((a, b) => b.plan.startedAt - a.plan.startedAt);
  }

  /** Where the messages of a batch are that were not published. */
  failedPath(id: string): string {
    return join(this.#path, `${id}.failed.jsonl`);
  }

  hasFailed(id: string, ledger: Ledger): boolean {
    return ledger.count('unroutable') + ledger.count('refused') > 0 && existsSync(this.failedPath(id));
  }

  /** Says that this process publishes it; another window leaves it alone. @throws AppError `batchRunning`, `fileUnwritable` */
  async lock(id: string): Promise<void> {
    try {
      await mkdir(this.#path, { recursive: true });
      const lock = await FileLock.take(this.#locked(id));
      if (lock) this.#locks.set(id, lock);
    } catch (thrown) {
      const error = fileFailure(this.#path, thrown);
      throw error.is('fileInUse') ? new AppError('batchRunning', {}, { cause: error }) : error;
    }
  }

  async unlock(id: string): Promise<void> {
    await this.#locks.get(id)?.release();
    this.#locks.delete(id);
  }

  async remove(id: string): Promise<void> {
    await this.unlock(id);
    await rm(this.#journal(id), { force: true });
    await rm(this.failedPath(id), { force: true });
  }

  #locked(id: string): string {
    return join(this.#path, id);
  }

  #journal(id: string): string {
    return join(this.#path, id + extension);
  }

  #read(name: string): StoredBatch[] {
    const id = name.slice(0, -extension.length);
    try {
      const { about, ledger } = readJournal(this.#journal(id));
      const plan = toPlan(about);
      return plan ? [{ id, plan, ledger }] : [];
    } catch {
      // Another window may have removed it just now, and what is no journal is not ours.
      return [];
    }
  }
}

const extension = '.journal';
