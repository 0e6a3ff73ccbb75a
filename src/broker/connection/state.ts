import type { AppError } from '../../common/errors.ts';
import type { HostPort } from '../profile.ts';

/** Who answered, as the broker told in connection.start. */
export interface ServerInfo {
  readonly product: string;
  readonly version: string;
  /** Not every broker has one. */
  readonly clusterName?: string | undefined;
  /** Which of the connection's hosts it is. */
  readonly at: HostPort;
  /** The hosts that were tried before it. */
  readonly passedOver: readonly HostFailure[];
}

/** A host that was tried, and why it was passed over. */
export interface HostFailure extends HostPort {
  readonly error: AppError;
}

/** Where a connection stands. Times are milliseconds since the Unix epoch. */
export type ConnectionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'open'; readonly server: ServerInfo }
  /** The broker takes no publishes until an alarm clears (connection.blocked). */
  | { readonly kind: 'blocked'; readonly server: ServerInfo; readonly reason: string }
  | { readonly kind: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly error: AppError }
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'closed' };

export type ConnectionEvent =
  | { readonly kind: 'connect' }
  | { readonly kind: 'opened'; readonly server: ServerInfo }
  /** An attempt failed or an open connection ended; `retryAt` is undefined where trying again is pointless. */
  | { readonly kind: 'broke'; readonly error: AppError; readonly retryAt: number | undefined }
  | { readonly kind: 'blocked'; readonly reason: string }
  | { readonly kind: 'unblocked' }
  | { readonly kind: 'close' };

/** The next state; an event that means nothing in this state returns the same object. */
export function reduceConnection(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  switch (event.kind) {
    case 'connect':
      if (isOpen(state) || state.kind === 'connecting') return state;
      return { kind: 'connecting', attempt: state.kind === 'waiting' ? state.attempt + 1 : 1 };
    case 'opened':
      return state.kind === 'connecting' ? { kind: 'open', server: event.server } : state;
    case 'broke':
      if (state.kind !== 'connecting' && !isOpen(state)) return state;
      if (event.retryAt === undefined) return { kind: 'failed', error: event.error };
      return {
        kind: 'waiting',
        attempt: state.kind === 'connecting' ? state.attempt : 0,
        retryAt: event.retryAt,
        error: event.error,
      };
    case 'blocked':
      return isOpen(state) ? { kind: 'blocked', server: state.server, reason: event.reason } : state;
    case 'unblocked':
      return state.kind === 'blocked' ? { kind: 'open', server: state.server } : state;
    case 'close':
      return state.kind === 'closed' || state.kind === 'idle' ? state : { kind: 'closed' };
  }
}

/** Whether channels can be opened: open, or open and blocked. */
export function isOpen(state: ConnectionState): state is Extract<ConnectionState, { kind: 'open' | 'blocked' }> {
  return state.kind === 'open' || state.kind === 'blocked';
}
