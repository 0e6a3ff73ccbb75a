import assert from 'node:assert/strict';
import { readEntry } from '../../../src/broker/connectionEntry.ts';
import { consentDetail, sharedProfile, withFilesIn } from '../../../src/ui/sharedProfile.ts';

const entry = (host: string, more: object = {}) => readEntry({ host, ...more });

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
    assert.deepEqual(withFilesIn(entry('h', { tls: true, tlsOptions: files }), '/work/x').tlsOptions, {
      caFiles: ['/work/x/ca.pem', '/abs/ca.pem'],
      certFile: '/work/x/c.pem',
      keyFile: '/work/x/k.pem',
      pfxFile: '/work/x/p.pfx',
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
});
