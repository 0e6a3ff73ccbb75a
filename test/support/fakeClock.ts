import type { Clock } from '../../src/common/clock.ts';
import type { Disposable } from '../../src/common/disposable.ts';

interface Timer {
  readonly fn: () => void;
  /** On the clock of the timers, which stands still while the machine sleeps. */
  due: number;
  readonly everyMs: number | undefined;
}

/** Time that goes on only when it is told to. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  #running = 0;
  readonly #timers = new Set<Timer>();

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(fn: () => void, ms: number): Disposable {
    return this.#add(fn, ms, undefined);
  }

  setInterval(fn: () => void, ms: number): Disposable {
    return this.#add(fn, ms, ms);
  }

  /** Time passes, and what is due happens in order. */
  pass(ms: number): void {
    const end = this.#running + ms;
    for (;;) {
      const next = [...this.#timers].filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.#advance(next.due - this.#running);
      if (next.everyMs === undefined) this.#timers.delete(next);
      else next.due += next.everyMs;
      next.fn();
    }
    this.#advance(end - this.#running);
  }

  /** The machine sleeps: the wall clock goes on, no timer does. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  #advance(ms: number): void {
    this.#running += ms;
    this.#now += ms;
  }

  #add(fn: () => void, ms: number, everyMs: number | undefined): Disposable {
    const timer = { fn, due: this.#running + ms, everyMs };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }
}
