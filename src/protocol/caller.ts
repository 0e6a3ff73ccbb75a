import type { Clock } from '../common/clock.ts';
import type { Disposable } from '../common/disposable.ts';
import type { Replies, Reply, RequestArgs, RequestName } from './messages.ts';

/** So long an answer may take, in milliseconds. */
export const answerMs = 10_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: Disposable;
}

/** The side that asks: every request ends with its reply, the other side's error, a time-out, or `dispose`. */
export class Caller implements Disposable {
  readonly #post: (message: object) => void;
  readonly #clock: Clock;
  readonly #about: () => string | undefined;
  readonly #waiting = new Map<number, Waiting>();
  /** No other caller's ids: a reply to the script that was here before, which comes late, must not be taken for ours. */
  #last: number;
  #isDisposed = false;

  /** @param about the tail that is shown */
  constructor(post: (message: object) => void, clock: Clock, about: () => string | undefined) {
    this.#post = post;
    this.#clock = clock;
    this.#about = about;
    this.#last = Math.floor(Math.random() * 2 ** 52);
  }

  /** @throws Error what the other side says, that it did not answer, or that nobody does any more */
  ask<N extends RequestName>(name: N, args: RequestArgs<N>): Promise<Replies[N]> {
    if (this.#isDisposed) return Promise.reject(new Error('The panel is closed.'));
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error('Warren did not answer in time.'));
      }, answerMs);
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject, timer });
      this.#post({ kind: 'request', id, name, args, about: this.#about() });
    });
  }

  /** A reply has come; one that nobody waits for any more is nothing to anybody. */
  settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    this.#waiting.delete(reply.id);
    waiting.timer.dispose();
    if ('error' in reply) waiting.reject(new Error(reply.error));
    else waiting.resolve(reply.result);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const { reject, timer } of this.#waiting.values()) {
      timer.dispose();
      reject(new Error('The panel is closed.'));
    }
    this.#waiting.clear();
  }
}
