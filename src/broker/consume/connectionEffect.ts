import { AppError } from '../../common/errors.ts';
import { isOpen, type ConnectionState } from '../connection/state.ts';
import type { TailStatus } from './tailStatus.ts';

/** What a change of its connection means for a tail. */
export type ConnectionEffect =
  | { readonly kind: 'resume' }
  | { readonly kind: 'interrupt'; readonly error: AppError }
  | { readonly kind: 'end'; readonly error: AppError };

/** Undefined where nothing is to be done: whoever starts or stops the tail sees for themselves that its connection is gone. */
export function connectionEffect(
  { kind }: Pick<TailStatus, 'kind'>,
  state: ConnectionState,
): ConnectionEffect | undefined {
  if (kind === 'starting' || kind === 'stopping' || kind === 'ended') return undefined;
  if (state.kind === 'failed') return { kind: 'end', error: state.error };
  if (state.kind === 'closed') return { kind: 'end', error: new AppError('notConnected', {}) };
  if (kind === 'interrupted') return isOpen(state) ? { kind: 'resume' } : undefined;
  return state.kind === 'waiting' ? { kind: 'interrupt', error: state.error } : undefined;
}
