import type { Message } from '../../broker/message/message.ts';
import type { Intervals } from '../../protocol/intervals.ts';
import { FilteredNumbers } from './filteredNumbers.ts';
import type { Matcher } from './matcher.ts';

/** Where messages are read from: a tail and its buffer. */
export interface RowMessages {
  readonly buffer: {
    readonly firstNumber: number;
    readonly lastNumber: number;
    get(number: number): Message | undefined;
  };
  readonly heldCount: number;
  stateOf(number: number): string | undefined;
}

/**
 * Which messages are rows, and in which place: those that are kept and that the filter lets through, oldest first. Only
 * numbers are kept; a row is made when it is about to be seen.
 *
 * A place stays that of its message, but for those that are kept only because they are held: these stand before the others,
 * and move up when more leave the buffer.
 */
export class RowSource {
  readonly #messages: RowMessages;
  readonly #filtered: FilteredNumbers | undefined;
  /** Held messages that have left the buffer or were cleared from sight, oldest first. */
  #aside: number[] = [];
  /** Numbers below it were cleared from sight. */
  readonly #clearedBelow: number;
  /** The first number that is not aside, as of the last trim. */
  #first: number;

  /** @param clearedBelow messages before this number are shown only while they are held */
  constructor(messages: RowMessages, matcher: Matcher | undefined, clearedBelow: number, held: readonly number[]) {
    this.#messages = messages;
    this.#clearedBelow = clearedBelow;
    this.#first = this.#firstNumber();
    this.#filtered = matcher && new FilteredNumbers(messages.buffer, matcher, this.#first);
    this.#aside = held.filter((number) => number < this.#first && this.#isThrough(number, matcher));
  }

  get low(): number {
    return (this.#filtered?.low ?? this.#first) - this.#aside.length;
  }

  /** One past the last place. */
  get high(): number {
    return this.#filtered?.high ?? this.#messages.buffer.lastNumber + 1;
  }

  /** How many of the first rows are there only because they are held. */
  get aside(): number {
    return this.#aside.length;
  }

  /** How many messages there are, let through or not. */
  get kept(): number {
    return this.#messages.buffer.lastNumber + 1 - this.#first + this.#aside.length;
  }

  /** How much the filter has gone through, 0 to 1; undefined when it has nothing left to do. */
  get progress(): number | undefined {
    return this.#filtered?.progress;
  }

  /** The number of the message in a place. */
  at(place: number): number | undefined {
    if (place < this.low || place >= this.high) return undefined;
    const { low } = this;
    const aside = this.#aside[place - low];
    if (aside !== undefined) return aside;
    return this.#filtered ? this.#filtered.at(place) : place;
  }

  /** The place of a message; undefined when it has none. */
  placeOf(number: number): number | undefined {
    const place = this.#placeFrom(number);
    return this.at(place) === number ? place : undefined;
  }

  /** Those of some numbers that are rows, oldest first. */
  *among(intervals: Intervals): Generator<number> {
    for (const [from, to] of intervals) {
      for (let place = this.#placeFrom(from); ; place++) {
        const number = this.at(place);
        if (number === undefined || number > to) break;
        yield number;
      }
    }
  }

  /** How many of some numbers are rows. */
  count(intervals: Intervals): number {
    return intervals.reduce((sum, [from, to]) => sum + this.#placeFrom(to + 1) - this.#placeFrom(from), 0);
  }

  /** Takes note of what has left the buffer. */
  trim(): void {
    const first = this.#firstNumber();
    if (first === this.#first) return;
    const { buffer, heldCount } = this.#messages;
    // What was settled since has nothing left to be shown.
    this.#aside = this.#aside.filter((number) => buffer.get(number) !== undefined);
    const left = this.#filtered ? this.#filtered.trim(first) : heldCount > 0 ? numbers(this.#first, first) : [];
    for (const number of left) if (this.#isHeld(number)) this.#aside.push(number);
    this.#first = first;
  }

  /**
   * Goes on filtering, the newest first.
   * @param isOver asked now and then whether that is enough for now
   */
  filterOn(isOver: () => boolean): void {
    this.#filtered?.goOn(isOver);
  }

  #isThrough(number: number, matcher: Matcher | undefined): boolean {
    const message = this.#messages.buffer.get(number);
    return message !== undefined && (matcher?.matchEach([message])[0] ?? true);
  }

  #isHeld(number: number): boolean {
    return this.#messages.stateOf(number) === 'held';
  }

  #firstNumber(): number {
    return Math.max(this.#messages.buffer.firstNumber, this.#clearedBelow);
  }

  /** The place of the first row with this number or a later one. */
  #placeFrom(number: number): number {
    let from = this.low;
    let to = this.high;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if ((this.at(middle) ?? Infinity) < number) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

function* numbers(from: number, to: number): Generator<number> {
  for (let number = from; number < to; number++) yield number;
}
