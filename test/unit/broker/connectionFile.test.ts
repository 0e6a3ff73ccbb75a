import assert from 'node:assert/strict';
import { formatConnectionFile, parseConnectionFile } from '../../../src/broker/connectionFile.ts';
import type { ConnectionProfile } from '../../../src/broker/profile.ts';
import { AppError } from '../../../src/common/errors.ts';

const profile: ConnectionProfile = {
  id: 'x-1',
  name: 'team',
  host: 'h',
  port: 5671,
  tls: true,
  vhost: '/',
  username: 'ann',
};

function reasonOf(text: string): string {
  try {
    parseConnectionFile(text);
  } catch (error) {
    assert.ok(error instanceof AppError && error.is('invalidInput'), String(error));
    return error.params.reason;
  }
  assert.fail('it was accepted');
}

const file = (connections: unknown, more: object = {}): string =>
  JSON.stringify({ kind: 'warren.connections', version: 1, connections, ...more });

describe('a file of connections', () => {
  it('is read as it was written, without ids', () => {
    const other = { ...profile, id: 'x-2', name: 'other', vhost: 'a/b', managementUrl: 'https://m.example' };
    const { id: _, ...first } = profile;
    const { id: __, ...second } = other;
    assert.deepEqual(parseConnectionFile(formatConnectionFile([profile, other])), [first, second]);
  });

  it('is read as it was written also where a certificate is the login, and so no user name', () => {
    const external = { ...profile, username: '', authentication: 'external' } as const;
    const { id: _, ...entry } = external;
    assert.deepEqual(parseConnectionFile(formatConnectionFile([external])), [entry]);
  });

  it('has nothing in it that a profile should not have, even where it has', () => {
    const leaking = { ...profile, password: 'hunter2', tlsPassphrase: 'hunter2', note: 'hunter2' };
    const text = formatConnectionFile([leaking]);
    assert.doesNotMatch(text, /hunter2|x-1/);
    assert.match(text, /"version": 1/);
  });

  it('is refused as a whole when it is not one, or one entry is bad', () => {
    assert.match(reasonOf('{'), /not JSON/);
    assert.match(reasonOf('[]'), /not a JSON object/);
    assert.match(reasonOf('{}'), /no connections exported by Warren/);
    assert.match(reasonOf(file([{ host: 'h' }], { version: 2 })), /another version/);
    assert.match(reasonOf(file([{ host: 'h' }], { extra: 1 })), /has a field beside/);
    assert.match(reasonOf(file([])), /no list/);
    assert.match(reasonOf(file({})), /no list/);
    assert.match(reasonOf(file(Array.from({ length: 1_001 }, () => ({ host: 'h' })))), /more than 1000/);
    assert.match(
      reasonOf(file([{ host: 'h' }, { name: 'b', host: 'h', x: 1 }])),
      /connection 2 \(b\) has an unknown field: "x"/,
    );
    assert.match(reasonOf(file([1, 2, 3])), /connection 1 must be an object. 2 more cannot be used either/);
  });

  it('is refused with a secret in it, which is not repeated', () => {
    for (const entry of [{ host: 'h', password: 'hunter2' }, { uri: 'amqp://a:hunter2@h' }]) {
      const reason = reasonOf(file([{ host: 'good' }, entry]));
      assert.match(reason, /connection 2 has .*must not stand there/);
      assert.doesNotMatch(reason, /hunter2/);
    }
    assert.doesNotMatch(reasonOf('{"password":"hunter2",'), /hunter2/);
  });
});
