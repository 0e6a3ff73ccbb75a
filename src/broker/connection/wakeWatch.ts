import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';

const tickMs = 2_000;
/** A busy machine is late by less; milliseconds. */
const sleepMs = 10_000;

/**
 * Tells when the machine has slept: no timer runs then, and the wall clock goes on. Also when it was set forward, or the
 * process was stopped for long.
 */
export class WakeWatch implements Disposable {
  readonly #interval: Disposable;

  constructor(clock: Clock, onWake: () => void) {
    let last = clock.now();
    this.#interval = clock.setInterval(() => {
      const now = clock.now();
      const slept = now - last > tickMs + sleepMs;
      last = now;
      if (slept) onWake();
    }, tickMs);
  }

  dispose(): void {
    this.#interval.dispose();
  }
}
