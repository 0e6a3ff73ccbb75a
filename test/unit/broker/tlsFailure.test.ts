import assert from 'node:assert/strict';
import { connectFailure, isFatal } from '../../../src/broker/errors.ts';
import type { ConnectionTarget } from '../../../src/broker/profile.ts';
import type { ErrorCode } from '../../../src/common/errors.ts';

const target: ConnectionTarget = { host: 'mq.test', port: 5671, tls: true, vhost: '/', username: 'ann' };

const opensslOf = (alert: string): string =>
  `806C671ED67F0000:error:0A00045C:SSL routines:ssl3_read_bytes:${alert}:../deps/openssl/ssl/rec_layer_s3.c:1601:SSL alert number 116\n`;
const boringOf = (alert: string): string =>
  `8413:error:1000045c:SSL routines:OPENSSL_internal:${alert}:../../third_party/boringssl/src/ssl/tls_record.cc:592:SSL alert number 116`;
function failure(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('a failed TLS handshake', () => {
  const rows: [alert: string, hasOwn: boolean, code: ErrorCode, reason: string][] = [
    ['tlsv13 alert certificate required', false, 'tlsClientCertificateRequired', 'certificate required'],
    ['sslv3 alert handshake failure', false, 'tlsClientCertificateRequired', 'handshake failure'],
    ['sslv3 alert handshake failure', true, 'tlsHandshake', 'handshake failure'],
    ['tlsv1 alert unknown ca', true, 'tlsClientCertificateRefused', 'unknown ca'],
    ['sslv3 alert certificate expired', true, 'tlsClientCertificateRefused', 'certificate expired'],
    ['tlsv1 alert protocol version', false, 'tlsHandshake', 'protocol version'],
    ['unsupported protocol', false, 'tlsHandshake', 'unsupported protocol'],
  ];
  for (const [alert, hasOwn, code, reason] of rows) {
    it(`by "${alert}" ${hasOwn ? 'with' : 'without'} a client certificate is ${code}, from OpenSSL and BoringSSL`, () => {
      const own = { ...target, ...(hasOwn && { tlsOptions: { pfxFile: '/p' } }) };
      for (const text of [opensslOf(alert), boringOf(alert.toUpperCase().replaceAll(' ', '_'))]) {
        const mapped = connectFailure(failure(text, 'EPROTO'), own);
        assert.deepEqual(mapped.detail, { code, params: { host: target.host, reason } });
        assert.equal(isFatal(mapped), true);
      }
    });
  }

  it('over another name tells which was expected, without the introduction', () => {
    const cause = Object.assign(failure('Hostname/IP does not match: x', 'ERR_TLS_CERT_ALTNAME_INVALID'), {
      reason: 'x',
    });
    const own = { ...target, tlsOptions: { serverName: 'broker.test' } };
    assert.deepEqual(connectFailure(cause, own).params, { host: 'broker.test', reason: 'x' });
  });
});
