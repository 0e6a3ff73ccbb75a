import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { Emitter, type Event } from '../../common/event.ts';
import type { TailNotice, TailStatus } from '../../broker/consume/tailStatus.ts';

/** Something that was said of a tail. */
export interface Notice {
  /** From 1. */
  readonly number: number;
  /** In milliseconds since the Unix epoch. */
  readonly time: number;
  readonly text: string;
  /** Something is or may be lost, missed, held or over: whoever looks elsewhere is to see it later. */
  readonly isWarning: boolean;
}

/** So many are kept; a flood of them is in the Output channel. */
export const mostNotices = 200;

/** What has been said of a tail so far, the last of it, and how much of that was read. */
export class Notices implements Disposable {
  readonly #clock: Clock;
  readonly #changed = new Emitter<void>();
  readonly onDidChange: Event<void> = this.#changed.event;
  /** Oldest first. */
  all: readonly Notice[] = [];
  /** The number of the last one that a person has seen in the list of them; 0 for none. */
  readUpTo = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns what is kept of it */
  add(text: string, isWarning: boolean): Notice {
    const number = (this.all.at(-1)?.number ?? 0) + 1;
    const notice = { number, time: this.#clock.now(), text, isWarning };
    this.all = [...this.all, notice].slice(-mostNotices);
    this.#changed.fire();
    return notice;
  }

  /** A person has seen those up to this one. */
  read(upTo: number): void {
    if (upTo <= this.readUpTo) return;
    this.readUpTo = upTo;
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** Whether a change of status is more than its words in passing. */
export function isGraveStatus(status: TailStatus): boolean {
  if (status.kind !== 'ended') return status.kind === 'interrupted';
  return status.error !== undefined || status.isUnconfirmed === true || (status.pastLimit ?? 0) > 0;
}

/** Whether a notice is of messages that are or may be lost, missed, or in somebody's way. */
export function isGraveNotice(notice: TailNotice): boolean {
  switch (notice.kind) {
    case 'acksUnconfirmed':
    case 'lastReturn':
    case 'returnsCount':
    case 'removed':
      return true;
    case 'peeked': {
      const { held, count, end } = notice.result;
      return held > 0 || typeof count === 'object' || end.kind === 'nearLimit';
    }
    case 'tap':
      return isGraveTapEvent(notice.event);
    default:
      return false;
  }
}

function isGraveTapEvent(event: Extract<TailNotice, { kind: 'tap' }>['event']): boolean {
  switch (event.kind) {
    case 'bound':
    case 'following':
      return false;
    case 'unbound':
      return event.hasAlternate;
    case 'firehose':
      return !event.isOn;
    default:
      return true;
  }
}
