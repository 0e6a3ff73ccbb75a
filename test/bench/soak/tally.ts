/** How often each thing happened, and in a file, where one is wanted, when. */
export class Tally {
  readonly #log: ((line: string) => void) | undefined;
  readonly #counts = new Map<string, number>();

  constructor(log?: (line: string) => void) {
    this.#log = log;
  }

  /** @param detail for the log alone */
  add(what: string, detail = ''): void {
    this.note(`${what} ${detail}`);
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  /** For the log alone. */
  note(text: string): void {
    this.#log?.(text);
  }

  /** `a 3, b 1`, the most frequent first. */
  toString(): string {
    const counts = [...this.#counts].toSorted(([, a], [, b]) => b - a);
    return counts.length === 0 ? 'none' : counts.map(([what, count]) => `${what} ${count}`).join(', ');
  }
}
