import { queueTail } from '../../src/broker/consume/queueTail.ts';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { temporaryFolder } from '../../scripts/lib/owned.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { parseAmqpUri } from '../../src/broker/amqpUri.ts';
import type { ConnectionProfile, ConnectionSecrets } from '../../src/broker/profile.ts';
import { Session } from '../../src/broker/session.ts';
import { systemClock } from '../../src/common/clock.ts';
import { AppError } from '../../src/common/errors.ts';
import { errorText } from '../../src/ui/errorText.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { distinctiveSecret, everythingOf, type Secret, SecretSearch } from '../support/secrets.ts';
import { waitFor } from '../support/waitFor.ts';
import { plainTraits } from './support/core.ts';

describe('the secrets of sessions', () => {
  const secrets: Secret[] = [];
  /** All that was told, in words and as a debugger would show it. */
  const told: string[] = [];
  const codes = new Set<string>();
  const sessions: Session[] = [];
  const folder = temporaryFolder('secrets');
  const user = 'ann-of-the-search';
  let vhost: FreshVhost;

  const newSecret = (name: string): string => {
    const { value, searched } = distinctiveSecret(name);
    secrets.push(...searched);
    return value;
  };
  const password = newSecret('of the user');
  const wrong = newSecret('that is refused');
  const managementPassword = newSecret('of the management API');
  const passphrase = newSecret('of a key file');

  before(async () => {
    vhost = await freshVhost();
    await vhost.management.createUser(user, password, 'management');
    await vhost.management.grant(vhost.vhost, user, { configure: '.*', write: '.*', read: '.*' });
  });
  after(async () => {
    await Promise.all(sessions.map((session) => session.dispose()));
    await vhost.management.deleteUser(user);
    await vhost.dispose();
    folder.remove();
  });

  function tell(value: unknown): void {
    told.push(everythingOf(value), inspect(value, { depth: 8, showHidden: true }));
    if (!(value instanceof AppError)) return;
    codes.add(value.code);
    told.push(errorText(value), value.message, value.stack ?? '', JSON.stringify(value.detail));
  }

  function sessionOf(overrides: Partial<ConnectionProfile> = {}, own: ConnectionSecrets = { password }): Session {
    const { target } = parseAmqpUri(vhost.amqpUrl);
    const profile = { id: 'p', name: 'Test', ...target, username: user, ...overrides };
    const session = new Session({ profile, secrets: async () => own, knownQueues: [], clock: systemClock });
    sessions.push(session);
    session.onDidChange(() => {
      const { state, management } = session;
      tell(state);
      if ('error' in state) tell(state.error);
      if (management) tell(management);
      if (session.queues.failure) tell(session.queues.failure);
    });
    return session;
  }

  async function failing(overrides: Partial<ConnectionProfile>, own?: ConnectionSecrets): Promise<void> {
    const session = sessionOf(overrides, own);
    const error = await session.connect().then(
      () => assert.fail('it connected'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof AppError, String(error));
    tell(error);
    await session.close();
  }

  async function managed(overrides: Partial<ConnectionProfile>, own?: ConnectionSecrets): Promise<Session> {
    const session = sessionOf({ managementUrl: vhost.managementUrl, ...overrides }, own);
    await session.connect();
    await waitFor(() => session.management !== undefined, { describe: 'an answer about the management API' });
    tell(session.management);
    return session;
  }

  it('are used: to publish and to tail, until the broker ends the connection', async () => {
    const session = await managed({});
    assert.equal(session.management?.kind, 'available');
    await session.admin.declare({ name: 'q', durable: true, arguments: {} });
    const draft = { exchange: '', routingKey: 'q', content: Buffer.from('x'), properties: {} };
    tell(await session.publisher.publish(draft));
    tell(await session.publisher.publish({ ...draft, exchange: 'nowhere' }));
    const buffer = { messages: 10, bytes: 1e6 };
    const tail = session.openTail(queueTail({ queue: 'q', mode: 'hold', prefetch: 1, traits: plainTraits, buffer }));
    tail.onDidChangeStatus(tell);
    await tail.start();
    const before = told.length;
    // The list of connections lags by seconds.
    await waitFor(
      async () => {
        const all = (await vhost.management.request('GET', 'connections')) as { name: string; user: string }[];
        const own = all.filter((each) => each.user === user);
        for (const { name } of own) await vhost.management.request('DELETE', `connections/${encodeURIComponent(name)}`);
        return own.length >= 3;
      },
      { timeoutMs: 15_000, describe: 'its connections in the list' },
    );
    await waitFor(() => told.slice(before).some((text) => text.includes('brokerClosed')), { describe: 'the end' });
    await session.close();
  });

  it('are used: where the broker, the network or TLS refuses', async () => {
    await failing({}, { password: wrong });
    await failing({ vhost: 'not there' });
    await failing({ port: await freePort() });
    await failing({ host: 'nowhere.invalid' });
    await failing({ tls: true });
    await failing({ port: vhost.managementPort, connectTimeoutSeconds: 1 });
    await failing({ authentication: 'amqplain' }, { password: wrong });
    const pfxFile = join(folder.path, 'garbage.pfx');
    writeFileSync(pfxFile, 'garbage');
    await failing({ tls: true, tlsOptions: { pfxFile } }, { password, tlsPassphrase: passphrase });
    const keyFile = join(folder.path, 'garbage.pem');
    writeFileSync(keyFile, `-----BEGIN PRIVATE KEY-----\n${passphrase}\n-----END PRIVATE KEY-----\n`);
    const tlsOptions = { certFile: keyFile, keyFile };
    await failing({ tls: true, tlsOptions }, { password, tlsPassphrase: passphrase });
  });

  it('are used: where the management API refuses, redirects, or repeats whatever it was sent', async () => {
    await vhost.management.createUser('plain-of-the-search', managementPassword);
    try {
      const managementUsername = 'plain-of-the-search';
      const refused = await managed({ managementUsername }, { password, managementPassword });
      assert.equal(refused.management?.kind, 'forbidden');
      await managed({ managementUsername: 'nobody' }, { password, managementPassword });
    } finally {
      await vhost.management.deleteUser('plain-of-the-search');
    }
    const echo = createServer(({ headers, url }, response) => {
      const { authorization = '' } = headers;
      const login = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
      if (authorization === '') response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
      else if (url?.includes('whoami') === true) {
        response.writeHead(302, { location: `/${encodeURIComponent(login)}?${authorization}` }).end();
      } else response.writeHead(500).end(JSON.stringify({ error: login, reason: `${authorization} ${login}` }));
    });
    await new Promise<void>((resolve) => void echo.listen(0, '127.0.0.1', resolve));
    const { port } = echo.address() as AddressInfo;
    try {
      const session = await managed({ managementUrl: `http://127.0.0.1:${port}` });
      assert.equal(session.management?.kind, 'absent');
      assert.match(JSON.stringify(session.management), /redirects/);
    } finally {
      echo.close();
      echo.closeAllConnections();
    }
  });

  it('are in nothing that was told of all this, nor in any cause of it', () => {
    const all = told.join('\n');
    for (const code of ['badCredentials', 'connectionRefused', 'hostNotFound', 'tlsNotSpoken', 'tlsFileInvalid']) {
      assert.ok(codes.has(code), `${code} was not told; there were ${[...codes].join(', ')}`);
    }
    assert.ok(all.includes(user));
    assert.deepEqual(new SecretSearch(secrets).in(all), []);
  });
});
