/** Who types goes on typing within this time, in milliseconds. */
const typingMs = 150;

/** What stands in the filter box: it may not be applied yet, or be no filter. */
export class FilterText {
  readonly #apply: (text: string) => Promise<string | undefined>;
  readonly #changed: () => void;
  #typed: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Why it is no filter. */
  error: string | undefined;

  /** @param apply says why a text is no filter */
  constructor(apply: (text: string) => Promise<string | undefined>, changed: () => void) {
    this.#apply = apply;
    this.#changed = changed;
  }

  /** @param applied the filter that the host applies */
  shown(applied: string | undefined): string {
    return this.#typed ?? applied ?? '';
  }

  /** Shows what is typed at once, and applies it when the typing rests. */
  type(text: string): void {
    this.#typed = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.set(text), typingMs);
    this.#changed();
  }

  /** Applies it at once. */
  async set(text: string): Promise<void> {
    clearTimeout(this.#timer);
    this.#typed = text;
    this.#changed();
    const error = await this.#apply(text);
    if (this.#typed !== text) return;
    this.error = error;
    this.#changed();
  }

  /** Another tail has a filter of its own. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#typed = undefined;
    this.error = undefined;
  }
}
