import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { hostsOf, readProfile, readTarget, type ConnectionProfile } from '../../../src/broker/profile.ts';
import { AppError } from '../../../src/common/errors.ts';

/** As Warren 0.1 saved it. */
const old = { id: 'a', name: 'local', host: 'h', port: 5672, tls: false, vhost: '/', username: 'guest' };

const full: ConnectionProfile = {
  ...old,
  tls: true,
  failover: [{ host: '::1', port: 5671 }],
  tlsOptions: {
    caFiles: ['/ca.pem', '/other.pem'],
    certFile: '/client.pem',
    keyFile: '/client.key',
    pfxFile: '/client.p12',
    serverName: 'broker.example.com',
    insecure: true,
  },
  authentication: 'external',
  heartbeatSeconds: 5,
  connectTimeoutSeconds: 30,
  managementUrl: 'https://h/prefix',
  managementUsername: 'ann',
};

/** The field that is named as wrong. */
function wrongField(value: unknown): string | undefined {
  try {
    readProfile(value);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof AppError && error.is('invalidInput'), String(error));
    return error.params.field;
  }
}

describe('reading a profile', () => {
  it('takes one as it was saved before there was TLS material, failover or another login', () => {
    assert.deepEqual(readProfile(old), old);
    assert.deepEqual(readProfile({ ...old, managementUrl: 'http://h' }), { ...old, managementUrl: 'http://h' });
  });

  it('keeps every field, through JSON too', () => {
    assert.deepEqual(readProfile(full), full);
    assert.deepEqual(readProfile(JSON.parse(JSON.stringify(full))), full);
  });

  it('leaves out what is not a field, a secret above all', () => {
    const secrets = { password: 'sesame', tlsPassphrase: 'sesame', managementPassword: 'sesame' };
    const read = readProfile({ ...full, ...secrets, tlsOptions: { ...full.tlsOptions, passphrase: 'sesame' } });
    assert.deepEqual(read, full);
  });

  it('drops a login in the URL of the management API, and refuses one that is none', () => {
    const { managementUrl } = readProfile({ ...old, managementUrl: 'http://ann:hunter2@h:15672/x/' });
    assert.equal(managementUrl, 'http://h:15672/x');
    assert.throws(() => readProfile({ ...old, managementUrl: 'ann:hunter2' }), { code: 'invalidInput' });
  });

  it('fills in what a hand-written one may leave out', () => {
    const target = { host: 'h', port: 1, tls: false, vhost: '/', username: 'ann' };
    assert.deepEqual(readTarget({ host: 'h', port: 1, username: 'ann' }), target);
    const external = { host: 'h', port: 1, tls: true, authentication: 'external' };
    assert.deepEqual(readTarget(external), { ...external, vhost: '/', username: '' });
  });

  it('reads "insecure": false as verification', () => {
    assert.deepEqual(readTarget({ ...old, tlsOptions: { insecure: false } }).tlsOptions, {});
  });

  const rows: [field: string, value: unknown][] = [
    ['connection', null],
    ['connection', [old]],
    ['id', { ...old, id: undefined }],
    ['name', { ...old, name: 7 }],
    ['host', { ...old, host: '' }],
    ['port', { ...old, port: '5672' }],
    ['port', { ...old, port: 65_536 }],
    ['tls', { ...old, tls: 'yes' }],
    ['username', { ...old, username: undefined }],
    ['failover', { ...old, failover: 'other' }],
    ['failover[1]', { ...old, failover: [{ host: 'b', port: 1 }, 'c'] }],
    ['failover[0].port', { ...old, failover: [{ host: 'b', port: 1.5 }] }],
    ['tlsOptions', { ...old, tlsOptions: 'none' }],
    ['tlsOptions.caFiles', { ...old, tlsOptions: { caFiles: '/ca.pem' } }],
    ['tlsOptions.caFiles[0]', { ...old, tlsOptions: { caFiles: [7] } }],
    ['tlsOptions.keyFile', { ...old, tlsOptions: { keyFile: null } }],
    ['tlsOptions.insecure', { ...old, tlsOptions: { insecure: 'true' } }],
    ['authentication', { ...old, authentication: 'plain' }],
    ['heartbeatSeconds', { ...old, heartbeatSeconds: 0 }],
    ['connectTimeoutSeconds', { ...old, connectTimeoutSeconds: 121 }],
    ['managementUrl', { ...old, managementUrl: 1 }],
    ['managementUsername', { ...old, managementUsername: {} }],
  ];
  for (const [field, value] of rows) {
    it(`refuses ${JSON.stringify(value)} and names ${field}`, () => {
      assert.equal(wrongField(value), field);
    });
  }

  it('throws nothing but errors with a code, whatever it is given', () => {
    const anything = fc.anything();
    const nearly = fc.record(
      Object.fromEntries(Object.entries(full).map(([name, value]) => [name, fc.oneof(anything, fc.constant(value))])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(anything, nearly), (value) => {
        wrongField(value);
      }),
      { seed: 20301, numRuns: 1000 },
    );
  });
});

describe('the hosts of a connection', () => {
  it('are its first, then those for failover, in order', () => {
    assert.deepEqual(hostsOf(old), [{ host: 'h', port: 5672 }]);
    assert.deepEqual(hostsOf(full), [
      { host: 'h', port: 5672 },
      { host: '::1', port: 5671 },
    ]);
  });
});
