import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';
import { AppError } from '../../common/errors.ts';
import { readSmallFile } from './readSmallFile.ts';

const pemBlock = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * The certificate authorities to trust, as PEM: those that come with Node, those of the operating system, and those in
 * the files. Undefined when they are what is trusted anyway: reading 140 of them anew takes 35 ms of each connection.
 * @throws AppError `fileUnreadable`, `tlsFileInvalid`
 */
export async function readAuthorities(files: readonly string[]): Promise<string[] | undefined> {
  const own = await Promise.all(files.map(readCertificates));
  const { usual, systemOnly } = knownAuthorities();
  const added = [...systemOnly, ...own.flat()];
  return added.length === 0 ? undefined : [...usual, ...added];
}

/** The certificates of a PEM file, or the one of a DER file, as PEM. */
async function readCertificates(file: string): Promise<string[]> {
  const bytes = await readSmallFile(file);
  const blocks = bytes.toString('latin1').match(pemBlock);
  try {
    return (blocks ?? [bytes]).map((each) => new X509Certificate(each).toString());
  } catch (cause) {
    const reason = blocks ? 'a certificate in it is damaged' : 'there is no certificate in it';
    throw new AppError('tlsFileInvalid', { file, reason }, { cause });
  }
}

let known: { readonly usual: readonly string[]; readonly systemOnly: readonly string[] } | undefined;

/**
 * What Node trusts by itself, and what the operating system trusts beyond that, such as a company's own authority. Node
 * can tell the latter from 22.15 on; to an older one VS Code adds them itself (its setting `http.systemCertificates`).
 */
function knownAuthorities(): NonNullable<typeof known> {
  if (known) return known;
  const { getCACertificates } = tls as { getCACertificates?: (kind: 'default' | 'system') => string[] };
  const usual = getCACertificates?.('default') ?? tls.rootCertificates;
  const trusted = new Set(usual.map(bare));
  const systemOnly = (getCACertificates?.('system') ?? []).filter((pem) => !trusted.has(bare(pem)));
  known = { usual, systemOnly };
  return known;
}

/** As two sources write the same certificate with other line breaks. */
function bare(pem: string): string {
  return pem.replaceAll(/\s/g, '');
}
