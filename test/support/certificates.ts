import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../scripts/lib/owned.mjs';
import { run } from '../../scripts/lib/run.mjs';

/** A certificate and its private key, as PEM files. */
export interface CertificateFiles {
  readonly certfile: string;
  readonly keyfile: string;
}

/** What a certificate is for. */
interface Request {
  /** Its common name. */
  readonly name: string;
  /** The hosts that it is valid for, as in `DNS:localhost` or `IP:127.0.0.1`. */
  readonly hosts?: readonly string[];
  /** It ended yesterday. */
  readonly expired?: true;
  /** Encrypts the key. */
  readonly passphrase?: string;
}

const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

/** A certificate authority of our own, in a temporary folder, made with the openssl program. */
export class Authority {
  readonly #folder: ReturnType<typeof temporaryFolder>;
  #issued = 0;

  private constructor(folder: ReturnType<typeof temporaryFolder>) {
    this.#folder = folder;
  }

  static async create(name = 'Warren tests'): Promise<Authority> {
    const authority = new Authority(temporaryFolder('certificates'));
    const files = ['-keyout', 'ca.key', '-out', 'ca.pem'];
    await authority.#openssl('req', '-x509', ...ecKey, '-nodes', ...files, '-days', '2', '-subj', `/CN=${name}`);
    return authority;
  }

  get cacertfile(): string {
    return this.file('ca.pem');
  }

  /** The authority's certificate as PEM text. */
  get ca(): string {
    return readFileSync(this.cacertfile, 'utf8');
  }

  /** A path in its folder. */
  file(name: string): string {
    return join(this.#folder.path, name);
  }

  /** A file of its folder with this text. @returns its path */
  write(name: string, text: string | Buffer): string {
    writeFileSync(this.file(name), text);
    return this.file(name);
  }

  async issue({ name, hosts = [], expired, passphrase }: Request): Promise<CertificateFiles> {
    const base = `${++this.#issued}`;
    const key = passphrase === undefined ? ['-nodes'] : ['-passout', `pass:${passphrase}`];
    const files = ['-keyout', `${base}.key`, '-out', `${base}.csr`];
    await this.#openssl('req', ...ecKey, ...key, ...files, '-subj', `/CN=${name}`);
    const extensions = hosts.length === 0 ? 'basicConstraints=CA:FALSE' : `subjectAltName=${hosts.join(',')}`;
    this.write(`${base}.extensions`, `${extensions}\n`);
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${base}.extensions`];
    const days = ['-days', expired ? '-1' : '2'];
    await this.#openssl('x509', '-req', '-in', `${base}.csr`, '-out', `${base}.pem`, ...signing, ...days);
    chmodSync(this.file(`${base}.key`), 0o644);
    return { certfile: this.file(`${base}.pem`), keyfile: this.file(`${base}.key`) };
  }

  /**
   * Packs a certificate and its key into a PKCS #12 file.
   * @param options of openssl pkcs12
   */
  async pfx({ certfile, keyfile }: CertificateFiles, passphrase: string, ...options: string[]): Promise<string> {
    const file = this.file(`${++this.#issued}.pfx`);
    const source = ['-in', certfile, '-inkey', keyfile, '-certfile', 'ca.pem'];
    await this.#openssl('pkcs12', '-export', ...source, '-out', file, '-passout', `pass:${passphrase}`, ...options);
    return file;
  }

  dispose(): void {
    this.#folder.remove();
  }

  #openssl(...args: string[]): Promise<string> {
    return run('openssl', args, { cwd: this.#folder.path });
  }
}

/** Every name and address of this machine's loopback. */
export const loopback: readonly string[] = ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'];
