import {
  pageOf,
  type Page,
  type PageRange,
  type PageRequest,
  type StreamEnds,
  type StreamPlace,
} from './streamPage.ts';
import type { StreamStart } from './streamStart.ts';
import type { StreamNotice } from './streamNotice.ts';

/** What is to be read; it outlives a lost connection. */
export type StreamGoal =
  | { readonly kind: 'follow'; readonly start: StreamStart; readonly isResumed?: true }
  /** A page by its place, or from a time on. */
  | { readonly kind: 'page'; readonly page: PageRequest | StreamStart }
  /** What a lost connection has left of a page, of which so many messages have been read. */
  | { readonly kind: 'rest'; readonly range: PageRange; readonly next: number; readonly count: number };

/** How to get there, from what the stream has now. */
export type StreamPlan =
  | {
      readonly kind: 'read';
      readonly start: StreamStart;
      /** Undefined while only the broker knows, by a time. */
      readonly place: StreamPlace | undefined;
      /** The page to read; undefined when it goes on with what comes, or begins at a time. */
      readonly range: PageRange | undefined;
      readonly notices: readonly StreamNotice[];
    }
  | { readonly kind: 'nothing'; readonly why: Exclude<Page, { kind: 'range' }> };

/** From where to read, and how far. @param ends undefined for a stream that is empty @param size of a page, in messages */
export function planFor(
  goal: StreamGoal,
  place: StreamPlace | undefined,
  ends: StreamEnds | undefined,
  size: number,
): StreamPlan {
  switch (goal.kind) {
    case 'follow':
      return followPlan(goal, ends, size);
    case 'rest': {
      const next = Math.max(goal.next, ends?.first ?? 0);
      const notices = removedBefore(goal.next, ends);
      return { kind: 'read', start: at(next), place: { from: goal.range.from, next }, range: goal.range, notices };
    }
    case 'page':
      return pagePlan(goal.page, place, ends, size);
  }
}

function followPlan(
  { start, isResumed }: Extract<StreamGoal, { kind: 'follow' }>,
  ends: StreamEnds | undefined,
  size: number,
): StreamPlan {
  const asked = offsetAt(start, ends, size);
  const from = asked === undefined ? undefined : Math.max(asked, ends?.first ?? 0);
  const notices: StreamNotice[] = [];
  if (asked !== undefined) notices.push(...removedBefore(asked, ends));
  if (!isResumed) notices.push({ kind: 'following', from, ends });
  const end = (ends?.last ?? -1) + 1;
  if (from !== undefined && from > end) notices.push({ kind: 'waitsFor', offset: from, last: ends?.last });
  return {
    kind: 'read',
    start: from === undefined ? start : at(from),
    place: from === undefined ? undefined : { from, next: from },
    range: undefined,
    notices,
  };
}

function pagePlan(
  asked: PageRequest | StreamStart,
  place: StreamPlace | undefined,
  ends: StreamEnds | undefined,
  size: number,
): StreamPlan {
  const request = typeof asked === 'object' ? requestOf(asked) : asked;
  if (typeof request === 'object') {
    if (!ends) return { kind: 'nothing', why: { kind: 'empty' } };
    return { kind: 'read', start: request, place: undefined, range: undefined, notices: [] };
  }
  const page = pageOf(request, place, ends, size);
  if (page.kind !== 'range') return { kind: 'nothing', why: page };
  const wanted = request === 'next' ? place?.next : request;
  const { from, to } = page;
  return {
    kind: 'read',
    start: at(from),
    place: { from, next: from },
    range: { from, to },
    notices: typeof wanted === 'number' ? removedBefore(wanted, ends) : [],
  };
}

/** The page that a start is the beginning of; a time stays one. */
function requestOf(start: StreamStart): PageRequest | StreamStart {
  switch (start.kind) {
    case 'first':
    case 'last':
    case 'next':
      return start.kind;
    case 'offset':
      return start.offset;
    case 'time':
    case 'age':
      return start;
  }
}

/** Undefined for a time: the broker alone knows. */
function offsetAt(start: StreamStart, ends: StreamEnds | undefined, size: number): number | undefined {
  switch (start.kind) {
    case 'first':
      return ends?.first ?? 0;
    case 'last':
      // RabbitMQ's own starts at the last chunk, which may have one message or thousands.
      return ends ? Math.max(ends.first, ends.last - size + 1) : 0;
    case 'next':
      return ends ? ends.last + 1 : 0;
    case 'offset':
      return start.offset;
    case 'time':
    case 'age':
      return undefined;
  }
}

/** What retention has taken of what was to be read from here. */
function removedBefore(offset: number, ends: StreamEnds | undefined): StreamNotice[] {
  const first = ends?.first ?? 0;
  return offset < first ? [{ kind: 'removed', range: { from: offset, to: first - 1 } }] : [];
}

function at(offset: number): StreamStart {
  return { kind: 'offset', offset };
}
