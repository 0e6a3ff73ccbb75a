import { AppError, toAppError } from '../../common/errors.ts';
import { Emitter, type Event } from '../../common/event.ts';
import type { Tail } from '../consume/tail.ts';
import type { RotatingFile } from '../files/rotatingFile.ts';
import { saveMessage } from './savedMessage.ts';

/** Written at a time: what is not on the disk yet would come again after a crash. */
const batchMessages = 500;
const batchCharacters = 4 * 1024 * 1024;
/** When so many wait to be written, or half of what the tail keeps, it pauses, and goes on below a quarter of that. */
const backlog = 2_000;

interface FileTailOptions {
  /** Whether a message is acknowledged when it is on the disk; the tail must hold. */
  readonly acknowledges: boolean;
  /** So many that cannot be saved faithfully stop it: they are held, and nothing else would come any more. */
  readonly mostLeft: number;
}

/** How it ended. */
export interface FileTailEnd {
  /** What stopped it; undefined where a person did, or the tail had come to its end. */
  readonly error: AppError | undefined;
}

/**
 * Writes what a tail receives to a file, without a limit on the count. With `acknowledges` a message is acknowledged when it
 * is on the disk, and not before: whatever ends this, none is lost, and those written last may come again.
 */
export class FileTail {
  readonly tail: Tail;
  readonly file: RotatingFile;
  readonly #options: FileTailOptions;
  #cursor = 0;
  #written = 0;
  #missed = 0;
  #left = 0;
  /** Of these, those that the broker waits for. */
  #leftHeld = 0;
  #whyLeft: string | undefined;
  #error: AppError | undefined;
  #writing: Promise<void> | undefined;
  #stopping = false;
  #isPaused = false;
  #mayRepeat = false;
  readonly #progressed = new Emitter<void>();
  /** Something was written, or the tail's status has changed. */
  readonly onDidProgress: Event<void> = this.#progressed.event;
  /** Settles when all is written that will be, and the file is closed. */
  readonly ended: Promise<FileTailEnd>;

  /** @param tail that has not started */
  constructor(tail: Tail, file: RotatingFile, options: FileTailOptions) {
    this.tail = tail;
    this.file = file;
    this.#options = options;
    const pace = (): void => void this.#pace().catch((error: unknown) => this.#fail(toAppError(error)));
    tail.onDidReceive(() => {
      pace();
      this.#write();
    });
    tail.onDidNotice(({ kind }) => {
      if (kind === 'acksUnconfirmed') this.#mayRepeat = true;
    });
    this.ended = new Promise((resolve) => {
      tail.onDidChangeStatus((status) => {
        if (status.kind === 'interrupted') this.#interrupted(status.returned);
        // It comes back paused as it was: all may have been written meanwhile.
        if (status.kind === 'paused') pace();
        this.#progressed.fire();
        if (status.kind === 'ended') void this.#finish(status.error).then(resolve);
      });
    });
  }

  /** Messages in the file. */
  get written(): number {
    return this.#written;
  }

  /** Messages that came faster than they could be written, and are not kept any more; 0 with `acknowledges`. */
  get missed(): number {
    return this.#missed;
  }

  /** Messages that cannot be saved faithfully. */
  get left(): number {
    return this.#left;
  }

  /** Why the first of those cannot be. */
  get whyLeft(): string | undefined {
    return this.#whyLeft;
  }

  /** Whether some may be in the file twice, for the connection was lost before they were acknowledged. */
  get mayRepeat(): boolean {
    return this.#mayRepeat;
  }

  /** Stops delivery; what is not written goes back to the queue. Never throws. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#writing;
    await this.tail.stop();
    await this.ended;
  }

  #interrupted(returned: number): void {
    if (returned > 0) this.#mayRepeat = true;
    this.#leftHeld = 0;
  }

  #write(): void {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    try {
      // One batch at a time: the disk is what limits this.
      // oxlint-disable-next-line no-await-in-loop
      while (!this.#stopping && this.#cursor < this.tail.buffer.lastNumber) await this.#writeBatch();
    } catch (thrown) {
      this.#fail(toAppError(thrown));
    }
  }

  #fail(error: AppError): void {
    this.#error ??= error;
    this.#stopping = true;
    void this.tail.stop();
  }

  async #writeBatch(): Promise<void> {
    const { buffer } = this.tail;
    const numbers: number[] = [];
    let lines = '';
    let bytes = 0;
    this.#missed += Math.max(0, Math.min(buffer.firstNumber, this.#oldestHeld()) - this.#cursor - 1);
    while (numbers.length < batchMessages && lines.length < batchCharacters && this.#cursor < buffer.lastNumber) {
      const message = buffer.get(++this.#cursor);
      if (!message) continue;
      const saved = saveMessage(message);
      if ('problem' in saved) {
        this.#leave(`#${message.number}: ${saved.problem}`);
        continue;
      }
      const line = `${saved.line}\n`;
      bytes += Buffer.byteLength(line);
      if (numbers.length > 0 && bytes > this.file.room) {
        // The next file begins with it.
        this.#cursor--;
        break;
      }
      lines += line;
      numbers.push(message.number);
    }
    await this.#pace();
    if (numbers.length > 0) await this.file.append(lines);
    this.#written += numbers.length;
    if (this.#options.acknowledges) this.#acknowledge(numbers);
    this.#progressed.fire();
    if (this.#leftHeld >= this.#options.mostLeft) {
      throw new AppError('notSavable', { count: this.#left, reason: this.#whyLeft ?? '' });
    }
  }

  /** What is held is kept whatever the buffer's limits. */
  #oldestHeld(): number {
    return this.#options.acknowledges ? this.#cursor + 1 : Infinity;
  }

  #leave(why: string): void {
    this.#left++;
    if (this.#options.acknowledges) this.#leftHeld++;
    this.#whyLeft ??= why;
  }

  /** In one frame, unless one that is to go back is held among them. */
  #acknowledge(numbers: readonly number[]): void {
    const last = numbers.at(-1);
    if (last === undefined) return;
    const acked = this.#leftHeld === 0 ? this.tail.settleUpTo(last, 'acked') : this.tail.settle(numbers, 'acked');
    // Its channel ended while they were written: they come again.
    if (acked < numbers.length) this.#mayRepeat = true;
  }

  /** A tail that holds is paced by its prefetch. */
  async #pace(): Promise<void> {
    if (this.#options.acknowledges) return;
    const { firstNumber, lastNumber } = this.tail.buffer;
    const waiting = lastNumber - this.#cursor;
    const kept = lastNumber - firstNumber + 1;
    const willBeDropped = firstNumber > 1 && waiting > kept / 2;
    const { kind } = this.tail.status;
    if (!this.#isPaused && (waiting > backlog || willBeDropped) && kind === 'running') {
      this.#isPaused = true;
      await this.tail.pause();
    } else if (this.#isPaused && kind === 'paused' && waiting <= Math.min(backlog, kept) / 4) {
      this.#isPaused = false;
      await this.tail.resume();
    }
  }

  async #finish(error: AppError | undefined): Promise<FileTailEnd> {
    await this.#writing;
    // Copies that have come are kept; what was held has gone back, and will come again.
    if (!this.#options.acknowledges && !this.#error) {
      this.#stopping = false;
      await this.#writeAll();
    }
    this.#stopping = true;
    await this.file.close();
    this.#progressed.fire();
    return { error: this.#error ?? error };
  }
}
