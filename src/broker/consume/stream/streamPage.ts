/** The offsets of the oldest and the newest message that a stream has; undefined when it has none. */
export interface StreamEnds {
  readonly first: number;
  readonly last: number;
}

/** What has been read in one go: the offsets from `from` up to `next`, which is read next and not included. */
export interface StreamPlace {
  readonly from: number;
  readonly next: number;
}

/** Which page: one of these, or the one that begins at an offset. */
export type PageRequest = 'first' | 'previous' | 'next' | 'last' | number;

/** Offsets of a page, both included. */
export interface PageRange {
  readonly from: number;
  readonly to: number;
}

/** A page, or why there is none: the stream has nothing at all, or nothing before or after this offset. */
export type Page =
  | ({ readonly kind: 'range' } & PageRange)
  | { readonly kind: 'empty' }
  | { readonly kind: 'nothingBefore' | 'nothingAfter'; readonly offset: number };

/**
 * The page that is asked for, cut to what there is. Streams are read forwards only: a page back is a seek.
 * @param place where one is; undefined before anything was read
 * @param size offsets to a page, at least 1
 */
export function pageOf(
  request: PageRequest,
  place: StreamPlace | undefined,
  ends: StreamEnds | undefined,
  size: number,
): Page {
  if (!ends) return { kind: 'empty' };
  const { first, last } = ends;
  switch (request) {
    case 'first':
      return range(first, size, ends);
    case 'last':
      return range(last - size + 1, size, ends);
    case 'previous': {
      const from = place?.from ?? last + 1;
      if (from <= first) return { kind: 'nothingBefore', offset: first };
      // What was before it may have been removed meanwhile in part.
      return range(from - size, Math.min(size, from - first), ends);
    }
    case 'next':
      return startingAt(place?.next ?? last + 1, size, ends);
    default:
      return startingAt(request, size, ends);
  }
}

function startingAt(offset: number, size: number, ends: StreamEnds): Page {
  return offset > ends.last ? { kind: 'nothingAfter', offset: ends.last } : range(offset, size, ends);
}

function range(offset: number, size: number, { first, last }: StreamEnds): Page {
  const start = Math.max(first, offset);
  return { kind: 'range', from: start, to: Math.min(start + size - 1, last) };
}
