import type { Clock } from '../../common/clock.ts';

/** How much may be caught up after a delay, in milliseconds: a machine that hung must not make a burst. */
const mostLagMs = 100;

/** Lets messages go one by one, at most so many a second, and none while it is paused. */
export class Pacer {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #nextAt = 0;
  #isPaused = false;
  #wake: (() => void) | undefined;

  /** @param perSecond no limit where it is left out */
  constructor(clock: Clock, perSecond?: number) {
    this.#clock = clock;
    this.#intervalMs = perSecond === undefined ? 0 : 1_000 / perSecond;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#wake?.();
  }

  /** Settles when the next message may go. */
  async turn(): Promise<void> {
    while (this.#isPaused) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#intervalMs === 0) return;
    const now = this.#clock.now();
    // A clock that is set back must not stop it for as long.
    this.#nextAt = Math.min(Math.max(this.#nextAt, now - mostLagMs), now + mostLagMs) + this.#intervalMs;
    const wait = this.#nextAt - now;
    if (wait > 1) await new Promise<void>((resolve) => void this.#clock.setTimeout(resolve, wait));
  }
}
