import type { AppError, ErrorCode } from '../../../common/errors.ts';

/** What a management API answers that is down, restarts or is behind a proxy, and a connection that is about to come back. */
const passing: readonly ErrorCode[] = [
  'managementUnreachable',
  'managementForbidden',
  'managementNotFound',
  'managementRejected',
  'managementBadReply',
  'timeout',
  'cancelled',
  'notConnected',
  'connectionLost',
];

/** Whether it may be otherwise at the next try, so that a tap goes on. */
export function mayPass({ code }: AppError): boolean {
  return passing.includes(code);
}
