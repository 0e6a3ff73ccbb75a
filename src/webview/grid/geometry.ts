/** Every row is so high, in pixels. */
export const rowHeight = 22;
/** Browsers end elements at 17 to 33 million pixels; beyond this height a pixel of the scroll bar stands for more. */
const mostPixels = 8_000_000;

/** What a scroll position depends on: how many rows there are, and how many pixels of them are in view. */
export interface Extent {
  readonly count: number;
  readonly viewport: number;
}

/** How high the scrolled content is, in pixels. */
export function contentHeight({ count }: Extent): number {
  return Math.min(count * rowHeight, mostPixels);
}

/** The row at the upper edge, from 0, with a fraction where it is partly out of sight. */
export function firstRowAt(scrollTop: number, extent: Extent): number {
  return Math.max(0, scrollTop) * rowsPerPixel(extent);
}

/** The scroll position at which this row, with its fraction, is at the upper edge. */
export function scrollTopAt(row: number, extent: Extent): number {
  const most = Math.max(0, contentHeight(extent) - extent.viewport);
  return Math.min(most, Math.max(0, row / rowsPerPixel(extent)));
}

/** The scroll position nearest to this one at which a row is wholly in view. */
export function scrollTopToShow(row: number, scrollTop: number, extent: Extent): number {
  const first = firstRowAt(scrollTop, extent);
  const inView = Math.max(1, extent.viewport / rowHeight);
  if (row < first) return scrollTopAt(row, extent);
  return row + 1 > first + inView ? scrollTopAt(row + 1 - inView, extent) : scrollTop;
}

function rowsPerPixel(extent: Extent): number {
  const { count, viewport } = extent;
  if (count * rowHeight <= mostPixels) return 1 / rowHeight;
  return (count - viewport / rowHeight) / (mostPixels - viewport);
}
