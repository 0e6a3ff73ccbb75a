import assert from 'node:assert/strict';
import { readEntry } from '../../../src/broker/connectionEntry.ts';
import { consentDetail, sharedProfile, withFilesIn } from '../../../src/ui/connections/sharedProfile.ts';

const entry = (host: string, more: object = {}) => readEntry({ host, ...more });

const detailOf = (more: object): string => consentDetail(sharedProfile(entry('h', more)));

describe('a connection written by somebody else, as a profile', () => {
  it('has an id made of all that decides where a login goes, and of nothing else', () => {
    const id = (more: object): string => sharedProfile(entry('h', more)).id;
    const plain = id({});
    assert.equal(id({ name: 'another', heartbeatSeconds: 5 }), plain);
    const different = [
      { port: 1 },
      { tls: true },
      { vhost: 'v' },
      { username: 'u' },
      { authentication: 'amqplain' },
      { failover: [{ host: 'x', port: 1 }] },
      { managementUrl: 'https://evil.example' },
      { managementUsername: 'u' },
      { tls: true, tlsOptions: { insecure: true } },
      { tls: true, tlsOptions: { caFiles: ['/ca'] } },
      { tls: true, tlsOptions: { certFile: '/ca' } },
    ].map(id);
    assert.equal(new Set([plain, sharedProfile(entry('h2')).id, ...different]).size, different.length + 2);
  });

  it('has its certificate files in the workspace folder', () => {
    const files = {
      caFiles: ['ca.pem', '/abs/ca.pem'],
      certFile: '${workspaceFolder}/c.pem',
      keyFile: 'k/../k.pem',
      pfxFile: 'p.pfx',
    };
    assert.deepEqual(withFilesIn(entry('h', { tls: true, tlsOptions: files }), '/ws/x').tlsOptions, {
      caFiles: ['/ws/x/ca.pem', '/abs/ca.pem'],
      certFile: '/ws/x/c.pem',
      keyFile: '/ws/x/k.pem',
      pfxFile: '/ws/x/p.pfx',
    });
  });

  it('says all that a login is sent to, and what is not safe', () => {
    const detail = consentDetail(
      sharedProfile(
        entry('h', {
          username: 'ann\u202e',
          tls: true,
          tlsOptions: { insecure: true },
          failover: [{ host: 'h2', port: 7 }],
          managementUrl: 'https://m.example',
        }),
      ),
    );
    assert.equal(
      detail,
      String.raw`It sends the login of user ann\u{202e} to h, port 5671; then to h2, port 7. For the management API it goes to https://m.example. The broker's certificate is not verified.`,
    );
    assert.match(consentDetail(sharedProfile(entry('h'))), /not encrypted/);
  });

  it('says who is taken for the broker, and which login and files are used beside', () => {
    const tlsOptions = { caFiles: ['/a.pem', '/b.pem'], certFile: '/c.pem', keyFile: '/k.pem', serverName: 'other' };
    const detail = detailOf({ tls: true, tlsOptions, managementUsername: 'boss', managementUrl: 'http://m' });
    for (const sentence of [
      'The user of the management API is boss.',
      'The management API is not encrypted.',
      'Whoever has a certificate for other is taken for the broker.',
      'It also trusts the certificate authorities in /a.pem, /b.pem.',
      'It shows the client certificate /c.pem.',
    ]) {
      assert.ok(detail.includes(sentence), detail);
    }
    assert.match(
      detailOf({ tls: true, tlsOptions: { pfxFile: '/p.p12' } }),
      /shows the client certificate \/p\.p12\.$/,
    );
    const unverified = { managementUrl: 'https://m', tlsOptions: { insecure: true } };
    assert.match(detailOf(unverified), /The connection is not encrypted\. The broker's certificate is not verified\.$/);
    assert.equal(detailOf({ tls: true, managementUsername: 'guest' }), detailOf({ tls: true }));
  });

  it('hides no sentence behind one that is long', () => {
    const failover = Array.from({ length: 32 }, () => ({ host: 'h'.repeat(200), port: 1 }));
    assert.match(consentDetail(sharedProfile(entry('h', { failover }))), /The connection is not encrypted\.$/);
  });
});
