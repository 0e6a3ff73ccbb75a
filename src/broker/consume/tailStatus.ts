import type { AppError } from '../../common/errors.ts';

/** Where a tail stands. */
export type TailStatus =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'paused' }
  /** The connection is gone and is being restored; `returned` held messages went back to the queue. */
  | { readonly kind: 'interrupted'; readonly error: AppError; readonly returned: number }
  /** Over; `returned` held messages went back to the queue. Without an error a person stopped it. */
  | { readonly kind: 'ended'; readonly error?: AppError; readonly returned: number };

/** Something that whoever reads along must know. */
export type TailNotice =
  | { readonly kind: 'resumed' }
  /**
   * The connection was cut, or the tail stopped, before the broker had answered for its last acknowledgements: those
   * messages may come again. After an orderly close (a restart, say) none does, and this is not said.
   */
  | { readonly kind: 'acksUnconfirmed'; readonly error: AppError }
  /** The next return of this message drops or dead-letters it: it came back as often as the queue's delivery limit. */
  | { readonly kind: 'lastReturn'; readonly number: number; readonly returns: number };
