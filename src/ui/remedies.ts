import type { AppError, ErrorCode } from '../common/errors.ts';
import type { Action } from './presentError.ts';

/** What may help, by the title of its button. */
export type Remedy =
  | 'Retry'
  | 'Edit Connection'
  | 'Enter Password…'
  | 'Enter Passphrase…'
  | 'Declare Queue…'
  | 'Add Queue by Name…'
  | 'Read by Offset…'
  | 'Publish Again'
  | 'Show Log';

/** What connecting asks for first when told so by its argument's `enter`: what is kept was refused, or is missing. */
export type EnteredSecret = 'password' | 'tlsPassphrase';

/**
 * What is offered with an error, the likeliest to help first. Where an error is told only those are offered that can be
 * done from there. The log helps where the sentence cannot say all.
 */
export function remediesFor(code: ErrorCode): readonly Remedy[] {
  switch (code) {
    case 'hostNotFound':
    case 'notAmqp':
    case 'closedInHandshake':
    case 'tlsNotSpoken':
    case 'tlsUntrusted':
    case 'tlsHostMismatch':
    case 'tlsHandshake':
    case 'tlsClientCertificateRequired':
    case 'tlsClientCertificateRefused':
    case 'tlsKeyMismatch':
    case 'tlsFileInvalid':
    case 'clientCertificateMissing':
    case 'certificateLoginRefused':
    case 'mechanismNotOffered':
    case 'vhostUnavailable':
    case 'vhostNotFound':
    case 'vhostForbidden':
    case 'managementForbidden':
    case 'managementNotFound':
    case 'managementBadReply':
      return ['Edit Connection', 'Retry'];
    case 'tlsPassphraseMissing':
    case 'tlsPassphraseWrong':
      return ['Enter Passphrase…', 'Edit Connection'];
    case 'passwordMissing':
    case 'badCredentials':
      return ['Enter Password…', 'Edit Connection'];
    case 'connectionRefused':
    case 'messageFileProblem':
    case 'fileUnreadable':
    case 'vhostRefused':
    case 'managementUnreachable':
      return ['Retry', 'Edit Connection'];
    case 'noHostReachable':
    case 'connectionLost':
    case 'timeout':
      return ['Retry', 'Edit Connection', 'Show Log'];
    case 'brokerClosed':
    case 'undecodableHeader':
    case 'channelClosed':
    case 'managementRejected':
      return ['Retry', 'Show Log'];
    case 'notConnected':
    case 'notAllowed':
    case 'queueLocked':
    case 'singleActiveConsumer':
    case 'exclusiveConsumer':
    case 'fileUnwritable':
    case 'consumerTimeout':
    case 'consumerCancelled':
    case 'homeNodeDown':
      return ['Retry'];
    case 'queueNotFound':
      return ['Declare Queue…', 'Add Queue by Name…'];
    case 'queueIsStream':
      return ['Read by Offset…'];
    case 'publishNacked':
    case 'replyLost':
      return ['Publish Again'];
    case 'preconditionFailed':
    case 'unexpected':
      return ['Show Log'];
    case 'invalidUri':
    case 'invalidInput':
    case 'noEditor':
    case 'notSavable':
    case 'savedLineInvalid':
    case 'nothingPublished':
    case 'cancelled':
    case 'batchRunning':
    case 'fileInUse':
    case 'abandoned':
    case 'tapQueueForbidden':
    case 'tapForbidden':
    case 'tapRefused':
    case 'exchangeNotFound':
    case 'noPermission':
    case 'inequivalentArg':
    case 'queueNotEmpty':
    case 'queueInUse':
    case 'notAStream':
    case 'messageTooLarge':
    case 'tooManyChannels':
    case 'notSupported':
      return [];
  }
}

/** What can be done here, by remedy. The log can be shown everywhere. */
export type Offers = Partial<Record<Exclude<Remedy, 'Show Log'>, () => unknown>>;

/** Those of the offers that may help with an error, as buttons. */
export function offered(error: AppError, offers: Offers): Action[] {
  return remediesFor(error.code).flatMap((title) => {
    const run = title === 'Show Log' ? undefined : offers[title];
    return run ? [{ title, run }] : [];
  });
}
