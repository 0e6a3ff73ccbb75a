import type { PublishOutcome } from '../publish/outcome.ts';

/** What became of a message of a batch: an outcome, or `unsent`. */
export type Fate = PublishOutcome['kind'] | 'unsent';

/** In the order of their codes. */
export const fates: readonly Fate[] = ['unsent', 'routed', 'unroutable', 'refused', 'unknown'];

/**
 * What became of each message of a batch, by its place in it, 0 being the first: a byte each, for there may be millions.
 */
export class Ledger {
  #codes = new Uint8Array(1_024);
  #length = 0;
  readonly #counts = fates.map(() => 0);

  /** How many messages have been taken note of: one past the last. */
  get length(): number {
    return this.#length;
  }

  fateOf(index: number): Fate {
    return fates[index < this.#length ? (this.#codes[index] ?? 0) : 0] ?? 'unsent';
  }

  /** How many messages came to this; those never taken note of are in no count. */
  count(fate: Fate): number {
    return this.#counts[fates.indexOf(fate)] ?? 0;
  }

  /** Takes note of messages from one place up to and including another; what was noted of them before is replaced. */
  note(fate: Fate, from: number, to = from): void {
    const code = fates.indexOf(fate);
    this.#grow(to + 1);
    for (let index = from; index <= to; index++) {
      if (index < this.#length) this.#add(this.#codes[index] ?? 0, -1);
      else for (; this.#length < index; this.#length++) this.#add(0, 1);
      if (index === this.#length) this.#length++;
      this.#codes[index] = code;
      this.#add(code, 1);
    }
  }

  #add(code: number, by: number): void {
    this.#counts[code] = (this.#counts[code] ?? 0) + by;
  }

  #grow(length: number): void {
    if (length <= this.#codes.length) return;
    const codes = new Uint8Array(Math.max(length, this.#codes.length * 2));
    codes.set(this.#codes);
    this.#codes = codes;
  }
}
