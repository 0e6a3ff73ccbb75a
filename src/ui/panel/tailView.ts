import type { BodyReader } from '../../broker/decoding/bodyReader.ts';
import type { Tail } from '../../broker/consume/tail.ts';
import type { Message } from '../../broker/message/message.ts';
import type { Clock } from '../../common/clock.ts';
import { DisposableStore, type Disposable } from '../../common/disposable.ts';
import type { Intervals } from '../../protocol/intervals.ts';
import { includes } from '../../protocol/intervals.ts';
import {
  keptRows,
  mostRows,
  type Replies,
  type RequestArgs,
  type Row,
  type RowState,
  type ViewPush,
} from '../../protocol/messages.ts';
import { errorText } from '../errorText.ts';
import { Rate } from '../output/rate.ts';
import { placeOf } from '../output/streamNotices.ts';
import type { Matcher } from './matcher.ts';
import { goneRow, rowOf } from './row.ts';
import { RowSource } from './rowSource.ts';
import { rowState } from './rowState.ts';

/** Pushes come at most so often, in milliseconds. */
const pushMs = 50;
/** While nothing comes, the rate is looked at again after so long. */
const rateMs = 1_000;
/** Filtering works for so long at a time, and lets others work as long between, in milliseconds. */
const sliceMs = 8;

/** Where a new view of a tail begins: clearing and filtering begin a new one over the same tail. */
export interface ViewStart {
  readonly clearedBelow: number;
  readonly filter: string;
  readonly matcher: Matcher | undefined;
}

interface TailViewParts {
  readonly tail: Tail;
  readonly bodies: BodyReader;
  readonly clock: Clock;
  /** Takes what is pushed; whoever does calls `seen` when the webview has drawn it. */
  readonly push: (view: ViewPush) => void;
}

/**
 * One tail as the webview sees it. It makes the rows that are asked for, and pushes how the tail stands: once in a while,
 * and not before the last push was seen, so that a flood can pile up nowhere.
 */
export class TailView implements Disposable {
  /** Shared by all views, so that no answer can be taken for one of another view. */
  static #lastEpoch = 0;
  static #lastSeq = 0;
  readonly #tail: Tail;
  readonly #bodies: BodyReader;
  readonly #clock: Clock;
  readonly #push: (view: ViewPush) => void;
  readonly #store = new DisposableStore();
  readonly #rate = new Rate();
  #start: ViewStart = { clearedBelow: 1, filter: '', matcher: undefined };
  #source: RowSource;
  #epoch = ++TailView.#lastEpoch;
  #seq = 0;
  #isUnseen = false;
  /** There is something to push. */
  #isDue = false;
  /** The places of which the webview has rows, and how many of them are in view. */
  #window = { from: 0, to: 0, size: 1, follow: true };
  /** Rows before this place were given or pushed. */
  #sentTo = 0;
  #changed = new Set<number>();
  /** After a step: the next held message after this one is to be selected. */
  #stepped: number | undefined;
  #selection: Intervals = [];
  #pushTimer: Disposable | undefined;
  #pushedAt = Number.NEGATIVE_INFINITY;
  #sliceTimer: Disposable | undefined;
  #rateTimer: Disposable | undefined;

  constructor({ tail, bodies, clock, push }: TailViewParts) {
    this.#tail = tail;
    this.#bodies = bodies;
    this.#clock = clock;
    this.#push = push;
    this.#source = this.#newSource();
    const note = (numbers: readonly number[]): void => this.#statesChanged(numbers);
    this.#store.add(tail.onDidReceive(() => this.#filterOn()));
    this.#store.add(tail.onDidSettle(note));
    this.#store.add(bodies.onDidChange(() => this.#begin(this.#start)));
    this.#store.add(tail.onDidChangeStatus(() => this.#pushSoon()));
    if (tail.holding) this.#store.add(tail.holding.onDidConfirm(note));
    this.#pushSoon();
  }

  dispose(): void {
    this.#store.dispose();
    for (const timer of [this.#pushTimer, this.#sliceTimer, this.#rateTimer]) timer?.dispose();
  }

  get filter(): string {
    return this.#start.filter;
  }

  /** Shows only what matches. */
  setFilter(filter: string, matcher: Matcher | undefined): void {
    this.#begin({ ...this.#start, filter, matcher });
  }

  /** Takes out of sight what has come so far, but for what is held. The tail's messages stay. */
  clear(): void {
    this.#begin({ ...this.#start, clearedBelow: this.#tail.buffer.lastNumber + 1 });
  }

  /** The webview has drawn a push. */
  seen(seq: number): void {
    if (seq !== this.#seq) return;
    this.#isUnseen = false;
    if (this.#isDue) this.#pushSoon();
  }

  /** The webview has come up once more, and knows nothing. */
  restart(): void {
    this.#isUnseen = false;
    this.#begin(this.#start);
  }

  rows({ epoch, from, to, follow }: RequestArgs<'rows'>): Replies['rows'] {
    if (epoch !== this.#epoch) return undefined;
    this.#source.trim();
    const first = Math.max(from, this.#source.low);
    const end = Math.min(to, this.#source.high, first + mostRows);
    this.#window = { from: first, to: end, size: Math.min(keptRows, Math.max(1, end - first)), follow };
    this.#sentTo = end;
    if (follow && end < this.#source.high) this.#pushSoon();
    return { epoch, from: first, rows: this.#rowsFrom(first, end) };
  }

  placeOf(number: number): number | undefined {
    return this.#source.placeOf(number);
  }

  /** Selects messages, and says how many of them are rows, and of these how many are held. */
  select(intervals: Intervals): { count: number; held: number } {
    this.#selection = intervals;
    return { count: this.#source.count(intervals), held: this.selectedHeld().length };
  }

  /** The numbers of the selected messages, or of others, that the filter lets through, oldest first. */
  selected(intervals: Intervals = this.#selection): number[] {
    return [...this.#source.among(intervals)];
  }

  /** Those of them that can be settled. */
  selectedHeld(): number[] {
    return this.#heldRows().filter((number) => includes(this.#selection, number));
  }

  /** The message that a step settles: the one given if it is held, else the oldest held one. */
  toStep(number: number | undefined): number | undefined {
    const held = this.#heldRows();
    return number !== undefined && held.includes(number) ? number : held[0];
  }

  /** A message was settled by a step: the next held one is selected as soon as there is one. */
  stepped(number: number): void {
    this.#stepped = number;
    this.#pushSoon();
  }

  #heldRows(): number[] {
    const held = this.#tail.heldNumbers();
    return this.#start.matcher ? held.filter((number) => this.#source.placeOf(number) !== undefined) : held;
  }

  #begin(start: ViewStart): void {
    this.#start = start;
    this.#epoch = ++TailView.#lastEpoch;
    this.#window = { ...this.#window, from: 0, to: 0, follow: true };
    this.#sentTo = Number.NEGATIVE_INFINITY;
    this.#changed.clear();
    this.#source = this.#newSource();
    this.#filterOn();
  }

  #newSource(): RowSource {
    const { matcher, clearedBelow } = this.#start;
    return new RowSource(this.#tail, matcher, clearedBelow, this.#tail.heldNumbers());
  }

  #statesChanged(numbers: readonly number[]): void {
    for (const number of numbers) this.#changed.add(number);
    this.#pushSoon();
  }

  /** Filters what has come, for a moment; the rest after a pause, for the extension host has other things to do. */
  #filterOn(): void {
    this.#pushSoon();
    if (this.#sliceTimer) return;
    this.#source.trim();
    const until = this.#clock.now() + sliceMs;
    this.#source.filterOn(() => this.#clock.now() >= until);
    if (this.#source.progress === undefined) return;
    this.#sliceTimer = this.#clock.setTimeout(() => {
      this.#sliceTimer = undefined;
      this.#filterOn();
    }, sliceMs);
  }

  #pushSoon(): void {
    this.#isDue = true;
    if (this.#isUnseen || this.#pushTimer) return;
    // No longer, also when the clock was set back.
    const wait = Math.min(pushMs, Math.max(0, this.#pushedAt + pushMs - this.#clock.now()));
    this.#pushTimer = this.#clock.setTimeout(() => {
      this.#pushTimer = undefined;
      this.#pushNow();
    }, wait);
  }

  #pushNow(): void {
    this.#isDue = false;
    this.#isUnseen = true;
    this.#seq = ++TailView.#lastSeq;
    this.#pushedAt = this.#clock.now();
    this.#source.trim();
    const { low, high, aside, kept, progress } = this.#source;
    const { mode, status, heldCount, buffer } = this.#tail;
    const rate = this.#rate.update(buffer.lastNumber, this.#clock.now());
    const changed = this.#changedInView();
    this.#push({
      kind: 'view',
      seq: this.#seq,
      epoch: this.#epoch,
      low,
      high,
      aside,
      kept,
      received: buffer.lastNumber,
      filter: this.#start.filter,
      filterProblem: this.#start.matcher?.problem,
      progress,
      mode,
      status: status.kind,
      reason: 'error' in status && status.error ? errorText(status.error) : '',
      place: placeOf(this.#tail),
      held: heldCount,
      rate,
      rows: this.#newestRows(),
      changed,
      select: this.#toSelect(),
    });
    this.#rateTimer?.dispose();
    this.#rateTimer = rate > 0 ? this.#clock.setTimeout(() => this.#pushSoon(), rateMs) : undefined;
  }

  #changedInView(): [number, RowState][] {
    const changed: [number, RowState][] = [];
    for (let place = this.#window.from; this.#changed.size > 0 && place < this.#window.to; place++) {
      const number = this.#source.at(place);
      if (number !== undefined && this.#changed.has(number)) changed.push([number, rowState(this.#tail, number)]);
    }
    this.#changed = new Set();
    return changed;
  }

  /** As many as are in view, if the end is followed, without those that the webview has. */
  #newestRows(): ViewPush['rows'] {
    const { size, follow } = this.#window;
    const { low, high } = this.#source;
    if (!follow) return undefined;
    const first = Math.max(low, high - size, this.#sentTo);
    if (first >= high) return undefined;
    this.#window = { from: Math.max(low, high - keptRows), to: high, size, follow };
    this.#sentTo = high;
    return { from: first, rows: this.#rowsFrom(first, high) };
  }

  #toSelect(): number | undefined {
    const after = this.#stepped;
    if (after === undefined) return undefined;
    const held = this.#heldRows();
    const next = held.find((number) => number > after) ?? held[0];
    if (next !== undefined) this.#stepped = undefined;
    return next;
  }

  #rowsFrom(from: number, to: number): Row[] {
    const rows: Row[] = [];
    const { buffer, mode } = this.#tail;
    for (let place = from; place < to; place++) {
      const number = this.#source.at(place);
      if (number === undefined) break;
      const state = rowState(this.#tail, number);
      const make = (message: Message): Row => rowOf(message, state, this.#bodies, mode === 'stream');
      rows.push(buffer.read(number, make) ?? goneRow(number, state));
    }
    return rows;
  }
}
