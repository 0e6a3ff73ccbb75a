import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { readEntries, readEntry } from '../../../src/broker/connectionEntry.ts';
import { formatConnectionFile, parseConnectionFile } from '../../../src/broker/connectionFile.ts';
import { AppError } from '../../../src/common/errors.ts';
import { parseAddLink } from '../../../src/ui/connections/addLink.ts';
import { consentDetail, sharedProfile, withFilesIn } from '../../../src/ui/connections/sharedProfile.ts';
import { anyJson, fuzz, inherited, jsonOf, mostly, noSecretIn, parsed, resultOrAppError, secret } from './fuzz.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', 'mq.test', '::1', 'x'.repeat(10_000)),
);
const host = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('mq.test', '::1', '10.0.0.1') },
  { weight: 1, arbitrary: text },
);
const port = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 65_535 }) },
  { weight: 1, arbitrary: fc.double() },
);

/** An entry as a person writes it, with a mistake now and then, and now and then with a password where none may be. */
const entry = secret.chain((password) => {
  const encoded = encodeURIComponent(password);
  const value = fc.record(
    {
      name: mostly(text),
      uri: mostly(
        fc.constantFrom(
          'amqp://mq.test',
          'amqps://ann@mq.test:1/v',
          `amqp://ann:${encoded}@mq.test`,
          `amqp://x:${password}@`,
        ),
      ),
      host: mostly(host),
      port: mostly(port),
      tls: mostly(fc.boolean()),
      vhost: mostly(text),
      username: mostly(text),
      failover: mostly(fc.array(fc.record({ host, port }), { maxLength: 3 })),
      tlsOptions: mostly(
        fc.record(
          { caFiles: fc.array(text, { maxLength: 2 }), certFile: text, insecure: mostly(fc.constant(true)) },
          { requiredKeys: [] },
        ),
      ),
      authentication: mostly(fc.constantFrom('external', 'amqplain')),
      heartbeatSeconds: mostly(fc.integer({ min: 0, max: 700 })),
      managementUrl: mostly(fc.constantFrom('http://h', `http://ann:${encoded}@h`, `http://h/?password=${encoded}`)),
      managementUsername: mostly(text),
      password: fc.constant(password),
      Password: fc.constant({ password }),
      passphrase: fc.constant(password),
      more: anyJson,
    },
    { requiredKeys: [] },
  );
  // Most fields are not there, or nothing would be right.
  const kept = fc.subarray(
    [
      'name',
      'host',
      'port',
      'tls',
      'vhost',
      'username',
      'uri',
      'failover',
      'tlsOptions',
      'authentication',
      'heartbeatSeconds',
      'managementUrl',
      'managementUsername',
      'password',
      'Password',
      'passphrase',
      'more',
    ],
    { maxLength: 7 },
  );
  const odd = fc.dictionary(inherited, fc.constant(password), { maxKeys: 1 });
  return fc.tuple(value, kept, fc.option(odd, { freq: 10, nil: {} })).map(([all, names, other]) => ({
    password,
    value: Object.fromEntries([
      ...Object.entries(all).filter(([key]) => names.includes(key)),
      ...Object.entries(other),
    ]),
  }));
});

describe('fuzz: shared connections', () => {
  it('in settings are read or refused, and nothing that is told has their passwords in it', async () => {
    await fuzz(entry, async ({ password, value }) => {
      const read = await resultOrAppError(() => readEntry(parsed(value)), [password]);
      if (read instanceof AppError) return;
      assert.equal(Object.getPrototypeOf(read), Object.prototype);
      const profile = sharedProfile(withFilesIn(read, '/work space'));
      noSecretIn(JSON.stringify(profile) + consentDetail(profile), [password]);
    });
  });

  it('in lists and files are read or refused as a whole, and come back as they were exported', async () => {
    const list = fc.oneof(
      { weight: 8, arbitrary: fc.array(entry, { minLength: 1, maxLength: 3 }) },
      { weight: 1, arbitrary: anyJson },
    );
    const shell = fc.record({
      kind: mostly(fc.constant('warren.connections')),
      version: mostly(fc.constant(1)),
      cut: fc.option(fc.nat(200), { freq: 8 }),
    });
    await fuzz(fc.tuple(list, shell), async ([all, { kind, version, cut }]) => {
      const entries = Array.isArray(all) ? all.filter(isEntry) : [];
      const passwords = entries.map(({ password }) => password);
      const values = entries.length > 0 ? entries.map(({ value }) => value) : all;
      const { entries: right, problems } = readEntries(arrayOf(parsed(values)));
      noSecretIn(JSON.stringify([right, problems]), passwords);
      const file = jsonOf({ kind, version, connections: values }).slice(0, cut ?? undefined);
      await resultOrAppError(() => parseConnectionFile(file), passwords);
      if (right.length === 0) return;
      const exported = formatConnectionFile(
        right.map((each, i) => ({ ...each, id: String(i), password: passwords[0] })),
      );
      noSecretIn(exported, passwords);
      assert.deepEqual(parseConnectionFile(exported), right);
    });
  });

  it('in links are read or refused, and no reason has their password in it', async () => {
    const link = secret.chain((password) =>
      fc.record({
        password: fc.constant(password),
        path: fc.constantFrom('/add', '/add', '/add', '/remove', ''),
        query: fc
          .tuple(
            text,
            fc.constantFrom(password, encodeURIComponent(password)),
            text,
            fc.constantFrom('', '&name=', '&uri=', '&x=', '&'),
          )
          .map(([user, word, place, end]) => `uri=amqp://${user}:${word}@${place}${end}${user}`),
      }),
    );
    await fuzz(link, async ({ password, path, query }) => {
      const read = await resultOrAppError(() => parseAddLink({ path, query }), [password]);
      if (!(read instanceof AppError)) noSecretIn(JSON.stringify(read.entry), [password]);
    });
  });
});

function isEntry(value: unknown): value is { password: string; value: object } {
  return typeof value === 'object' && value !== null && 'password' in value && 'value' in value;
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
