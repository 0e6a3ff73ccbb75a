import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, readFile, realpath, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { fileFailure } from './fileFailure.ts';
import { mustBeFree } from './tailFiles.ts';

/** Who holds a lock says so as often, in milliseconds. */
const sayMs = 10_000;
/** Who has not said so for as long is gone, whoever has its process number now; on another computer clocks may differ. */
const believedMs = 60_000;
const believedOfOthersMs = 600_000;

/** As a lock file says it. */
interface Holder {
  readonly process: number;
  readonly host: string;
  /** Of this lock alone. */
  readonly token: string;
}

/** Tokens of the locks of this process. */
const own = new Set<string>();

/**
 * That a file is written by nobody else meanwhile, in any window: a file beside it, `orders.jsonl.lock`, made by whoever comes
 * first. What a process leaves that was killed is taken over.
 */
export class FileLock {
  readonly #path: string;
  readonly #lock: string;
  readonly #text: string;
  readonly #token: string;
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string, lock: string, holder: Holder) {
    this.#path = path;
    this.#lock = lock;
    this.#text = JSON.stringify(holder);
    this.#token = holder.token;
    this.#timer = setInterval(() => void this.#say(), sayMs);
    this.#timer.unref();
  }

  /** Undefined for a folder or a device: what it keeps cannot be lost. @throws AppError `fileInUse`, `fileUnwritable` */
  static async take(path: string): Promise<FileLock | undefined> {
    mustBeFree(path);
    try {
      const lock = await lockOf(path);
      if (lock === undefined) return undefined;
      const holder = { process: process.pid, host: hostname(), token: randomBytes(8).toString('hex') };
      // Before it is there: it is no leftover of this process.
      own.add(holder.token);
      const taken = new FileLock(path, lock, holder);
      try {
        await taken.#take();
        return taken;
      } catch (error) {
        taken.#forget();
        throw error;
      }
    } catch (error) {
      throw fileFailure(path, error);
    }
  }

  /** Whether somebody holds the lock of a file. */
  static async isHeld(path: string): Promise<boolean> {
    const lock = await lockOf(path);
    return lock !== undefined && isBelieved(await found(lock));
  }

  /**
   * That it is still held: this computer may have slept, and another window have taken it for a leftover.
   * @throws AppError `fileInUse`, `fileUnwritable`
   */
  async check(): Promise<void> {
    if ((await readFile(this.#lock, 'utf8').catch(() => undefined)) === this.#text) return;
    // Somebody may have removed it by hand.
    await this.#take().catch((error: unknown) => {
      throw fileFailure(this.#path, error);
    });
  }

  /** Never throws. */
  async release(): Promise<void> {
    this.#forget();
    const text = await readFile(this.#lock, 'utf8').catch(() => undefined);
    if (text === this.#text) await rm(this.#lock, { force: true }).catch(() => undefined);
  }

  #forget(): void {
    clearInterval(this.#timer);
    own.delete(this.#token);
  }

  async #take(): Promise<void> {
    if (await this.#make()) return;
    const other = await found(this.#lock);
    if (other && isBelieved(other)) throw this.#inUse(other);
    if (other) await this.#putAway(other);
    if (!(await this.#make())) throw this.#inUse(await found(this.#lock));
  }

  /** Whether there was none. */
  async #make(): Promise<boolean> {
    const file = await open(this.#lock, 'wx').catch((error: unknown) => {
      if (codeOf(error) === 'EEXIST') return undefined;
      throw error;
    });
    if (!file) return false;
    try {
      await file.writeFile(this.#text);
    } catch (error) {
      await rm(this.#lock, { force: true }).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
    return true;
  }

  /** Removes a leftover; of several windows that come at once to do so, none removes the lock that another has made since. */
  async #putAway(leftover: Found): Promise<void> {
    const aside = `${this.#lock}.${this.#token}`;
    try {
      await rename(this.#lock, aside);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      throw error;
    }
    const text = await readFile(aside, 'utf8').catch(() => undefined);
    if (text !== leftover.text) await copyFile(aside, this.#lock, constants.COPYFILE_EXCL).catch(() => undefined);
    await rm(aside, { force: true });
  }

  #inUse(by: Found | undefined): AppError {
    const holder = by?.holder;
    const isOurs = holder !== undefined && own.has(holder.token);
    const who = holder && { process: holder.process, host: holder.host };
    return new AppError('fileInUse', { name: basename(this.#path), lock: basename(this.#lock), isOurs, ...who });
  }

  async #say(): Promise<void> {
    const now = new Date();
    const text = await readFile(this.#lock, 'utf8').catch(() => undefined);
    if (text === this.#text) await utimes(this.#lock, now, now).catch(() => undefined);
  }
}

/** By whatever name the file is reached. */
async function lockOf(path: string): Promise<string | undefined> {
  const there = await stat(path).catch(() => undefined);
  if (there && !there.isFile()) return undefined;
  const real = there ? await realpath(path) : join(await realpath(dirname(path)), basename(path));
  return `${real}.lock`;
}

/** A lock file that is there. */
interface Found {
  readonly text: string;
  /** Undefined where it is not written yet, or is no lock of Warren's. */
  readonly holder: Holder | undefined;
  /** How long nobody has said that it holds, in milliseconds. */
  readonly age: number;
}

async function found(lock: string): Promise<Found | undefined> {
  try {
    const [{ mtimeMs }, text] = await Promise.all([stat(lock), readFile(lock, 'utf8')]);
    return { text, holder: toHolder(text), age: Date.now() - mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function toHolder(text: string): Holder | undefined {
  try {
    const { process: pid, host, token } = JSON.parse(text) as Partial<Record<keyof Holder, unknown>>;
    const isHolder = typeof pid === 'number' && pid > 0 && typeof host === 'string' && typeof token === 'string';
    return isHolder ? { process: pid, host, token } : undefined;
  } catch {
    return undefined;
  }
}

function isBelieved(lock: Found | undefined): boolean {
  if (!lock) return false;
  const { holder, age } = lock;
  if (holder && own.has(holder.token)) return true;
  if (holder && holder.host !== hostname()) return age < believedOfOthersMs;
  return age < believedMs && (!holder || lives(holder.process));
}

/** Another one than this. */
function lives(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, and belongs to somebody else.
    return codeOf(error) === 'EPERM';
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
