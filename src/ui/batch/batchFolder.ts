import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
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

/** Who publishes a batch says so as often, and is believed for so long: its process number may be another's by then. */
const sayMs = 10_000;
const believedMs = 60_000;

/** Where the journals of batches are until they are done: beside all else that Warren stores on this machine. */
export class BatchFolder {
  readonly #path: string;
  readonly #locked = new Map<string, NodeJS.Timeout>();

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
    const running = await Promise.all(batches.map(({ id }) => this.#isRunning(id)));
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
    const path = this.#lock(id);
    const take = (): Promise<void> => writeFile(path, String(process.pid), { flag: 'wx' });
    try {
      await mkdir(this.#path, { recursive: true });
      await take().catch(async () => {
        if (await this.#isRunning(id)) throw new AppError('batchRunning', {});
        await rm(path, { force: true });
        await take();
      });
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      throw new AppError('fileUnwritable', { name: this.#path, reason: toError(thrown).message }, { cause: thrown });
    }
    const say = (): void => void utimes(path, new Date(), new Date()).catch(() => undefined);
    this.#locked.set(id, setInterval(say, sayMs));
  }

  async unlock(id: string): Promise<void> {
    clearInterval(this.#locked.get(id));
    this.#locked.delete(id);
    await rm(this.#lock(id), { force: true });
  }

  async remove(id: string): Promise<void> {
    await this.unlock(id);
    await rm(this.#journal(id), { force: true });
    await rm(this.failedPath(id), { force: true });
  }

  /** Whether a process that lives says that it publishes it. */
  async #isRunning(id: string): Promise<boolean> {
    const path = this.#lock(id);
    const [said, text] = await Promise.all([stat(path), readFile(path, 'utf8')]).catch(() => []);
    const pid = Number(text);
    if (!said || !(pid > 0) || Date.now() - said.mtimeMs > believedMs) return false;
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
