import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import type { ConnectionState } from './state.ts';

const tickMs = 2_000;
/** A busy machine is late by less; milliseconds. */
const sleepMs = 10_000;

/**
 * Tells when the machine has slept: no timer runs then, and the wall clock goes on. Also when it was set forward, or the
 * process was stopped for long.
 */
export class WakeWatch implements Disposable {
  readonly #clock: Clock;
  readonly #onWake: () => void;
  #interval: Disposable | undefined;

  constructor(clock: Clock, onWake: () => void) {
    this.#clock = clock;
    this.#onWake = onWake;
  }

  /** Watches while there is a connection to come back to. */
  follow({ kind }: Pick<ConnectionState, 'kind'>): void {
    if (kind === 'closed' || kind === 'failed') this.dispose();
    else this.#interval ??= this.#start();
  }

  dispose(): void {
    this.#interval?.dispose();
    this.#interval = undefined;
  }

  #start(): Disposable {
    let last = this.#clock.now();
    return this.#clock.setInterval(() => {
      const now = this.#clock.now();
      const slept = now - last > tickMs + sleepMs;
      last = now;
      if (slept) this.#onWake();
    }, tickMs);
  }
}
