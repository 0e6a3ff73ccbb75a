import type { AppError } from '../../common/errors.ts';

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
  | { readonly kind: 'returnsCount'; readonly number: number; readonly returns: number };
