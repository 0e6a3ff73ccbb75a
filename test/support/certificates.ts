import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../scripts/lib/owned.mjs';
import { run } from '../../scripts/lib/run.mjs';

/** Files of an authority of our own and of a certificate that it signed. */
export interface Certificates {
  readonly cacertfile: string;
  readonly certfile: string;
  readonly keyfile: string;
  /** The authority as PEM text. */
  readonly ca: string;
  dispose(): void;
}

/**
 * Makes a server certificate, with the openssl program.
 * @param names what it is valid for, as in `DNS:localhost` or `IP:127.0.0.1`
 */
export async function makeCertificates(names = ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1']): Promise<Certificates> {
  const folder = temporaryFolder('certificates');
  const file = (name: string) => join(folder.path, name);
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder.path });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Warren tests',
  );
  await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
  writeFileSync(file('names'), `subjectAltName=${names.join(',')}\n`);
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  await openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signing);
  chmodSync(file('server.key'), 0o644);
  return {
    cacertfile: file('ca.pem'),
    certfile: file('server.pem'),
    keyfile: file('server.key'),
    ca: readFileSync(file('ca.pem'), 'utf8'),
    dispose: () => folder.remove(),
  };
}
