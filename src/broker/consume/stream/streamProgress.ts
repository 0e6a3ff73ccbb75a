import type { PageRange, StreamEnds, StreamPlace } from './streamPage.ts';
import type { StreamGoal, StreamPlan } from './streamPlan.ts';
import type { StreamStart } from './streamStart.ts';
import type { StreamNotice } from './streamNotice.ts';

/** How far a stream has been read, and to where its page goes. */
export class StreamProgress {
  readonly #pageSize: number;
  #ends: StreamEnds | undefined;
  #place: StreamPlace | undefined;
  /** Undefined while it follows; its range is so before the first message after a time. */
  #page: { readonly range: PageRange | undefined; readonly count: number } | undefined;

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  /** The offsets the stream has, as far as has been seen; undefined when it is empty. */
  get ends(): StreamEnds | undefined {
    return this.#ends;
  }

  /** Undefined before it is known where a time is. */
  get place(): StreamPlace | undefined {
    return this.#place;
  }

  get isPage(): boolean {
    return this.#page !== undefined;
  }

  /** The last offset that is wanted. */
  get end(): number {
    return this.#page?.range?.to ?? Infinity;
  }

  /** Something else is to be read from here on. */
  leavePage(): void {
    this.#page = undefined;
  }

  look(ends: StreamEnds | undefined): void {
    this.#ends = ends;
  }

  begin(goal: StreamGoal, { place, range }: Extract<StreamPlan, { kind: 'read' }>): void {
    this.#place = place;
    this.#page = goal.kind === 'follow' ? undefined : { range, count: goal.kind === 'rest' ? goal.count : 0 };
  }

  /** Takes note of a message; false for one that has been read, or is not wanted: RabbitMQ 3.10 sends whole chunks. */
  take(offset: number): boolean {
    if (offset < (this.#place?.next ?? 0)) return false;
    if (this.#page) {
      const { range = this.#rangeFrom(offset), count } = this.#page;
      if (offset > range.to) return false;
      this.#page = { range, count: count + 1 };
    }
    this.#place = { from: this.#place?.from ?? offset, next: offset + 1 };
    if (!this.#ends || offset > this.#ends.last) this.#ends = { first: this.#ends?.first ?? offset, last: offset };
    return true;
  }

  /** Nothing was found: the next page begins with what comes. */
  stayAtEnd(): void {
    const next = (this.#ends?.last ?? -1) + 1;
    this.#place ??= { from: next, next };
  }

  /** The page is read, which may have fewer messages than offsets. */
  finishPage(): StreamNotice {
    const { range, count } = this.#page ?? { range: undefined, count: 0 };
    if (!this.#ends) return { kind: 'noPage', why: { kind: 'empty' } };
    if (!range) {
      this.stayAtEnd();
      return { kind: 'noPage', why: { kind: 'nothingAfter', offset: this.#ends.last } };
    }
    this.#place = { from: range.from, next: range.to + 1 };
    return { kind: 'page', range, count, ends: this.#ends };
  }

  whereToGoOn(otherwise: StreamStart): StreamStart {
    return this.#place ? { kind: 'offset', offset: this.#place.next } : otherwise;
  }

  /**
   * What is left of a goal when the connection is lost.
   * @param start where to start again if nothing was found yet
   */
  rest(goal: StreamGoal, start: StreamStart): StreamGoal {
    if (goal.kind === 'follow') return { kind: 'follow', start: this.whereToGoOn(start), isResumed: true };
    if (!this.#page?.range || !this.#place) return { ...goal };
    return { kind: 'rest', range: this.#page.range, next: this.#place.next, count: this.#page.count };
  }

  /** The page that a time is the beginning of. */
  #rangeFrom(offset: number): PageRange {
    return { from: offset, to: Math.min(offset + this.#pageSize - 1, this.#ends?.last ?? offset) };
  }
}
