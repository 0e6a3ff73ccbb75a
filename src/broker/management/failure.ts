import { AppError } from '../../common/errors.ts';
import { alertOf } from '../tls/failure.ts';

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the host does not answer',
  EPROTO: 'it does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** An error of the socket, of TLS or of Node's HTTP parser as `managementUnreachable` or `managementBadReply`. */
export function failureOf(error: NodeJS.ErrnoException, url: string): AppError {
  const code = error.code ?? '';
  // No cause here: the parser's error holds the bytes received, and who knows what they echo.
  if (code.startsWith('HPE_')) return new AppError('managementBadReply', { url, reason: 'it is not HTTP' });
  const reason =
    causes[code] ??
    (error.message.includes('SSL routines') ? `TLS failed: ${alertOf(error.message)}` : code || error.message);
  return new AppError('managementUnreachable', { url, reason }, { cause: error });
}

/** Why an API could not be had, as a short clause. */
export function reasonOf(error: AppError): string {
  const { detail } = error;
  switch (detail.code) {
    case 'timeout':
      return `no answer within ${detail.params.ms / 1000} s`;
    case 'managementNotFound':
      return 'it has no management API';
    case 'fileUnreadable':
      return `${detail.params.name} cannot be read: ${detail.params.reason}`;
    case 'tlsFileInvalid':
      return `${detail.params.file} cannot be used: ${detail.params.reason}`;
    case 'unexpected':
    case 'invalidUri':
    case 'managementUnreachable':
    case 'managementForbidden':
    case 'managementRejected':
    case 'managementBadReply':
      return detail.params.reason;
    default:
      return error.code;
  }
}
