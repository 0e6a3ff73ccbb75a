import { isIP } from 'node:net';
import { checkServerIdentity, createSecureContext, type ConnectionOptions } from 'node:tls';
import { AppError, toError } from '../../common/errors.ts';
import type { TlsOptions } from '../profile.ts';
import { readAuthorities } from './authorities.ts';
import { readSmallFile } from './readSmallFile.ts';

/** What Node takes for a TLS connection, and for an HTTPS agent. */
export type TlsMaterial = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'rejectUnauthorized' | 'servername' | 'checkServerIdentity'
>;

type Identity = Pick<TlsMaterial, 'cert' | 'key' | 'pfx' | 'passphrase'>;

/**
 * Reads the files of a profile, and looks whether they fit together.
 * @throws AppError `fileUnreadable`, `tlsFileInvalid`, `tlsPassphraseMissing`, `tlsPassphraseWrong`, `tlsKeyMismatch`
 */
export async function readTlsMaterial(options: TlsOptions = {}, passphrase?: string): Promise<TlsMaterial> {
  const { caFiles = [], serverName, insecure } = options;
  const [ca, identity] = await Promise.all([readAuthorities(caFiles), readIdentity(options, passphrase)]);
  return {
    ...(ca && { ca }),
    ...identity,
    ...(serverName !== undefined && expecting(serverName)),
    // Told either way: the environment may have switched the check off for the whole process.
    rejectUnauthorized: insecure !== true,
  };
}

/** SNI may not hold an address. @see https://www.rfc-editor.org/rfc/rfc6066#section-3 */
function expecting(serverName: string): TlsMaterial {
  return {
    ...(isIP(serverName) === 0 && { servername: serverName }),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
  };
}

/** The client's certificate and key; nothing where there is none. */
async function readIdentity({ certFile, keyFile, pfxFile }: TlsOptions, passphrase?: string): Promise<Identity> {
  if (pfxFile !== undefined) {
    const identity = withPassphrase({ pfx: await readSmallFile(pfxFile) }, passphrase);
    return checked(identity, (text) => pfxFailure(text, pfxFile, passphrase));
  }
  if (certFile === undefined) return {};
  // One file may hold both.
  const keyPath = keyFile ?? certFile;
  const [cert, key] = await Promise.all([readSmallFile(certFile), readSmallFile(keyPath)]);
  return checked(withPassphrase({ cert, key }, passphrase), (text) => {
    if (/key.values.mismatch/i.test(text)) return new AppError('tlsKeyMismatch', { certFile, keyFile: keyPath });
    if (!cert.includes('CERTIFICATE-----')) {
      return new AppError('tlsFileInvalid', { file: certFile, reason: 'there is no PEM certificate in it' });
    }
    if (key.includes('ENCRYPTED')) return passphraseFailure(keyPath, passphrase ?? '');
    if (key.includes('PRIVATE KEY-----')) {
      return new AppError('tlsFileInvalid', { file: certFile, reason: 'the certificate or its key is damaged' });
    }
    return new AppError('tlsFileInvalid', { file: keyPath, reason: 'there is no PEM private key in it' });
  });
}

function withPassphrase(identity: Identity, passphrase: string | undefined): Identity {
  return passphrase === undefined ? identity : { ...identity, passphrase };
}

function checked(identity: Identity, explain: (text: string) => AppError): Identity {
  try {
    createSecureContext(identity);
    return identity;
  } catch (thrown) {
    // Its text names what failed, and holds nothing of the key.
    throw explain(toError(thrown).message);
  }
}

function pfxFailure(text: string, file: string, passphrase: string | undefined): AppError {
  if (/mac.verify|incorrect.password/i.test(text)) return passphraseFailure(file, passphrase ?? '');
  if (/unsupported/i.test(text)) {
    const reason = 'it is encrypted in an old way (RC2 or 3DES): export it again with AES';
    return new AppError('tlsFileInvalid', { file, reason });
  }
  return new AppError('tlsFileInvalid', { file, reason: 'it is not a PKCS #12 file' });
}

function passphraseFailure(file: string, passphrase: string): AppError {
  return passphrase === ''
    ? new AppError('tlsPassphraseMissing', { file })
    : new AppError('tlsPassphraseWrong', { file });
}
