import { AppError } from '../../common/errors.ts';
import type { Draft } from './draft.ts';
import type { PublishOutcome } from './outcome.ts';

/** A message that is sent and waits for its outcome. */
export interface Pending {
  readonly draft: Draft;
  returned: boolean;
  readonly settle: (outcome: PublishOutcome) => void;
}

export interface ConfirmWindowOptions {
  /** How many may be unconfirmed at once. */
  readonly size: number;
  /** Without any confirm for so long what is unconfirmed is `unknown`, in milliseconds. */
  readonly timeoutMs: number;
  /** A broker with an alarm confirms nothing, and that is no silence. */
  readonly isBlocked: () => boolean;
}

/** The messages of one publishing that are not confirmed yet: whether there is room for more, and how long to wait. */
export class ConfirmWindow {
  readonly #options: ConfirmWindowOptions;
  readonly #pending = new Set<Pending>();
  readonly #watch: NodeJS.Timeout;
  #socketIsFull = false;
  #isSilent = false;
  #lastProgress = performance.now();
  #wake = ignore;

  constructor(options: ConfirmWindowOptions) {
    this.#options = options;
    this.#watch = setInterval(() => this.#checkProgress(), options.timeoutMs / 10);
  }

  get isFull(): boolean {
    return this.#socketIsFull || this.#pending.size >= this.#options.size;
  }

  /** The broker confirms nothing any more, though nothing keeps it from that. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  add(pending: Pending): void {
    this.#pending.add(pending);
  }

  /** Returns false when it had its outcome before. */
  delete(pending: Pending): boolean {
    const wasPending = this.#pending.delete(pending);
    if (wasPending) this.#progress();
    return wasPending;
  }

  /** The socket takes no more until `drained`. */
  socketFull(): void {
    this.#socketIsFull = true;
  }

  drained(): void {
    this.#socketIsFull = false;
    this.#progress();
  }

  /** Waits no longer: the broker may or may not have what is unconfirmed. */
  giveUp(error: AppError): void {
    for (const pending of this.#pending) pending.settle({ kind: 'unknown', error });
    this.#wake();
  }

  /** Settles when a message has its outcome, the socket takes more, or nobody waits any longer. */
  changed(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Settles when every message has its outcome. */
  async close(): Promise<void> {
    while (this.#pending.size > 0) await this.changed();
    clearInterval(this.#watch);
  }

  #progress(): void {
    this.#lastProgress = performance.now();
    this.#wake();
  }

  #checkProgress(): void {
    const { timeoutMs, isBlocked } = this.#options;
    if (this.#pending.size === 0 || this.#socketIsFull || isBlocked()) this.#lastProgress = performance.now();
    if (performance.now() - this.#lastProgress < timeoutMs) return;
    this.#isSilent = true;
    this.giveUp(new AppError('timeout', { operation: 'confirm', ms: timeoutMs }));
  }
}

function ignore(): void {}
