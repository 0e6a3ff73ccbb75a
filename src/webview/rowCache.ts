import { keptRows, type Row, type ViewPush } from '../protocol/messages.ts';

/** Rows asked for beyond those in view, on each side, while the end is followed. */
export const overscan = 30;
/** The same for whoever scrolls, who is to meet rows that are there already: asked for when no more than `least` are left. */
const overscanOfScroll = 100;
const least = 40;

/** The rows that the webview knows, by place: those in view and some around them. */
export class RowCache {
  #rows = new Map<number, Row>();

  get(place: number): Row | undefined {
    return this.#rows.get(place);
  }

  /** What to ask for when these places come into view; undefined while enough of the rows are there. */
  missing(
    from: number,
    to: number,
    { low, high }: Pick<ViewPush, 'low' | 'high'>,
    isFollowing: boolean,
  ): { from: number; to: number } | undefined {
    const first = Math.max(low, from);
    const end = Math.min(high, to);
    // Whoever follows the end is told what comes, and looks at nothing else.
    const [ahead, more] = isFollowing ? [0, overscan] : [least, overscanOfScroll];
    if (this.has(Math.max(low, first - ahead), Math.min(high, end + ahead))) return undefined;
    return { from: first - more, to: end + more };
  }

  has(from: number, to: number): boolean {
    for (let place = from; place < to; place++) if (!this.#rows.has(place)) return false;
    return true;
  }

  placeOf(number: number): number | undefined {
    for (const [place, row] of this.#rows) if (row.number === number) return place;
    return undefined;
  }

  clear(): void {
    this.#rows = new Map();
  }

  /** These are the rows now, and no others: of others no change is told. */
  replace(from: number, rows: readonly Row[]): void {
    this.#rows = new Map(rows.map((row, index) => [from + index, row]));
  }

  /** How the tail stands now. @param before how it stood as of the last push */
  follow(view: ViewPush, before: ViewPush | undefined): void {
    if (view.epoch !== before?.epoch) this.clear();
    const hasMoved = view.low !== before?.low && (view.aside > 0 || (before?.aside ?? 0) > 0);
    const from = hasMoved ? view.low + view.aside : view.low;
    const states = new Map(view.changed);
    for (const [place, row] of this.#rows) {
      const state = states.get(row.number);
      if (place < from || place >= view.high) this.#rows.delete(place);
      else if (state !== undefined) this.#rows.set(place, { ...row, state });
    }
    const pushed = view.rows;
    if (!pushed) return;
    pushed.rows.forEach((row, index) => this.#rows.set(pushed.from + index, row));
    for (const place of this.#rows.keys()) if (place < view.high - keptRows) this.#rows.delete(place);
  }
}
