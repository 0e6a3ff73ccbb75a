import type { Page, PageRange, StreamEnds } from './streamPage.ts';

/** Where a tail of a stream is, and what it could not read; offsets, both included. */
export type StreamNotice =
  /** Goes on with what comes; `from` is undefined while only the broker knows, by a time. */
  | { readonly kind: 'following'; readonly from: number | undefined; readonly ends: StreamEnds | undefined }
  /** A page has been read: so many messages. */
  | { readonly kind: 'page'; readonly range: PageRange; readonly count: number; readonly ends: StreamEnds }
  /** There is no such page. */
  | { readonly kind: 'noPage'; readonly why: Exclude<Page, { kind: 'range' }> }
  /** By a person, who can go on here. */
  | { readonly kind: 'pausedAt'; readonly next: number | undefined }
  /** Connected again; nothing comes twice. */
  | { readonly kind: 'resumedAt'; readonly next: number | undefined }
  /** Retention has removed these, which were to be read next. */
  | { readonly kind: 'removed'; readonly range: PageRange }
  /** It waits until the stream comes so far. */
  | { readonly kind: 'waitsFor'; readonly offset: number; readonly last: number | undefined };
