/** Does one thing at a time, and of all that is wanted meanwhile only the last. */
export class LatestOnly<T> {
  readonly #run: (wanted: T) => Promise<void>;
  #wanted: { readonly value: T } | undefined;
  #isBusy = false;

  /** @param run never rejects */
  constructor(run: (wanted: T) => Promise<void>) {
    this.#run = run;
  }

  want(value: T): void {
    this.#wanted = { value };
    if (!this.#isBusy) void this.#goOn();
  }

  async #goOn(): Promise<void> {
    this.#isBusy = true;
    for (let wanted = this.#wanted; wanted; wanted = this.#wanted) {
      this.#wanted = undefined;
      await this.#run(wanted.value);
    }
    this.#isBusy = false;
  }
}
