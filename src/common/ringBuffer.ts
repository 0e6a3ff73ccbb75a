/** A FIFO that keeps the newest entries within a count and a sum of weights (bytes, say). The newest always stays. */
export class RingBuffer<T> {
  #items: T[] = [];
  #head = 0;
  #weight = 0;
  readonly #limits: { readonly count: number; readonly weight: number };
  readonly #weigh: (item: T) => number;

  constructor(limits: { readonly count: number; readonly weight: number }, weigh: (item: T) => number) {
    this.#limits = limits;
    this.#weigh = weigh;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  /** The sum of the weights of what is kept. */
  get weight(): number {
    return this.#weight;
  }

  /** Appends, then drops from the front what is over the limits; each dropped entry is handed to `onDrop`. */
  push(item: T, onDrop?: (item: T) => void): void {
    this.#items.push(item);
    this.#weight += this.#weigh(item);
    while (this.size > 1 && (this.size > this.#limits.count || this.#weight > this.#limits.weight)) {
      const oldest = this.#items[this.#head] as T;
      this.#weight -= this.#weigh(oldest);
      this.#items[this.#head] = undefined as T;
      this.#head++;
      onDrop?.(oldest);
    }
    // Amortised: the dead front is cut off only when it is half of the array.
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Lets go of everything. */
  clear(): void {
    this.#items = [];
    this.#head = 0;
    this.#weight = 0;
  }

  /** The i-th kept entry, 0 being the oldest. */
  at(index: number): T | undefined {
    return index < 0 ? undefined : this.#items[this.#head + index];
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = this.#head; i < this.#items.length; i++) yield this.#items[i] as T;
  }
}
