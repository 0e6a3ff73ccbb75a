import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { AppError, toAppError, toError } from '../../common/errors.ts';
import { Ledger, type Fate } from './ledger.ts';

/** Before a message is sent the file says that it may be; so many are said at once. */
const reservedAtOnce = 100;

const letters: Readonly<Record<string, Fate>> = {
  c: 'routed',
  r: 'unroutable',
  n: 'refused',
  u: 'unknown',
  s: 'unknown',
};

/**
 * The ledger of a batch as a file that outlives whoever writes it: a first line that says what the batch is, as JSON, then
 * a line for each run of messages that came to the same: `c 0-499` confirmed and routed, `r 500` returned, `n 501` nacked
 * or refused, `u 502` unknown, `s 0-99` before these are sent, and `e 503` when no more are. It is handed to the operating system as soon as the
 * broker's answer is read: what a kill of this process leaves out is at most what nobody here had seen confirmed.
 */
export class Journal {
  readonly ledger: Ledger;
  readonly #path: string;
  readonly #file: number;
  /** So many were known of before. */
  readonly #known: number;
  #reserved: number;
  /** One past the last that was sent. */
  #sent: number;
  #run: { readonly letter: string; readonly from: number; to: number } | undefined;
  #pending = '';
  #flushing: NodeJS.Immediate | undefined;
  #failure: AppError | undefined;

  private constructor(path: string, flags: string, ledger: Ledger) {
    this.#path = path;
    this.ledger = ledger;
    this.#known = ledger.length;
    this.#reserved = ledger.length;
    this.#sent = ledger.length;
    this.#file = attempt(path, () => openSync(path, flags));
  }

  /** @param about what the batch is, as JSON can say it @throws AppError `fileUnwritable` */
  static create(path: string, about: object): Journal {
    const journal = new Journal(path, 'wx', new Ledger());
    journal.#write(`${JSON.stringify(about)}\n`);
    return journal;
  }

  /** Goes on where the file ends. @throws AppError as `readJournal`, or `fileUnwritable` */
  static resume(path: string): Journal {
    const { ledger, isTorn } = readJournal(path);
    const journal = new Journal(path, 'a', ledger);
    // A part of a line must not come to be read as one: `c 1` of `c 12-19`.
    if (isTorn) journal.#write('?\n');
    return journal;
  }

  /**
   * Takes note that this message is about to be sent.
   * @throws AppError `fileUnwritable`, or `invalidInput` past the most there can be: it must not be sent then
   */
  sending(index: number): void {
    if (this.#failure) throw this.#failure;
    if (index >= longest)
      throw new AppError('invalidInput', { field: 'batch', reason: `has over ${longest} messages` });
    this.#sent = Math.max(this.#sent, index + 1);
    if (index < this.#reserved) return;
    this.#endRun();
    const to = Math.min(index + reservedAtOnce, longest) - 1;
    this.#pending += `s ${index}-${to}\n`;
    this.#reserved = to + 1;
    this.#flush();
  }

  /** Takes note of what became of it. */
  note(index: number, fate: Exclude<Fate, 'unsent'>): void {
    this.ledger.note(fate, index);
    const letter = letterOf(fate);
    if (this.#run && this.#run.letter === letter && this.#run.to === index - 1) {
      this.#run.to = index;
    } else {
      this.#endRun();
      this.#run = { letter, from: index, to: index };
    }
    // After all that came in the same piece of the network's.
    this.#flushing ??= setImmediate(() => {
      this.#flushing = undefined;
      this.#endRun();
      try {
        this.#flush();
      } catch (error) {
        // The next message that is to be sent is not.
        this.#failure = toAppError(error);
      }
    });
  }

  #flush(): void {
    const text = this.#pending;
    this.#pending = '';
    if (text !== '') this.#write(text);
  }

  /**
   * Nothing more is sent.
   * @param unsent the first that was told to be sent, and was not
   * @throws AppError `fileUnwritable`
   */
  close(unsent?: number): void {
    clearImmediate(this.#flushing);
    this.#endRun();
    this.#pending += `e ${Math.max(this.#known, unsent ?? this.#sent)}\n`;
    try {
      this.#flush();
    } finally {
      closeSync(this.#file);
    }
  }

  #endRun(): void {
    if (this.#run) this.#pending += `${this.#run.letter} ${this.#run.from}-${this.#run.to}\n`;
    this.#run = undefined;
  }

  #write(text: string): void {
    attempt(this.#path, () => {
      // A disk that fills up takes a part, and says nothing.
      if (writeSync(this.#file, text) < Buffer.byteLength(text)) throw new Error('the disk is full');
    });
  }
}

/** What a journal tells. */
interface JournalContent {
  /** What the batch is, as it was given to `Journal.create`; not validated. */
  readonly about: unknown;
  /** What was sent and has no outcome in the file is `unknown`. */
  readonly ledger: Ledger;
  /** The last line was cut off while it was written. */
  readonly isTorn: boolean;
}

/** @throws AppError `fileUnreadable`, also for a file that is no journal */
export function readJournal(path: string): JournalContent {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(path, toError(error).message, error);
  }
  const lines = text.split('\n');
  const isTorn = lines.pop() !== '';
  const [first, ...rest] = lines;
  const ledger = new Ledger();
  let unclear = 0;
  for (const line of rest) {
    const [, letter = '', from, to = from] = /^([crnuse]) (\d{1,9})(?:-(\d{1,9}))?$/.exec(line) ?? [];
    const fate = letters[letter];
    const last = Number(to);
    if (letter === 'e' && last <= longest) unclear = last;
    // A line that was torn, and then written after.
    if (!fate || last < Number(from) || last >= longest) continue;
    if (letter === 's') unclear = Math.max(unclear, last + 1);
    else ledger.note(fate, Number(from), last);
  }
  return { about: parseAbout(path, first), ledger: withUnknown(ledger, unclear), isTorn };
}

/** So many messages a batch has at the most; a file may hold anything. */
const longest = 5e7;

function withUnknown(ledger: Ledger, sent: number): Ledger {
  for (let index = 0; index < sent; index++) if (ledger.fateOf(index) === 'unsent') ledger.note('unknown', index);
  return ledger;
}

function parseAbout(path: string, line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '');
  } catch (error) {
    throw unreadable(path, 'it is no journal of a batch', error);
  }
}

function letterOf(fate: Fate): string {
  return Object.keys(letters).find((letter) => letters[letter] === fate) ?? 'u';
}

function unreadable(name: string, reason: string, cause: unknown): AppError {
  return new AppError('fileUnreadable', { name, reason }, { cause });
}

function attempt<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new AppError('fileUnwritable', { name, reason: toError(error).message }, { cause: error });
  }
}
