/** How fast a growing count grows, over about a second. */
export class Rate {
  #count = 0;
  #at: number | undefined;
  #rate = 0;

  /** The rate per second; `now` in milliseconds. Asked more often than each half second it stays as it was. */
  update(count: number, now: number): number {
    const elapsed = now - (this.#at ?? now);
    if (this.#at !== undefined && elapsed < 500) return this.#rate;
    this.#rate = elapsed === 0 ? 0 : Math.round(((count - this.#count) * 1000) / elapsed);
    this.#count = count;
    this.#at = now;
    return this.#rate;
  }
}
