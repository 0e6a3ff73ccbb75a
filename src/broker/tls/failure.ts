import { AppError } from '../../common/errors.ts';
import { hasClientCertificate, type ConnectionTarget } from '../profile.ts';

/** Alerts about the certificate that we sent. Source: RFC 8446, section 6.2. */
const aboutOurCertificate =
  /alert.(unknown.ca|bad.certificate|unsupported.certificate|certificate.(revoked|expired|unknown)|access.denied)/i;

/**
 * What went wrong with TLS in a failed attempt to connect; undefined when it was something else. The texts are those of
 * OpenSSL, and in the desktop editor those of BoringSSL, which writes them in capitals.
 */
export function tlsFailure(cause: Error, target: ConnectionTarget): AppError | undefined {
  const { host, port, tlsOptions = {} } = target;
  const code = 'code' in cause ? String(cause.code) : '';
  const text = `${code} ${cause.message}`;
  if (/wrong.version.number|packet.length.too.long/i.test(text)) {
    return new AppError('tlsNotSpoken', { host, port }, { cause });
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    // Without Node's own introduction.
    const reason = 'reason' in cause ? String(cause.reason) : cause.message;
    return new AppError('tlsHostMismatch', { host: tlsOptions.serverName ?? host, reason }, { cause });
  }
  if (!/SSL routines/.test(text)) {
    const isCertificate = /CERT|SELF_SIGNED|ISSUER|SIGNATURE|^CRL_|INVALID_(CA|PURPOSE)/.test(code);
    return isCertificate ? new AppError('tlsUntrusted', { host, reason: cause.message }, { cause }) : undefined;
  }
  const reason = alertOf(cause.message);
  if (aboutOurCertificate.test(text)) return new AppError('tlsClientCertificateRefused', { host, reason }, { cause });
  // Up to TLS 1.2 there is no alert of its own for a missing certificate.
  if (/certificate.required/i.test(text) || (!hasClientCertificate(target) && /alert.handshake.failure/i.test(text))) {
    return new AppError('tlsClientCertificateRequired', { host, reason }, { cause });
  }
  return new AppError('tlsHandshake', { host, reason }, { cause });
}

/** `handshake failure` out of `…:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:…`. */
export function alertOf(message: string): string {
  const words = /SSL routines:[^:]*:([^:\n]+)/.exec(message)?.[1] ?? message;
  return words
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/^(sslv3|tlsv\d+) alert /, '');
}
