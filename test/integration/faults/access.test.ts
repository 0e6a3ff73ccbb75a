import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { ConnectionProfile } from '../../../src/broker/profile.ts';
import type { ErrorCode } from '../../../src/common/errors.ts';
import { Authority, loopback } from '../../support/certificates.ts';
import { ownBroker, sharedBroker, type OwnBroker } from '../../support/broker.ts';
import { waitFor } from '../../support/waitFor.ts';
import { received } from '../support/core.ts';
import { comesTo, endOf, errorIn, failureOf, isTold, nothingUnhandled, Scene, tailComesTo } from './scene.ts';

describe('faults of what a person may do', function () {
  this.timeout(30_000);
  nothingUnhandled();
  let scene: Scene;
  let user: string;
  beforeEach(async () => {
    scene = await Scene.on();
    user = `user-${scene.vhost.vhost}`;
    await scene.vhost.management.createUser(user, 'its password', 'management');
    await grant('.*');
  });
  afterEach(async () => {
    await scene.dispose();
    await scene.vhost.management.deleteUser(user).catch(() => undefined);
  });

  const grant = (what: string): Promise<void> =>
    scene.vhost.management.grant(scene.vhost.vhost, user, { configure: what, write: what, read: what });
  const revoke = (): Promise<unknown> =>
    scene.vhost.management.request('DELETE', `permissions/${scene.vhost.vhost}/${user}`);

  it('17: a queue deleted while it is tailed ends its tail, and no other', async () => {
    const session = await scene.connected();
    await scene.fill(session, 'q', 2);
    await scene.fill(session, 'other', 1);
    const [tail, other] = [await scene.tail(session, 'q'), await scene.tail(session, 'other')];
    await received(tail, 2);
    await received(other, 1);
    await session.admin.delete('q');
    await tailComesTo(tail, 'ended');
    isTold(endOf(tail), 'queueNotFound', /^Queue q does not exist/);
    assert.deepEqual([scene.ack(tail, [1]), tail.stateOf(1)], [0, 'lost']);
    assert.deepEqual([session.state.kind, other.status.kind, other.heldCount], ['open', 'running', 1]);
    for (const id of ['m1', 'm2']) scene.ledger.gaveUp(id);
    await other.stop();
    await scene.balance('other');
  });

  it('17: a vhost deleted while it is in use stops the connection after a few attempts, and the management API tells why', async () => {
    const session = await scene.connected();
    await scene.fill(session, 'q', 1);
    const tail = await scene.tail(session, 'q');
    await received(tail, 1);
    await scene.vhost.dispose();
    await comesTo(session, 'waiting');
    await waitFor(
      () => {
        session.retry();
        return session.state.kind === 'failed';
      },
      { describe: () => `failed, not ${session.state.kind}` },
    );
    const failed = await comesTo(session, 'failed');
    isTold(failed.error, 'vhostNotFound', /^Virtual host test-\S+ does not exist on this broker/);
    await tailComesTo(tail, 'ended');
    // Its queue went first.
    assert.ok(['queueNotFound', 'vhostNotFound'].includes(endOf(tail)?.code ?? ''), String(endOf(tail)));
    assert.equal(scene.ack(tail, [1]), 0);
  });

  it('17: a vhost that is missing for a while, as one that is still loaded from definitions, is come back to', async function () {
    this.timeout(60_000);
    const session = await scene.connected();
    const { vhost, management, user: owner } = scene.vhost;
    await management.deleteVhost(vhost);
    await waitFor(() => session.state.kind === 'waiting' && session.state.error.code === 'vhostNotFound', {
      describe: () => `waiting for the vhost, not ${session.state.kind}`,
    });
    await management.createVhost(vhost, owner);
    await comesTo(session, 'open', 30_000);
  });

  it('17: a user deleted while connected stops the connection at once', async () => {
    const session = await scene.connected({ username: user }, 'its password');
    await scene.fill(session, 'q', 1);
    const tail = await scene.tail(session, 'q');
    await received(tail, 1);
    await scene.vhost.management.deleteUser(user);
    const failed = await comesTo(session, 'failed');
    isTold(failed.error, 'badCredentials', new RegExp(`refused user ${user} with this password`));
    await tailComesTo(tail, 'ended');
    isTold(endOf(tail), 'badCredentials', /refused user/);
    const balance = await scene.balance('q');
    assert.equal(balance.inQueues, 1);
  });

  it('18: permissions taken away in the middle are told in the broker’s words, and end nothing else', async () => {
    const session = await scene.connected({ username: user }, 'its password');
    await scene.fill(session, 'q', 1);
    const tail = await scene.tail(session, 'q');
    await received(tail, 1);
    await grant('^$');
    const declaring = session.admin.declare({ name: 'new', durable: true, arguments: {} });
    isTold(await failureOf(declaring), 'noPermission', /^The broker refused it: .*refused for user/);
    // A channel remembers what it was allowed: this is a new one.
    const late = await scene.connected({ username: user }, 'its password');
    const [outcome] = await scene.publish(late, scene.drafts('q', 1));
    isTold(errorIn(outcome), 'noPermission', /^The broker refused it: .*refused for user/);
    assert.deepEqual([session.state.kind, tail.status.kind, tail.stateOf(1)], ['open', 'running', 'held']);
    await grant('.*');
    assert.equal((await scene.publish(late, scene.drafts('q', 1)))[0]?.kind, 'routed');
    await tail.stop();
    await scene.balance('q');
  });

  it('18: a vhost that the user may no longer use is told apart from one that is missing', async () => {
    await scene.vhost.management.createUser(user, 'its password', 'administrator');
    await revoke();
    isTold(
      await failureOf(scene.session({ username: user }, 'its password').connect()),
      'vhostForbidden',
      new RegExp(`^User ${user} has no permissions in virtual host test-`),
    );
    // An API that tells this user nothing leaves both possible.
    await scene.vhost.management.createUser(user, 'its password', 'management');
    isTold(
      await failureOf(scene.session({ username: user }, 'its password').connect()),
      'vhostUnavailable',
      /it does not exist, or user \S+ has no access, or a connection limit is reached/,
    );
  });

  it('24: a connection limit is told from a missing vhost, and is tried again', async () => {
    const limits = `vhost-limits/${scene.vhost.vhost}/max-connections`;
    await scene.vhost.management.request('PUT', limits, { value: 0 });
    const session = scene.session();
    isTold(await failureOf(session.connect()), 'vhostRefused', /a connection limit is reached, or it is not running/);
    assert.equal(session.state.kind, 'waiting');
    await scene.vhost.management.request('DELETE', limits);
    await comesTo(session, 'open');
  });
});

describe('24: what cannot be connected to', function () {
  this.timeout(60_000);
  nothingUnhandled();
  let authority: Authority;
  let broker: OwnBroker;
  let silent: Awaited<ReturnType<typeof silentListener>>;
  let scene: Scene;
  before(async () => {
    authority = await Authority.create();
    const { cacertfile } = authority;
    const certificate = await authority.issue({ name: 'server', hosts: loopback });
    broker = await ownBroker({ tls: { ...certificate, cacertfile } });
    silent = await silentListener();
    scene = await Scene.on(broker);
  });
  afterEach(() => scene.close());
  after(async () => {
    silent.close();
    await broker.dispose();
    authority.dispose();
  });

  type Row = readonly [string, () => Partial<ConnectionProfile>, ErrorCode, RegExp, 'failed' | 'waiting', string?];
  const rows: readonly Row[] = [
    ['a wrong vhost', () => ({ vhost: 'nowhere' }), 'vhostNotFound', /^Virtual host nowhere does not exist/, 'failed'],
    ['a wrong password', () => ({}), 'badCredentials', /refused user guest with this password/, 'failed', 'wrong'],
    [
      'a port where nothing listens',
      () => ({ port: 1 }),
      'connectionRefused',
      /^Nothing listens on .*, port 1/,
      'waiting',
    ],
    ['a host that is not there', () => ({ host: 'nowhere.invalid' }), 'hostNotFound', /^The host nowhere/, 'waiting'],
    ['TLS to a plain port', () => ({ tls: true }), 'tlsNotSpoken', /does not speak TLS on port/, 'failed'],
    ['no TLS to a TLS port', () => ({ port: broker.tlsPort ?? 0 }), 'closedInHandshake', /may want TLS/, 'waiting'],
    [
      'a certificate that nobody trusts',
      () => ({ host: 'localhost', port: broker.tlsPort ?? 0, tls: true }),
      'tlsUntrusted',
      /^The certificate of localhost is not trusted/,
      'failed',
    ],
    [
      '::1, where the broker does not listen',
      () => ({ host: '::1' }),
      'connectionRefused',
      /^Nothing listens/,
      'waiting',
    ],
    [
      'a listener that never says a word',
      () => ({ port: silent.port, connectTimeoutSeconds: 1 }),
      'timeout',
      /^No answer within 1 s/,
      'waiting',
    ],
    [
      'an HTTP port',
      () => ({ port: broker.managementPort, connectTimeoutSeconds: 1 }),
      'timeout',
      /^No answer within 1 s/,
      'waiting',
    ],
  ];
  for (const [what, profile, code, text, state, password] of rows) {
    it(`${what} is told in plain words, and ${state === 'failed' ? 'not tried again' : 'tried again'}`, async () => {
      const session = scene.session(profile(), password);
      isTold(await failureOf(session.connect()), code, text);
      assert.equal(session.state.kind, state);
      await session.close();
      assert.equal(session.state.kind, 'closed');
    });
  }

  it('can be given up while it is tried, and is not tried again then', async () => {
    const session = scene.session({ port: silent.port });
    const giveUp = new AbortController();
    const connecting = failureOf(session.connect(giveUp.signal));
    await comesTo(session, 'connecting');
    giveUp.abort();
    isTold(await connecting, 'cancelled', /Cancelled/);
    await comesTo(session, 'closed');
  });

  it('goes on being tried when someone else gives up waiting for it', async () => {
    const session = scene.session({ port: 1 });
    await failureOf(session.connect());
    const giveUp = new AbortController();
    const waiting = failureOf(session.connect(giveUp.signal));
    giveUp.abort();
    isTold(await waiting, 'cancelled', /Cancelled/);
    assert.ok(session.state.kind === 'waiting' || session.state.kind === 'connecting', session.state.kind);
  });
});

/** A server that accepts connections and never says a word. */
async function silentListener(): Promise<{ port: number; close(): void }> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, sharedBroker().host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
