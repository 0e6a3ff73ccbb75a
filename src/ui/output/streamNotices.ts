import { isStreamTail } from '../../broker/consume/stream/isStreamTail.ts';
import type { PageRange, StreamEnds, StreamPlace } from '../../broker/consume/stream/streamPage.ts';
import type { StreamNotice } from '../../broker/consume/stream/streamNotice.ts';
import type { Tail } from '../../broker/consume/tail.ts';
import { counted, formatInteger } from '../../common/format.ts';

/** What to say of where a tail of a stream is. */
export function streamNoticeText(notice: StreamNotice): string {
  switch (notice.kind) {
    case 'following':
      return `Following ${notice.from === undefined ? '' : `from offset ${formatInteger(notice.from)} `}${hasText(notice.ends)}`;
    case 'page':
      return pageText(notice);
    case 'noPage':
      return noPageText(notice.why);
    case 'pausedAt':
      return `Paused${goesOnText(notice.next)}`;
    case 'resumedAt':
      return `Connected again${goesOnText(notice.next)}`;
    case 'removed':
      return removedText(notice.range);
    case 'waitsFor':
      return `Offset ${formatInteger(notice.offset)} is still to come: ${
        notice.last === undefined ? 'the stream is empty' : `the stream ends at ${formatInteger(notice.last)}`
      }. Waiting for it`;
  }
}

/** Where a tail is in its stream; undefined for any other tail, and before it has looked. */
export function placeOf(tail: Tail): string | undefined {
  return isStreamTail(tail) && tail.place ? placeText(tail.place, tail.ends) : undefined;
}

/** Where one is in a stream, in a few words: `offsets 1,000–1,099 of 0–48,211`. */
export function placeText(place: StreamPlace | undefined, ends: StreamEnds | undefined): string {
  if (!ends) return 'the stream is empty';
  const all = rangeText({ from: ends.first, to: ends.last });
  if (!place) return `offsets ${all}`;
  if (place.next > place.from) return `${offsetsText({ from: place.from, to: place.next - 1 })} of ${all}`;
  return `at offset ${formatInteger(place.next)} of ${all}`;
}

function pageText({ range, count, ends }: Extract<StreamNotice, { kind: 'page' }>): string {
  const offsets = range.to - range.from + 1;
  const edges = [range.from <= ends.first ? 'the beginning' : '', range.to >= ends.last ? 'the end so far' : ''];
  const parts = [
    `${capital(offsetsText(range))} of ${rangeText({ from: ends.first, to: ends.last })}`,
    // Some offsets are no messages; and a filter leaves out others.
    count === offsets ? '' : counted(count, 'message'),
    edges.filter((edge) => edge !== '').join(' and '),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function noPageText(why: Extract<StreamNotice, { kind: 'noPage' }>['why']): string {
  switch (why.kind) {
    case 'empty':
      return 'The stream is empty';
    case 'nothingBefore':
      return `This is the beginning: the stream has nothing before offset ${formatInteger(why.offset)}`;
    case 'nothingAfter':
      return `This is the end so far: the stream has nothing after offset ${formatInteger(why.offset)} yet`;
  }
}

function removedText(range: PageRange): string {
  const count = range.to - range.from + 1;
  return `Retention has removed ${offsetsText(range)}: ${counted(count, 'message')} can no longer be read`;
}

function hasText(ends: StreamEnds | undefined): string {
  return ends ? `of ${rangeText({ from: ends.first, to: ends.last })}` : '· the stream is empty';
}

function goesOnText(next: number | undefined): string {
  return next === undefined ? '' : `; goes on at offset ${formatInteger(next)}`;
}

function offsetsText(range: PageRange): string {
  return `${range.from === range.to ? 'offset' : 'offsets'} ${rangeText(range)}`;
}

function rangeText({ from, to }: PageRange): string {
  return from === to ? formatInteger(from) : `${formatInteger(from)}–${formatInteger(to)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
