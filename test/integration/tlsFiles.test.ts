import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TlsOptions } from '../../src/broker/profile.ts';
import { readTlsMaterial } from '../../src/broker/tls/material.ts';
import { toAppError, type ErrorCode } from '../../src/common/errors.ts';
import { errorText } from '../../src/ui/errorText.ts';
import { Authority, type CertificateFiles } from '../support/certificates.ts';

const passphrase = 'open sesame';

describe('a file for TLS that cannot be used', () => {
  let ca: Authority;
  let client: CertificateFiles;
  let other: CertificateFiles;
  before(async () => {
    ca = await Authority.create();
    client = await ca.issue({ name: 'ann' });
    other = await ca.issue({ name: 'bob' });
  });
  after(() => ca?.dispose());

  const pem = (): TlsOptions => ({ certFile: client.certfile, keyFile: client.keyfile });
  const rows: [what: string, options: () => TlsOptions | Promise<TlsOptions>, ErrorCode, RegExp, secret?: string][] = [
    [
      'an authority that is not there',
      () => ({ caFiles: [ca.file('gone.pem')] }),
      'fileUnreadable',
      /gone\.pem cannot be read: it does not exist\.$/,
    ],
    ['a folder', () => ({ caFiles: [ca.file('.')] }), 'fileUnreadable', /cannot be read: it is not a file\.$/],
    [
      'an authority that is a key',
      () => ({ caFiles: [client.keyfile] }),
      'tlsFileInvalid',
      /cannot be used: there is no certificate in it\.$/,
    ],
    [
      'an authority that is damaged',
      () => ({ caFiles: [ca.write('damaged.pem', ca.ca.replace(/[A-Za-z0-9+/]{20}/, 'A'.repeat(20)))] }),
      'tlsFileInvalid',
      /cannot be used: a certificate in it is damaged\.$/,
    ],
    [
      'a certificate that is not there',
      () => ({ ...pem(), certFile: ca.file('gone.pem') }),
      'fileUnreadable',
      /gone\.pem cannot be read/,
    ],
    [
      'a certificate that is a key',
      () => ({ ...pem(), certFile: client.keyfile }),
      'tlsFileInvalid',
      /there is no PEM certificate in it\.$/,
    ],
    [
      'a certificate that is damaged',
      () => ({ ...pem(), certFile: ca.write('cut.pem', `${readFileSync(client.certfile, 'utf8').slice(0, 200)}\n`) }),
      'tlsFileInvalid',
      /cut\.pem cannot be used: the certificate or its key is damaged\.$/,
    ],
    [
      'a key that is a certificate',
      () => ({ ...pem(), keyFile: client.certfile }),
      'tlsFileInvalid',
      /there is no PEM private key in it\.$/,
    ],
    [
      'a key of another certificate',
      () => ({ ...pem(), keyFile: other.keyfile }),
      'tlsKeyMismatch',
      /^The key in .* does not belong to the certificate in .*\.$/,
    ],
    ['an encrypted key without a passphrase', encrypted, 'tlsPassphraseMissing', /there is no passphrase for it\.$/],
    [
      'an encrypted key with another passphrase',
      encrypted,
      'tlsPassphraseWrong',
      /^The passphrase does not open .*\.key\.$/,
      'wrong',
    ],
    [
      'a PKCS #12 file without its passphrase',
      async () => ({ pfxFile: await ca.pfx(client, passphrase) }),
      'tlsPassphraseMissing',
      /\.pfx is encrypted, and there is no passphrase for it\.$/,
    ],
    [
      'a PKCS #12 file with another passphrase',
      async () => ({ pfxFile: await ca.pfx(client, passphrase) }),
      'tlsPassphraseWrong',
      /^The passphrase does not open .*\.pfx\.$/,
      'wrong',
    ],
    [
      'a PKCS #12 file of an old kind',
      async () => ({ pfxFile: await ca.pfx(client, passphrase, '-legacy') }),
      'tlsFileInvalid',
      /encrypted in an old way/,
      passphrase,
    ],
    [
      'a PKCS #12 file that is PEM',
      () => ({ pfxFile: client.certfile }),
      'tlsFileInvalid',
      /it is not a PKCS #12 file\.$/,
      passphrase,
    ],
  ];
  for (const [what, options, code, text, tlsPassphrase] of rows) {
    it(`is named: ${what}`, async () => {
      const thrown = await readTlsMaterial(await options(), tlsPassphrase).then(() => undefined, toAppError);
      assert.equal(thrown?.code, code, `${thrown?.message}`);
      assert.match(errorText(thrown), text);
      assert.doesNotMatch(`${errorText(thrown)} ${thrown.stack}`, /open sesame|PRIVATE KEY/);
    });
  }

  async function encrypted(): Promise<TlsOptions> {
    const { certfile, keyfile } = await ca.issue({ name: 'ann', passphrase });
    return { certFile: certfile, keyFile: keyfile };
  }
});
