import type { Row } from '../../protocol/messages.ts';

/** A column of the table. */
export interface Column {
  readonly id: Exclude<keyof Row, 'isGone'>;
  readonly title: string;
  /** In pixels, unless a person has changed it. */
  readonly width: number;
  readonly align?: 'end';
}

export const columns: readonly Column[] = [
  { id: 'number', title: '#', width: 60, align: 'end' },
  // What became of a message is to be seen however narrow the table is.
  { id: 'state', title: 'State', width: 100 },
  { id: 'time', title: 'Time', width: 110 },
  { id: 'exchange', title: 'Exchange', width: 90 },
  { id: 'key', title: 'Routing key', width: 120 },
  { id: 'type', title: 'Type', width: 120 },
  { id: 'size', title: 'Size', width: 70, align: 'end' },
  { id: 'flags', title: 'Flags', width: 100 },
  { id: 'preview', title: 'Preview', width: 240 },
];

export const leastWidth = 40;
export const mostWidth = 1_200;

/** How a person has laid out the panel; what is missing is as it comes. */
export interface Layout {
  readonly widths: Readonly<Partial<Record<Column['id'], number>>>;
  readonly hidden: readonly Column['id'][];
  /** The share of the panel that the detail takes, 0.15 to 0.85. */
  readonly split: number;
}

export const plainLayout: Layout = { widths: {}, hidden: [], split: 0.36 };

/** What was remembered, if it is a layout; it may be of another version of Warren. */
export function parseLayout(text: string): Layout {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof Layout, unknown>>;
    return {
      widths: Object.fromEntries(columns.flatMap(({ id }) => widthOf(value.widths, id))),
      hidden: columns.map(({ id }) => id).filter((id) => Array.isArray(value.hidden) && value.hidden.includes(id)),
      split: typeof value.split === 'number' ? boundedSplit(value.split) : plainLayout.split,
    };
  } catch {
    return plainLayout;
  }
}

function widthOf(widths: unknown, id: Column['id']): [Column['id'], number][] {
  const width: unknown =
    typeof widths === 'object' && widths !== null ? (widths as Record<string, unknown>)[id] : undefined;
  return typeof width === 'number' ? [[id, boundedWidth(width)]] : [];
}

export function boundedWidth(width: number): number {
  return Math.round(Math.min(mostWidth, Math.max(leastWidth, Number.isFinite(width) ? width : leastWidth)));
}

export function boundedSplit(split: number): number {
  return Math.min(0.85, Math.max(0.15, Number.isFinite(split) ? split : plainLayout.split));
}

/** The ways to read a queue in which something becomes of its messages. */
const settling: readonly (string | undefined)[] = ['hold', 'peek'];

/** The columns that are shown of a tail: those that can say something and are not hidden; one always is. */
export function shownColumns({ hidden }: Layout, mode: string | undefined): readonly Column[] {
  const shown = columns.filter(({ id }) => !hidden.includes(id) && (id !== 'state' || settling.includes(mode)));
  return shown.length > 0 ? shown : columns.slice(0, 1);
}

export function widthOfColumn(layout: Layout, { id, width }: Column): number {
  return layout.widths[id] ?? width;
}

/** For `grid-template-columns`; the last column takes what is left. */
export function columnTracks(layout: Layout, shown: readonly Column[]): string {
  const widths = shown.map((column) => `${widthOfColumn(layout, column)}px`);
  const last = widths.pop() ?? '0';
  return [...widths, `minmax(${last}, 1fr)`].join(' ');
}
