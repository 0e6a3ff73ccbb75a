import { usesTls } from '../../broker/profile.ts';
import type { ErrorCode } from '../../common/errors.ts';
import type { FormStepId } from './formSteps.ts';
import type { FormValues } from './values.ts';

/** Where the form opens after a failed attempt, and with which questions. */
export interface Reopening {
  readonly startAt: FormStepId;
  readonly values: FormValues;
}

/** The question whose answer is the likeliest to be wrong. */
export function reopenAfter(code: ErrorCode, values: FormValues): Reopening {
  const certificates = tlsStepAfter(code);
  // Without TLS its questions are not asked.
  if (certificates && usesTls(values)) {
    return { startAt: certificates, values: { ...values, asksCertificates: true } };
  }
  if (code === 'mechanismNotOffered') return { startAt: 'authentication', values: { ...values, asksAll: true } };
  return { startAt: stepAfter(code), values };
}

function tlsStepAfter(code: ErrorCode): FormStepId | undefined {
  switch (code) {
    case 'tlsUntrusted':
    case 'tlsFileInvalid':
    case 'fileUnreadable':
      return 'caFiles';
    case 'tlsHostMismatch':
      return 'serverName';
    case 'tlsClientCertificateRequired':
    case 'tlsClientCertificateRefused':
    case 'tlsKeyMismatch':
    case 'clientCertificateMissing':
    case 'certificateLoginRefused':
      return 'clientCertificate';
    case 'tlsPassphraseMissing':
    case 'tlsPassphraseWrong':
      return 'tlsPassphrase';
    default:
      return undefined;
  }
}

function stepAfter(code: ErrorCode): FormStepId {
  switch (code) {
    case 'connectionRefused':
    case 'notAmqp':
      return 'port';
    case 'closedInHandshake':
    case 'tlsNotSpoken':
    case 'tlsHandshake':
    case 'clientCertificateMissing':
      return 'tls';
    case 'badCredentials':
    case 'passwordMissing':
      return 'password';
    case 'vhostUnavailable':
    case 'vhostNotFound':
    case 'vhostForbidden':
    case 'vhostRefused':
      return 'vhost';
    default:
      return 'host';
  }
}
