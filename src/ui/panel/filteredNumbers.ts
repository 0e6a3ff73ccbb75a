import type { Matcher } from './matcher.ts';
import type { RowMessages } from './rowSource.ts';

/** So many messages are looked at together. */
const stride = 32;

/**
 * The numbers of the messages that a filter lets through. It looks at what comes, and back from there through what was
 * kept before: the newest are there at once. Place 0 is that of the first that came after it began.
 */
export class FilteredNumbers {
  readonly #buffer: RowMessages['buffer'];
  readonly #matcher: Matcher;
  /** Those that came since, oldest first, from place `#cut` on; before `#dropped` they have left the buffer. */
  #newer: number[] = [];
  #cut = 0;
  #dropped = 0;
  /** Those that were there before, newest first. */
  readonly #older: number[] = [];
  /** The next to look at in each direction. */
  #forward: number;
  #backward: number;
  #first: number;
  readonly #began: number;

  /** @param first the oldest number to look at */
  constructor(buffer: RowMessages['buffer'], matcher: Matcher, first: number) {
    this.#buffer = buffer;
    this.#matcher = matcher;
    this.#forward = buffer.lastNumber + 1;
    this.#backward = buffer.lastNumber;
    this.#began = buffer.lastNumber;
    this.#first = first;
  }

  get low(): number {
    return this.#older.length > 0 ? -this.#older.length : this.#dropped;
  }

  get high(): number {
    return this.#cut + this.#newer.length;
  }

  get progress(): number | undefined {
    const left = Math.max(0, this.#backward - this.#first + 1) + (this.#buffer.lastNumber + 1 - this.#forward);
    if (left === 0) return undefined;
    return 1 - left / Math.max(left, this.#buffer.lastNumber + 1 - Math.min(this.#first, this.#began + 1));
  }

  at(place: number): number | undefined {
    return place < 0 ? this.#older[-1 - place] : this.#newer[place - this.#cut];
  }

  /** Looks on, at what has come first. */
  goOn(isOver: () => boolean): void {
    this.#forward = Math.max(this.#forward, this.#first);
    while (this.#forward <= this.#buffer.lastNumber) {
      const to = Math.min(this.#forward + stride, this.#buffer.lastNumber + 1);
      this.#newer.push(...this.#through(range(this.#forward, to)));
      this.#forward = to;
      if (isOver()) return;
    }
    while (this.#backward >= this.#first) {
      const from = Math.max(this.#first, this.#backward + 1 - stride);
      this.#older.push(...this.#through(range(from, this.#backward + 1)).toReversed());
      this.#backward = from - 1;
      if (isOver()) return;
    }
  }

  /** Lets go of the numbers below `first`, and returns them, oldest first. */
  trim(first: number): number[] {
    this.#first = first;
    const left: number[] = [];
    for (let last = this.#older.at(-1); last !== undefined && last < first; last = this.#older.at(-1)) {
      left.push(last);
      this.#older.pop();
    }
    if (this.#older.length > 0) return left;
    while (this.#dropped < this.high && (this.at(this.#dropped) ?? first) < first) {
      left.push(this.at(this.#dropped) ?? 0);
      this.#dropped++;
    }
    // Amortised: the dead front is cut off only when it is half of the array.
    if ((this.#dropped - this.#cut) * 2 > this.#newer.length) {
      this.#newer = this.#newer.slice(this.#dropped - this.#cut);
      this.#cut = this.#dropped;
    }
    return left;
  }

  #through(numbers: readonly number[]): number[] {
    const messages = numbers.flatMap((number) => this.#buffer.get(number) ?? []);
    const matches = this.#matcher.matchEach(messages);
    return messages.flatMap(({ number }, index) => (matches[index] === true ? [number] : []));
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
