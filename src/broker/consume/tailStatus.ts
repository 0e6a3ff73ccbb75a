import type { AppError } from '../../common/errors.ts';
import type { StreamNotice } from './stream/streamNotice.ts';
import type { TapEvent } from './tap/tapEvent.ts';

/** Where a tail stands. */
export type TailStatus =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'paused' }
  /** The connection is gone and is being restored; `returned` held messages went back to the queue. */
  | { readonly kind: 'interrupted'; readonly error: AppError; readonly returned: number }
  /** The broker is being told to end delivery and to take back what is held. */
  | { readonly kind: 'stopping' }
  | TailEnd;

/** A tail that is over; without an error a person stopped it. */
export interface TailEnd {
  readonly kind: 'ended';
  readonly error?: AppError;
  /** How many messages were held then, those included that nobody had seen: they went back to the queue. */
  readonly returned: number;
  /** The broker did not answer: it may hold them until the connection ends. */
  readonly isUnconfirmed?: true;
  /** So many of them had come back as often as the delivery limit allows: the queue dropped or dead-lettered them. */
  readonly pastLimit?: number;
  /** A notice has said what became of them. */
  readonly isTold?: true;
}

/** Something that whoever reads along must know. */
export type TailNotice =
  /**
   * The channel ended so soon after the last acknowledgements that the broker may not have read them: those messages may
   * come again. Not said where it ended in order, or long after them.
   */
  | { readonly kind: 'acksUnconfirmed' }
  /** The next return of this message drops or dead-letters it: it came back as often as the queue's delivery limit. */
  | { readonly kind: 'lastReturn'; readonly number: number; readonly returns: number }
  /** The queue counts returns, and its limit is not known; said once, at the first message that carries a count. */
  | { readonly kind: 'returnsCount'; readonly number: number; readonly returns: number }
  /** What a look at the first messages came to. */
  | { readonly kind: 'peeked'; readonly result: PeekResult }
  | { readonly kind: 'tap'; readonly event: TapEvent }
  | StreamNotice;

/** Why a look went no further. */
export type PeekEnd =
  | { readonly kind: 'all' }
  /** No message was ready any more. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'stopped' }
  /** They were not to be held any longer, in milliseconds. */
  | { readonly kind: 'time'; readonly ms: number }
  /** What a tail may keep is full. */
  | { readonly kind: 'bytes'; readonly bytes: number }
  /** This message came back nearly as often as the delivery limit allows. */
  | { readonly kind: 'nearLimit'; readonly number: number; readonly returns: number; readonly limit: number }
  /** This one's next return would lose it, or might where the limit is not known: it is held until a person settles it. */
  | { readonly kind: 'kept'; readonly number: number; readonly returns: number; readonly limit: number | undefined };

/** What a look at a queue came to. */
export interface PeekResult {
  readonly looked: number;
  /** Messages that were ready before. */
  readonly of: number;
  readonly end: PeekEnd;
  /** How many are still held. */
  readonly held: number;
  /**
   * Whether the queue has as many messages as before: `less` where nobody else consumes from it; `untold` where others may
   * have taken some, or it could not be counted.
   */
  readonly count: 'same' | 'untold' | { readonly less: number };
  /** Whether each look counts as a return. */
  readonly counts: 'no' | 'yes' | 'perhaps';
  /** The last one looked at had come back before, and the queue puts them behind others that had too. */
  readonly mayBeBehindReturned: boolean;
}
