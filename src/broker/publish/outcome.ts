import type { AppError } from '../../common/errors.ts';

/** What became of a published message. Only `routed` may be called published. */
export type PublishOutcome =
  /** The broker confirmed it, and at least one queue took it. */
  | { readonly kind: 'routed' }
  /** Confirmed, but no queue is bound for it: `mandatory` brought it back. */
  | { readonly kind: 'unroutable' }
  /** The broker took no responsibility for it: nacked (a full queue with reject-publish), or its channel closed over it. */
  | { readonly kind: 'refused'; readonly error: AppError }
  /** The connection ended, or the person stopped waiting, before the confirm: it may or may not be in a queue. */
  | { readonly kind: 'unknown'; readonly error: AppError };
