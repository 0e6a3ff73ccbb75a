import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { Emitter, type Event } from '../../common/event.ts';
import type { TailNotice, TailStatus } from './tailStatus.ts';

/** Views are told of new messages at most this often, in milliseconds. */
const tickMs = 50;

/** What a tail tells its views: where it stands, that messages have come, and what must be known of them. */
export class TailSignals {
  readonly #clock: Clock;
  readonly #beforeTold: (() => void) | undefined;
  #status: TailStatus = { kind: 'starting' };
  #tick: Disposable | undefined;
  readonly #received = new Emitter<void>();
  readonly #statusChanged = new Emitter<TailStatus>();
  readonly #noticed = new Emitter<TailNotice>();
  readonly onDidReceive: Event<void> = this.#received.event;
  readonly onDidChangeStatus: Event<TailStatus> = this.#statusChanged.event;
  readonly onDidNotice: Event<TailNotice> = this.#noticed.event;

  /** @param beforeTold done each time before views are told of what has come meanwhile */
  constructor(clock: Clock, beforeTold?: () => void) {
    this.#clock = clock;
    this.#beforeTold = beforeTold;
  }

  get status(): TailStatus {
    return this.#status;
  }

  /** Nothing comes after `ended`. */
  setStatus(status: TailStatus): void {
    if (this.#status.kind === status.kind || this.#status.kind === 'ended') return;
    this.#status = status;
    this.#statusChanged.fire(status);
  }

  /** There are new messages: told soon, once for all that come until then. */
  receive(): void {
    this.#tick ??= this.#clock.setTimeout(() => this.flush(), tickMs);
  }

  /** Tells of new messages at once. */
  flush(): void {
    this.#tick?.dispose();
    this.#tick = undefined;
    this.#beforeTold?.();
    this.#received.fire();
  }

  notice(notice: TailNotice): void {
    this.#noticed.fire(notice);
  }
}
