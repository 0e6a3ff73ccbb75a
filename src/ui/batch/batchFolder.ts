import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Journal, readJournal } from '../../broker/batch/journal.ts';
import type { Ledger } from '../../broker/batch/ledger.ts';
import { AppError, toError } from '../../common/errors.ts';
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

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws AppError `fileUnwritable` */
  async create(plan: BatchPlan): Promise<{ readonly id: string; readonly journal: Journal }> {
    const id = randomUUID();
    try {
      await mkdir(this.#path, { recursive: true });
    } catch (error) {
      throw new AppError('fileUnwritable', { name: this.#path, reason: toError(error).message }, { cause: error });
    }
    return { id, journal: Journal.create(this.#journal(id), plan) };
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
    const running = await Promise.all(batches.map(({ id }) => this.#isRunning(id)));
    const idle = batches.filter((_batch, i) => running[i] !== true);
    return idle.toSorted((a, b) => b.plan.startedAt - a.plan.startedAt);
  }

  /** Where the messages of a batch are that were not published. */
  failedPath(id: string): string {
    return join(this.#path, `${id}.failed.jsonl`);
  }

  hasFailed(id: string): boolean {
    return existsSync(this.failedPath(id));
  }

  /** Says that this process publishes it; another window leaves it alone. @throws AppError `batchRunning` */
  async lock(id: string): Promise<void> {
    if (await this.#isRunning(id)) throw new AppError('batchRunning', {});
    await writeFile(this.#lock(id), String(process.pid));
  }

  async unlock(id: string): Promise<void> {
    await rm(this.#lock(id), { force: true });
  }

  async remove(id: string): Promise<void> {
    await this.unlock(id);
    await rm(this.#journal(id), { force: true });
    await rm(this.failedPath(id), { force: true });
  }

  /** Whether a process that lives says that it publishes it. */
  async #isRunning(id: string): Promise<boolean> {
    const pid = Number(await readFile(this.#lock(id), 'utf8').catch(() => ''));
    if (!Number.isInteger(pid) || pid <= 0) return false;
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // It lives, and belongs to somebody else.
      return toError(error).message.includes('EPERM');
    }
  }

  #lock(id: string): string {
    return join(this.#path, `${id}.lock`);
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
