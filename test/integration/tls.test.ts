import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import type { TlsOptions } from '../../src/broker/profile.ts';
import { AppError } from '../../src/common/errors.ts';
import { ownBroker, type OwnBroker } from '../support/broker.ts';
import { Authority, loopback, type CertificateFiles } from '../support/certificates.ts';
import { TlsSuite } from './support/tlsSuite.ts';

const passphrase = 'open sesame';

describe('TLS', function () {
  this.timeout(60_000);
  let suite: TlsSuite;
  let ca: Authority;
  let client: CertificateFiles;
  let otherCa: Authority;
  /** Insists on a client certificate. */
  let strict: OwnBroker;
  let strictServer: CertificateFiles;

  before(async () => {
    [suite, otherCa] = await Promise.all([TlsSuite.start(), Authority.create('Somebody else')]);
    ({ ca, client } = suite);
    strictServer = await ca.issue({ name: 'server', hosts: loopback });
    strict = await ownBroker({ tls: { ...strictServer, cacertfile: ca.cacertfile, clientsMustIdentify: true } });
  });
  afterEach(() => suite.closeConnections());
  after(async () => {
    await Promise.all([suite?.dispose(), strict?.dispose()]);
    otherCa?.dispose();
  });

  describe("and the broker's certificate", () => {
    it('connects where its authority is among those given, by host name and by address', async () => {
      await suite.opens(suite.trusting());
      await suite.opens({ ...suite.trusting(), host: '127.0.0.1' });
      await suite.opens(suite.trusting({ caFiles: [otherCa.cacertfile, ca.cacertfile] }));
      await suite.opens(suite.trusting({ caFiles: [ca.write('both.pem', `${otherCa.ca}\n${ca.ca}`)] }));
    });

    it('refuses one of an authority that is not known here', async () => {
      const why = /^The certificate of localhost is not trusted: self.signed certificate in certificate chain\.$/;
      await suite.fails({}, 'tlsUntrusted', why);
      await suite.fails(suite.trusting({ caFiles: [otherCa.cacertfile] }), 'tlsUntrusted', why);
    });

    it('refuses one for another host, and takes it under the name it is for', async () => {
      const why = /^The certificate is for another host than broker\.example: .*altnames: DNS:localhost/;
      await suite.fails(suite.trusting({ serverName: 'broker.example' }), 'tlsHostMismatch', why);
      await suite.opens({ ...suite.trusting({ serverName: 'localhost' }), host: '127.0.0.1' });
      await suite.opens(suite.trusting({ serverName: '127.0.0.1' }));
      await suite.fails(
        suite.trusting({ serverName: '127.0.0.9' }),
        'tlsHostMismatch',
        /another host than 127\.0\.0\.9: /,
      );
    });

    it('reads the files anew at each attempt', async () => {
      const file = ca.write('exchanged.pem', otherCa.ca);
      const connection = suite.connection(suite.trusting({ caFiles: [file] }));
      await assert.rejects(connection.connect(), (error) => error instanceof AppError && error.is('tlsUntrusted'));
      copyFileSync(ca.cacertfile, file);
      await connection.connect();
      assert.equal(connection.state.kind, 'open');
    });

    it('takes any where a person said not to verify, and only there', async () => {
      await suite.opens({ tlsOptions: { insecure: true } });
      await suite.opens({ tlsOptions: { insecure: true, serverName: 'broker.example' } });
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      try {
        await suite.fails({}, 'tlsUntrusted', /not trusted/);
      } finally {
        delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      }
    });
  });

  describe('and a client certificate', () => {
    const rows: [what: string, options: () => TlsOptions | Promise<TlsOptions>, secret?: string][] = [
      ['PEM files', () => ({ certFile: client.certfile, keyFile: client.keyfile })],
      [
        'one PEM file',
        () => ({ certFile: ca.write('one.pem', readFileSync(client.certfile, 'utf8') + readFileSync(client.keyfile)) }),
      ],
      [
        'PEM files with an encrypted key',
        async () => {
          const { certfile, keyfile } = await ca.issue({ name: 'ann', passphrase });
          return { certFile: certfile, keyFile: keyfile };
        },
        passphrase,
      ],
      ['a PKCS #12 file', async () => ({ pfxFile: await ca.pfx(client, passphrase) }), passphrase],
      ['a PKCS #12 file without a passphrase', async () => ({ pfxFile: await ca.pfx(client, '') })],
    ];
    for (const [what, options, tlsPassphrase] of rows) {
      it(`connects with ${what} to a broker that insists on one`, async () => {
        await suite.opens({
          to: strict,
          ...suite.trusting(await options()),
          secrets: { password: 'guest', ...(tlsPassphrase !== undefined && { tlsPassphrase }) },
        });
      });
    }

    it('says so where the broker insists on one and there is none', async () => {
      const why = /^localhost wants a client certificate: .*certificate required\.$/;
      await suite.fails({ to: strict, ...suite.trusting() }, 'tlsClientCertificateRequired', why);
    });

    it('says so where the broker offers no login by it', async () => {
      const why = /^The broker does not offer EXTERNAL as a way to log in\.$/;
      await suite.fails({ ...suite.external(), to: strict }, 'mechanismNotOffered', why);
    });

    it('says so where the broker does not trust it', async () => {
      const { certfile: certFile, keyfile: keyFile } = await otherCa.issue({ name: 'ann' });
      const why = /^localhost refused the client certificate: unknown ca\.$/;
      await suite.fails({ to: strict, ...suite.trusting({ certFile, keyFile }) }, 'tlsClientCertificateRefused', why);
    });

    it('says so where it has expired', async () => {
      const { certfile: certFile, keyfile: keyFile } = await ca.issue({ name: 'ann', expired: true });
      const why = /^localhost refused the client certificate: certificate expired\.$/;
      await suite.fails({ to: strict, ...suite.trusting({ certFile, keyFile }) }, 'tlsClientCertificateRefused', why);
    });
  });

  describe('and the wrong port', () => {
    it('says that a plain port does not speak TLS', async () => {
      const why = /^localhost does not speak TLS on port \d+\.$/;
      await suite.fails({ ...suite.trusting(), port: suite.broker.amqpPort }, 'tlsNotSpoken', why);
    });

    it('says that a TLS port may want TLS, and goes on trying, since a broker that starts up closes alike', async () => {
      const why = /^localhost closed the connection during the handshake\. Port \d+ may want TLS\.$/;
      await suite.fails({ tls: false }, 'closedInHandshake', why, 'waiting');
    });

    it('gives up on a listener that says nothing after the time-out of the connection', async () => {
      const silent = createServer((socket) => socket.on('error', () => undefined));
      silent.listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      const began = Date.now();
      const attempt = { ...suite.trusting(), port, connectTimeoutSeconds: 1 };
      await suite
        .fails(attempt, 'timeout', /^No answer within 1 s \(connect\)\.$/, 'waiting')
        .finally(() => silent.close());
      assert.ok(Date.now() - began < 3_000);
    });
  });

  // At the end: it takes the strict broker its certificate.
  describe('and time', () => {
    it("refuses a broker's certificate that has expired, unless a person said not to verify", async () => {
      const expired = await ca.issue({ name: 'server', hosts: loopback, expired: true });
      copyFileSync(expired.certfile, strictServer.certfile);
      copyFileSync(expired.keyfile, strictServer.keyfile);
      await strict.kill();
      await strict.start();
      const own = { certFile: client.certfile, keyFile: client.keyfile };
      const why = /^The certificate of localhost is not trusted: certificate has expired\.$/;
      await suite.fails({ to: strict, ...suite.trusting(own) }, 'tlsUntrusted', why);
      await suite.opens({ to: strict, tlsOptions: { ...own, insecure: true } });
    });
  });
});
