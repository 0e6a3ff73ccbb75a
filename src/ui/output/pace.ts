/**
 * Measured: up to 5,000 lines a second the Output panel keeps up, 0.14 s behind and at 60 frames a second; past that its
 * lag grows. So lines are saved up at that rate, for at most 0.2 s.
 */
const linesPerSecond = 5_000;
const mostLines = linesPerSecond / 5;
/** In a flood nobody reads along, and every line costs the consumer time: a look at the newest is all it gets. */
const floodLines = 40;
/** And that not often, in milliseconds: each time the editor works for some 50 ms, of which the consumer feels a part. */
const floodMs = 400;
/** While some are skipped, but it is no flood. */
const skippingMs = 120;
/** More messages than this in one go, while already skipping, are a flood. */
const floodMessages = 1_000;
const mostCharacters = 256_000;

/** How much may be written to one output channel at a time. Times in milliseconds. */
export class Pace {
  #saved = mostLines;
  #at = 0;
  #skipped = false;

  /** What may be written now, with so many messages waiting. */
  room(now: number, waiting: number): { lines: number; characters: number } {
    const elapsed = Math.max(0, now - this.#at);
    this.#saved = Math.min(mostLines, this.#saved + (elapsed * linesPerSecond) / 1000);
    this.#at = now;
    const isFlood = this.#isFlood(waiting);
    return { lines: Math.max(1, Math.floor(isFlood ? floodLines : this.#saved)), characters: mostCharacters };
  }

  /** Whether it is time to write again, with so many messages waiting, while more come. */
  isDue(now: number, waiting: number): boolean {
    // Also when the clock was set back.
    return now < this.#at || now - this.#at >= (this.#isFlood(waiting) ? floodMs : skippingMs);
  }

  /** Takes note of what was written. */
  wrote(lines: number, skipped: number): void {
    this.#saved -= lines;
    this.#skipped = skipped > 0;
  }

  #isFlood(waiting: number): boolean {
    return this.#skipped && waiting > floodMessages;
  }
}
