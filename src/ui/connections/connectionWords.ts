import type { ConnectionState } from '../../broker/connection/state.ts';
import { isUnverified, type ConnectionTarget } from '../../broker/profile.ts';

/** Where a connection stands, in words that follow its name; nothing for the state that needs none. */
export function stateWords(state: ConnectionState): string {
  switch (state.kind) {
    case 'idle':
      return 'not connected';
    case 'connecting':
      return state.attempt > 1 ? `connecting, attempt ${state.attempt}…` : 'connecting…';
    case 'open':
      return '';
    case 'blocked':
      return `publishing blocked, ${state.reason}`;
    case 'waiting':
      return nextAttempt(state);
    case 'failed':
      return 'failed';
    case 'closed':
      return 'disconnected';
  }
}

/**
 * Whether a state says nothing beside the one before it: a connection is several to the broker, and a cut ends them one after the
 * other, each to be tried again from the first attempt on.
 */
export function isOfSameCut(state: ConnectionState, before: ConnectionState | undefined): boolean {
  if (state.kind !== 'waiting' || before?.kind !== 'waiting') return false;
  return state.attempt === before.attempt && state.error.code === before.error.code;
}

/** Which attempt comes next, and when. */
export function nextAttempt({ attempt, retryAt }: { readonly attempt: number; readonly retryAt: number }): string {
  return `attempt ${attempt + 1} at ${new Date(retryAt).toTimeString().slice(0, 8)}`;
}

/** How a connection is encrypted, as rows of name and value; none where it is not, or in the usual way. */
export function tlsFacts(profile: ConnectionTarget): [string, string][] {
  const { caFiles = [], certFile, pfxFile, serverName } = profile.tlsOptions ?? {};
  const own = certFile ?? pfxFile;
  return [
    ...(isUnverified(profile) ? [['Certificate', `not verified: ${danger}`] as [string, string]] : []),
    ...(caFiles.length > 0 ? [['Also trusts', caFiles.join(', ')] as [string, string]] : []),
    ...(own === undefined ? [] : [['Client certificate', own] as [string, string]]),
    ...(serverName === undefined ? [] : [['Server name', serverName] as [string, string]]),
  ];
}

/** What it means that nobody looks at the broker's certificate. */
export const danger = 'whoever answers gets the password and all messages';

/** The codicon of a state, and the theme colour that says what it means. */
export function stateIcon(kind: ConnectionState['kind']): { readonly id: string; readonly color?: string } {
  switch (kind) {
    case 'open':
      return { id: 'pass-filled', color: 'testing.iconPassed' };
    case 'blocked':
      return { id: 'warning', color: 'list.warningForeground' };
    case 'connecting':
      return { id: 'loading~spin' };
    case 'waiting':
      return { id: 'sync', color: 'list.warningForeground' };
    case 'failed':
      return { id: 'error', color: 'list.errorForeground' };
    case 'idle':
    case 'closed':
      return { id: 'circle-outline' };
  }
}
