import { Emitter } from '../common/event.ts';
import type { Intervals } from '../protocol/intervals.ts';
import { includes } from '../protocol/intervals.ts';
import type { MessageDetail } from '../protocol/detail.ts';
import type { Button, FromHost, RequestArgs, Row, SettlementName, TailsPush, ViewPush } from '../protocol/messages.ts';
import { FilterText } from './filterText.ts';
import { parseLayout, plainLayout, type Layout } from './grid/columns.ts';
import type { Host } from './hostApi.ts';
import { LatestOnly } from './latestOnly.ts';
import { NoticeList } from './notices/noticeList.ts';
import type { Place } from './place.ts';
import { overscan, RowCache } from './rowCache.ts';
import { afterFilter, noSelection, select, selectAll, type SelectHow, type Selection } from './selection.ts';

/** What the panel shows, and what is done in it. Views read it, and draw again when it changes. */
export class PanelModel {
  readonly #host: Host;
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly rows = new RowCache();
  tails: TailsPush | undefined;
  view: ViewPush | undefined;
  layout: Layout = plainLayout;
  selection: Selection = noSelection;
  counts = { count: 0, held: 0 };
  /** Whether the end stays in view as messages come. */
  isFollowing = true;
  readonly filter: FilterText;
  readonly notices = new NoticeList(
    (upTo) => void this.#try(this.#host.ask('readNotices', { upTo })),
    () => this.#changed.fire(),
  );
  /** What could not be done, until something else is done. */
  problem: string | undefined;
  detail: MessageDetail | undefined;
  /** The detail of the focused message is to be seen. */
  isDetailOpen = false;
  /** Whoever opened the detail by a key wants to go on there. */
  toFocusDetail = false;
  /** How many rows there is room for, with a fraction. */
  rowsInView = 0;
  /** The uppermost of them, from 0. */
  firstInView = 0;
  /** A place that the table is to scroll to. */
  toShow: number | undefined;
  /** The row that is to have the focus as soon as it is known. */
  #toFocus: { readonly place: number; readonly how: SelectHow } | undefined;
  #focusPlaceBefore: number | undefined;
  /** What was in view meanwhile is asked for next, and not all that was passed by. */
  readonly #wanted = new LatestOnly((range: { readonly from: number; readonly to: number }) => this.#askRows(range));
  /** Where the panel was left, until it is there again. */
  #left: Place | undefined;

  constructor(host: Host, left: Place | undefined) {
    this.#host = host;
    this.#left = left;
    this.filter = new FilterText(
      async (text) => (await this.#try(host.ask('filter', { text })))?.error,
      () => this.#changed.fire(),
    );
  }

  received(message: Exclude<FromHost, { kind: 'reply' }>): void {
    if (message.kind === 'tails') this.#tailsChanged(message);
    else if (message.kind === 'notices') this.notices.received(message);
    else this.#viewChanged(message);
    this.#changed.fire();
  }

  /** The number of rows. */
  get count(): number {
    return this.view ? this.view.high - this.view.low : 0;
  }

  rowAt(place: number): Row | undefined {
    return this.rows.get(place);
  }

  isSelected(number: number): boolean {
    return includes(this.selection.intervals, number);
  }

  isOnlySelected(number: number): boolean {
    const [first, ...others] = this.selection.intervals;
    return others.length === 0 && first?.[0] === number && first[1] === number;
  }

  /** Where the focus is; undefined when that is not known. */
  get focusPlace(): number | undefined {
    const { focus } = this.selection;
    return focus === undefined ? undefined : (this.rows.placeOf(focus) ?? this.#focusPlaceBefore);
  }

  /** The places in view, which are to be shown. */
  want(from: number, to: number): void {
    const missing = this.view && this.rows.missing(from, to, this.view, this.isFollowing);
    if (missing) this.#wanted.want(missing);
  }

  setFollowing(isFollowing: boolean): void {
    if (isFollowing === this.isFollowing) return;
    this.isFollowing = isFollowing;
    // The host has to know whether what comes is to be pushed.
    const { low, high } = this.view ?? { low: 0, high: 0 };
    const to = isFollowing ? high : low + this.firstInView + this.rowsInView + overscan;
    if (this.view) this.#wanted.want({ from: Math.floor(to - this.rowsInView) - 2 * overscan, to: Math.ceil(to) });
    this.#changed.fire();
  }

  /** Selects the row in a place, when it is known, and brings it into view. */
  moveTo(place: number, how: SelectHow): void {
    const { view } = this;
    if (!view || this.count === 0) return;
    const target = Math.min(view.high - 1, Math.max(view.low, place));
    this.#show(target);
    const row = this.rows.get(target);
    if (row) this.selectNumber(row.number, how);
    else this.#toFocus = { place: target, how };
    this.#changed.fire();
  }

  selectNumber(number: number, how: SelectHow): void {
    this.#toFocus = undefined;
    this.#setSelection(select(this.selection, number, how));
  }

  selectAll(): void {
    if (this.view) this.#setSelection(selectAll(this.selection, this.view.received));
  }

  clearSelection(): void {
    this.#setSelection(noSelection);
  }

  openDetail(isOpen: boolean): void {
    this.isDetailOpen = isOpen;
    if (isOpen) void this.#loadDetail();
    // The table gets smaller.
    const place = this.focusPlace;
    if (isOpen && place !== undefined) this.#show(place);
    this.#changed.fire();
  }

  /** Lays the panel out while an edge is dragged. */
  setLayout(layout: Layout): void {
    this.layout = layout;
    this.#changed.fire();
  }

  /** Lays the panel out, this time and the next. */
  keepLayout(layout: Layout): void {
    this.setLayout(layout);
    void this.#try(this.#host.ask('remember', { layout: JSON.stringify(layout) }));
  }

  /** Where a person is, to come back to. */
  get place(): Place | undefined {
    const tail = this.tails?.current;
    const { isDetailOpen, isFollowing } = this;
    return tail === undefined ? undefined : { tail, focus: this.selection.focus, isDetailOpen, isFollowing };
  }

  chooseTail(tail: string): void {
    void this.#try(this.#host.ask('chooseTail', { tail }));
  }

  settle(settlement: SettlementName): void {
    void this.#try(this.#host.ask('settle', { settlement }));
  }

  step(): void {
    const { focus } = this.selection;
    void this.#try(this.#host.ask('step', focus === undefined ? { number: undefined } : { number: focus }));
  }

  press(button: Button): void {
    void this.#try(this.#host.ask('press', { button }));
  }

  openMessage(number: number): void {
    void this.#try(this.#host.ask('open', { number }));
  }

  /** @returns whether it is in the clipboard */
  async copy(args: RequestArgs<'copy'>): Promise<boolean> {
    await this.#try(this.#host.ask('copy', args));
    return this.problem === undefined;
  }

  get ask(): Host['ask'] {
    return this.#host.ask;
  }

  #tailsChanged(push: TailsPush): void {
    if (push.current !== this.tails?.current) {
      this.view = undefined;
      this.rows.clear();
      this.#forgetSelection(noSelection);
      this.isFollowing = true;
      this.filter.forget();
      this.notices.forget();
      this.detail = undefined;
    }
    if (this.tails === undefined) this.layout = parseLayout(push.layout);
    this.tails = push;
    if (this.#left?.tail !== push.current) this.#left = undefined;
    else if (this.#left) ({ isDetailOpen: this.isDetailOpen, isFollowing: this.isFollowing } = this.#left);
  }

  #viewChanged(view: ViewPush): void {
    const before = this.view;
    if (before && view.epoch !== before.epoch) this.#forgetSelection(afterFilter(this.selection));
    this.view = view;
    this.rows.follow(view, before);
    const { detail } = this;
    const change = detail && view.changed.find(([number]) => number === detail.number);
    if (change) this.detail = { ...detail, state: change[1] };
    if (change || view.changed.some(([number]) => this.isSelected(number))) void this.#countSelection();
    const toSelect = view.select ?? this.#left?.focus;
    this.#left = undefined;
    if (toSelect !== undefined) void this.#reveal(toSelect);
    this.#host.post({ kind: 'seen', seq: view.seq });
  }

  /** Selects a message wherever it is. */
  async #reveal(number: number): Promise<void> {
    this.selectNumber(number, 'only');
    const found = await this.#try(this.#host.ask('find', { number }));
    if (found?.place === undefined) return;
    this.#show(found.place);
    this.#changed.fire();
  }

  /** Whoever looks at a row that is not the last does not want it to move away. */
  #show(place: number): void {
    if (this.count > this.rowsInView && place !== (this.view?.high ?? 0) - 1) this.setFollowing(false);
    this.toShow = place;
  }

  #forgetSelection(selection: Selection): void {
    this.#toFocus = undefined;
    this.#focusPlaceBefore = undefined;
    this.#setSelection(selection);
  }

  #setSelection(selection: Selection): void {
    const hadFocus = this.selection.focus;
    this.selection = selection;
    this.#focusPlaceBefore = selection.focus === undefined ? undefined : this.rows.placeOf(selection.focus);
    void this.#countSelection();
    if (this.isDetailOpen && selection.focus !== hadFocus) void this.#loadDetail();
    this.#changed.fire();
  }

  async #countSelection(): Promise<void> {
    const intervals: Intervals = this.selection.intervals;
    const counts = await this.#try(this.#host.ask('select', { intervals: intervals.map(([a, b]) => [a, b] as const) }));
    if (!counts || intervals !== this.selection.intervals) return;
    this.counts = counts;
    this.#changed.fire();
  }

  async #loadDetail(): Promise<void> {
    const number = this.selection.focus;
    const detail = number === undefined ? undefined : await this.#try(this.#host.ask('detail', { number }));
    if (number !== this.selection.focus) return;
    this.detail = detail;
    this.#changed.fire();
  }

  async #askRows(range: { readonly from: number; readonly to: number }): Promise<void> {
    const epoch = this.view?.epoch;
    if (epoch === undefined) return;
    const reply = await this.#try(this.#host.ask('rows', { epoch, ...range, follow: this.isFollowing }));
    if (!reply || reply.epoch !== this.view?.epoch) return;
    this.rows.replace(reply.from, reply.rows);
    this.#focusWhenKnown();
    this.#changed.fire();
  }

  #focusWhenKnown(): void {
    const row = this.#toFocus && this.rows.get(this.#toFocus.place);
    if (row && this.#toFocus) this.selectNumber(row.number, this.#toFocus.how);
  }

  /** What cannot be done is said, unless another tail is shown since. */
  async #try<T>(asked: Promise<T>): Promise<T | undefined> {
    const about = this.tails?.current;
    try {
      const result = await asked;
      this.problem = undefined;
      return result;
    } catch (error) {
      if (about !== this.tails?.current) return undefined;
      this.problem = error instanceof Error ? error.message : String(error);
      this.#changed.fire();
      return undefined;
    }
  }
}
