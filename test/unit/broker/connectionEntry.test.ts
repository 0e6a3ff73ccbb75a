import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { readEntries, readEntry } from '../../../src/broker/connectionEntry.ts';
import { AppError } from '../../../src/common/errors.ts';

/** All that a connection may have, but a URI. */
const fullEntry = {
  name: 'all',
  host: 'a',
  port: 1,
  tls: true,
  vhost: 'v',
  username: 'u',
  failover: [{ host: 'b', port: 2 }],
  tlsOptions: { caFiles: ['ca.pem'], certFile: 'c', keyFile: 'k', pfxFile: 'p', serverName: 's', insecure: true },
  authentication: 'external',
  heartbeatSeconds: 5,
  connectTimeoutSeconds: 5,
  managementUrl: 'https://m',
  managementUsername: 'boss',
};

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Manifest {
  readonly contributes: {
    readonly configuration: {
      readonly properties: { readonly 'warren.connections': { readonly items: Required<Pick<Schema, 'properties'>> } };
    };
  };
}

/** Why an entry is refused. */
function reasonOf(value: unknown): string {
  try {
    readEntry(value);
  } catch (error) {
    assert.ok(error instanceof AppError && error.is('invalidInput'), String(error));
    return error.params.reason;
  }
  assert.fail(`${JSON.stringify(value)} was accepted`);
}

describe('a connection written by somebody else', () => {
  it('needs a host only, and has what is usual for the rest', () => {
    assert.deepEqual(readEntry({ host: 'rabbit' }), {
      name: 'rabbit',
      host: 'rabbit',
      port: 5672,
      tls: false,
      vhost: '/',
      username: 'guest',
    });
    assert.deepEqual(readEntry({ host: '[::1]', tls: true, vhost: 'shop', name: ' shop ' }), {
      name: 'shop',
      host: '::1',
      port: 5671,
      tls: true,
      vhost: 'shop',
      username: 'guest',
    });
    assert.equal(readEntry({ host: 'rabbit', vhost: 'shop' }).name, 'rabbit/shop');
  });

  it('may have a URI for its target', () => {
    const entry = readEntry({
      uri: 'amqps://ann@broker.example/a%2Fb',
      managementUrl: 'https://m.example/prefix/#/queues',
    });
    assert.deepEqual(entry, {
      name: 'broker.example/a/b',
      host: 'broker.example',
      port: 5671,
      tls: true,
      vhost: 'a/b',
      username: 'ann',
      managementUrl: 'https://m.example/prefix',
    });
  });

  it('logs in by its certificate, as no user, where the URI names none', () => {
    const nobody = readEntry({ uri: 'amqps://h', authentication: 'external' });
    assert.deepEqual([nobody.username, nobody.authentication], ['', 'external']);
    assert.equal(readEntry({ uri: 'amqps://ann@h', authentication: 'external' }).username, 'ann');
  });

  it('is refused with TLS options that nothing would use, which must not end in a plain connection', () => {
    const tlsOptions = { caFiles: ['ca.pem'] };
    assert.match(reasonOf({ host: 'h', tlsOptions }), /has tlsOptions but no "tls": true/);
    assert.match(reasonOf({ host: 'h', tlsOptions, managementUrl: 'http://m' }), /no "tls": true/);
    assert.match(reasonOf({ uri: 'amqp://h', tlsOptions }), /has tlsOptions but a uri without TLS/);
    assert.deepEqual(readEntry({ host: 'h', tlsOptions, managementUrl: 'https://m' }).tlsOptions, tlsOptions);
    assert.deepEqual(readEntry({ uri: 'amqps://h', tlsOptions }).tlsOptions, tlsOptions);
  });

  it('is refused with what stands both in the query of its URI and beside it', () => {
    assert.match(
      reasonOf({ uri: 'amqps://h?cacertfile=a.pem', tlsOptions: { caFiles: ['b.pem'] } }),
      /tlsOptions both in its uri and beside it/,
    );
    assert.match(reasonOf({ uri: 'amqp://h?heartbeat=5', heartbeatSeconds: 9 }), /heartbeatSeconds both/);
    assert.equal(readEntry({ uri: 'amqp://h?heartbeat=5', connectTimeoutSeconds: 9 }).connectTimeoutSeconds, 9);
  });

  it('keeps everything else that a profile may have', () => {
    assert.deepEqual(readEntry(fullEntry), fullEntry);
  });

  it('is refused with a secret in it, which is not repeated', () => {
    const secret = 'hunter2-secret-value';
    const hostile: unknown[] = [
      { host: 'h', password: secret },
      { host: 'h', Password: secret },
      { host: 'h', tlsOptions: { passphrase: secret } },
      { host: 'h', managementPassword: secret },
      { host: 'h', client_secret: secret },
      { host: 'h', apiToken: secret },
      { uri: `amqp://ann:${secret}@h/` },
      { uri: `amqp://ann:${secret} and more@h/` },
      { uri: `amqp://:${secret}@h/` },
      { uri: `amqp://h/?password=${secret}` },
      { host: 'h', managementUrl: `https://ann:${secret}@m.example` },
      { host: 'h', name: `amqp://ann:${secret}@h` },
      { host: `amqp://ann:${secret}@h` },
      { host: 'h', failover: [{ host: 'h2', port: 1, password: secret }] },
    ];
    for (const value of hostile) {
      const reason = reasonOf(value);
      assert.match(reason, /must not stand there/, JSON.stringify(value));
      assert.ok(!reason.includes(secret), reason);
      assert.doesNotMatch(JSON.stringify(readEntries([value]).problems), new RegExp(secret));
    }
  });

  it('is refused with a field that is unknown or wrong, by its name', () => {
    assert.match(reasonOf({ host: 'h', tsl: true }), /unknown field: "tsl"/);
    assert.match(reasonOf({ host: 'h', tlsOptions: { verify: false } }), /unknown field: "verify"/);
    assert.match(reasonOf({ host: 'h', port: 0 }), /port that is not a whole number from 1 to 65535/);
    assert.match(reasonOf({ host: 'h', port: '5672' }), /port that is not/);
    assert.match(reasonOf({ host: 'h', tls: 'yes' }), /tls that is not true or false/);
    assert.match(reasonOf({ host: 'a b' }), /host that is not/);
    assert.match(reasonOf({ host: 'evil.example/path' }), /host that is not/);
    assert.match(reasonOf({ host: 'h', vhost: 'é'.repeat(128) }), /vhost that is not/);
    assert.match(reasonOf({ host: 'h', managementUrl: 'file:///etc/passwd' }), /managementUrl that is not/);
    assert.match(reasonOf({ host: 'h', failover: [{ host: 'h2' }] }), /port that is not/);
    assert.match(reasonOf({ host: 'h', failover: 'h2' }), /failover that is not/);
    assert.match(reasonOf({ host: 'h', tlsOptions: { insecure: false } }), /insecure that is not true/);
    assert.match(reasonOf({ uri: 'http://h' }), /uri that cannot be used/);
    assert.match(reasonOf({ uri: 'amqp://h', vhost: 'shop' }), /both a uri and vhost/);
    assert.match(reasonOf({}), /neither a host nor a uri/);
    for (const value of [null, 5, 'amqp://h', [], undefined])
      assert.match(reasonOf(value), /must be an object|neither/);
  });

  it('may have exactly the fields that the setting completes, inside too', async () => {
    const manifest = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as Manifest;
    const { properties } = manifest.contributes.configuration.properties['warren.connections'].items;
    const nested = Object.entries(properties).flatMap(([field, { properties: inner, items }]) =>
      Object.keys(inner ?? items?.properties ?? {}).map((each) => `${field}.${each}`),
    );
    const known = [...Object.keys(properties), ...nested];
    assert.ok(known.includes('failover.port') && known.includes('tlsOptions.insecure') && known.length > 20);
    for (const each of known) {
      const [field = '', inner] = each.split('.');
      const inside = field === 'failover' ? [{ [inner ?? '']: null }] : { [inner ?? '']: null };
      const reason = reasonOf({ host: 'h', [field]: inner === undefined ? null : inside });
      assert.doesNotMatch(reason, /unknown/, each);
      // Whoever adds one here has to add it there.
      assert.match(reason, /that is not/, each);
    }
    const fields = Object.keys(fullEntry).concat(Object.keys(fullEntry.tlsOptions).map((each) => `tlsOptions.${each}`));
    assert.deepEqual(
      fields.filter((each) => !known.includes(each)),
      [],
    );
  });

  it('leaves the good ones of a list as they are', () => {
    const { entries, problems } = readEntries([{ host: 'a' }, { name: 'bad one', port: 1 }, { host: 'c' }]);
    assert.deepEqual(
      entries.map(({ host }) => host),
      ['a', 'c'],
    );
    assert.deepEqual(problems, [{ index: 1, name: 'bad one', reason: 'names neither a host nor a uri' }]);
  });

  it('never makes it throw anything but an AppError', () => {
    const keys = fc.constantFrom(
      'name',
      'uri',
      'host',
      'port',
      'tls',
      'failover',
      'tlsOptions',
      '__proto__',
      'password',
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue())), (value) => {
        readEntries([value]);
      }),
      { numRuns: 1_000 },
    );
  });
});
