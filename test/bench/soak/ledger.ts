import { isBodyOf } from './messages.ts';

const CONFIRMED = 1;
const UNKNOWN = 2;
/** Refused, returned or never sent: it must not turn up. */
const REFUSED = 4;
const SEEN = 8;
/** Acknowledged in a hold, or kept by a drain. */
const TAKEN = 16;

/** A message that was lost, and where to look for why. */
export interface LostMessage {
  readonly number: number;
  readonly queue: string;
  /** Milliseconds since the start of the run. */
  readonly publishedAt: number;
  readonly wasSeen: boolean;
}

/** What became of the messages of a run. */
export interface LedgerTotals {
  /** Handed to the publisher and sent. */
  readonly published: number;
  readonly confirmed: number;
  /** The connection ended before their confirm: they may or may not be in a queue. */
  readonly unknown: number;
  /** Refused, or returned as unroutable. */
  readonly refused: number;
  /** Unknown ones that did arrive. */
  readonly unknownSeen: number;
  readonly seen: number;
  /** All deliveries, those of a message that came back included. */
  readonly deliveries: number;
  readonly acked: number;
  readonly requeued: number;
  readonly rejected: number;
  /** Deliveries of a message that was acknowledged before. */
  readonly duplicates: number;
  /** Confirmed, and neither acknowledged nor in a queue at the end. */
  readonly lost: number;
  readonly lostMessages: readonly LostMessage[];
  /** Deliveries whose bytes are not those that were published. */
  readonly damaged: number;
  /** Messages that were seen though the publisher said that they were not sent, or refused. */
  readonly surprises: number;
}

/** Where every message of a run stands. It takes six bytes a message, all at the start: the run's memory is measured. */
export class Ledger {
  readonly #marks: Uint8Array;
  readonly #times: Uint32Array;
  readonly #queues: Uint8Array;
  readonly #names: string[] = [];
  readonly #started = Date.now();
  #drawn = 0;
  #counts = { published: 0, refused: 0, deliveries: 0, requeued: 0, rejected: 0, duplicates: 0, damaged: 0 };

  /** @param capacity the most messages of a run */
  constructor(capacity: number) {
    this.#marks = new Uint8Array(capacity);
    this.#times = new Uint32Array(capacity);
    this.#queues = new Uint8Array(capacity);
  }

  /** The number of a message that is going to be published. @throws when the ledger is full */
  draw(queue: string): number {
    if (this.#drawn === this.#marks.length) throw new Error('The ledger is full.');
    if (!this.#names.includes(queue)) this.#names.push(queue);
    this.#queues[this.#drawn] = this.#names.indexOf(queue);
    this.#times[this.#drawn] = Date.now() - this.#started;
    return this.#drawn++;
  }

  confirmed(number: number): void {
    this.#counts.published++;
    this.#mark(number, CONFIRMED);
  }

  unknown(number: number): void {
    this.#counts.published++;
    this.#mark(number, UNKNOWN);
  }

  refused(number: number): void {
    this.#counts.published++;
    this.#counts.refused++;
    this.#mark(number, REFUSED);
  }

  /** It was drawn, and the publisher stopped before it. */
  unsent(number: number): void {
    this.#mark(number, REFUSED);
  }

  /** A message has arrived. @returns its number */
  seen(messageId: unknown, content: Uint8Array): number {
    const number = Number(messageId);
    this.#counts.deliveries++;
    if (!(number < this.#drawn) || !isBodyOf(number, content)) {
      this.#counts.damaged++;
      return number;
    }
    if (this.#has(number, TAKEN)) this.#counts.duplicates++;
    this.#mark(number, SEEN);
    return number;
  }

  taken(number: number): void {
    this.#mark(number, TAKEN);
  }

  requeued(): void {
    this.#counts.requeued++;
  }

  rejected(): void {
    this.#counts.rejected++;
  }

  totals(): LedgerTotals {
    const totals = { confirmed: 0, unknown: 0, unknownSeen: 0, seen: 0, acked: 0, lost: 0, surprises: 0 };
    const lostMessages: LostMessage[] = [];
    for (let number = 0; number < this.#drawn; number++) {
      const has = (mark: number): boolean => this.#has(number, mark);
      if (has(CONFIRMED)) totals.confirmed++;
      if (has(UNKNOWN)) totals.unknown++;
      if (has(UNKNOWN) && has(SEEN)) totals.unknownSeen++;
      if (has(SEEN)) totals.seen++;
      if (has(TAKEN)) totals.acked++;
      if (has(REFUSED) && has(SEEN)) totals.surprises++;
      if (!has(CONFIRMED) || has(TAKEN)) continue;
      totals.lost++;
      lostMessages.push({
        number,
        queue: this.#names[this.#queues[number] ?? 0] ?? '',
        publishedAt: this.#times[number] ?? 0,
        wasSeen: has(SEEN),
      });
    }
    return { ...this.#counts, ...totals, lostMessages };
  }

  #mark(number: number, mark: number): void {
    this.#marks[number] = (this.#marks[number] ?? 0) | mark;
  }

  #has(number: number, mark: number): boolean {
    return ((this.#marks[number] ?? 0) & mark) !== 0;
  }
}
