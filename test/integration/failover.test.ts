import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { BrokerConnection } from '../../src/broker/connection/connection.ts';
import { isOpen } from '../../src/broker/connection/state.ts';
import { parseAmqpUri } from '../../src/broker/amqpUri.ts';
import type { HostPort } from '../../src/broker/profile.ts';
import { Session } from '../../src/broker/session.ts';
import { systemClock } from '../../src/common/clock.ts';
import { toAppError } from '../../src/common/errors.ts';
import { errorText } from '../../src/ui/errorText.ts';
import { freePorts } from '../../scripts/lib/ports.mjs';
import { freshVhost, ownBroker, type FreshVhost, type OwnBroker } from '../support/broker.ts';
import { TcpProxy } from '../support/tcpProxy.ts';
import { waitFor } from '../support/waitFor.ts';
import { codeOf, Core } from './support/core.ts';

const host = '127.0.0.1';

describe('a connection to several hosts', function () {
  this.timeout(30_000);
  let vhost: FreshVhost;
  let core: Core;
  const closers: (() => unknown)[] = [];
  before(async () => {
    vhost = await freshVhost();
    core = new Core(vhost.amqpUrl);
  });
  afterEach(async () => {
    await core.dispose();
    await Promise.all(closers.splice(0).map((close) => close()));
  });
  after(() => vhost.dispose());

  function to([first, ...failover]: number[], password?: string): BrokerConnection {
    const others = failover.map((port) => ({ host, port }));
    return core.connection({ host, port: first ?? 0, failover: others, connectTimeoutSeconds: 1 }, password);
  }

  async function proxy(): Promise<TcpProxy> {
    const made = await TcpProxy.to(vhost.amqpPort);
    closers.push(() => made.dispose());
    return made;
  }

  /** Listens, counts, and never says a word. */
  async function silent(): Promise<{ readonly port: number; count(): number }> {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    server.listen(0, host);
    await once(server, 'listening');
    closers.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return { port: (server.address() as AddressInfo).port, count: () => sockets.length };
  }

  /** The port of a server that speaks first, and not AMQP. */
  async function greeting(): Promise<number> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('220 mail.example ESMTP ready\r\n');
    });
    server.listen(0, host);
    await once(server, 'listening');
    closers.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  it('closed before it has begun to dial opens none that nobody would close', async () => {
    const only = await proxy();
    const connection = to([only.port]);
    const connecting = codeOf(connection.connect());
    await connection.close();
    assert.equal(await connecting, 'cancelled');
    await to([only.port]).connect();
    assert.equal(only.connections, 1);
  });

  it('opens to the first, without trying the others', async () => {
    const other = await silent();
    const connection = to([vhost.amqpPort, other.port]);
    await connection.connect();
    assert.deepEqual(nodeOf(connection), { host, port: vhost.amqpPort });
    assert.deepEqual(isOpen(connection.state) && connection.state.server.passedOver, []);
    assert.equal(other.count(), 0);
  });

  it('goes on to the next where nothing listens and where nobody answers, and knows why', async () => {
    const closed = await closedPort();
    const { port: mute } = await silent();
    const connection = to([closed, mute, vhost.amqpPort]);
    await connection.connect();
    assert.deepEqual(nodeOf(connection), { host, port: vhost.amqpPort });
    assert.ok(isOpen(connection.state));
    assert.deepEqual(
      connection.state.server.passedOver.map(({ port, error }) => [port, error.code]),
      [
        [closed, 'connectionRefused'],
        [mute, 'timeout'],
      ],
    );
  });

  it('goes on to the next where something else than a broker answers', async () => {
    const other = await greeting();
    const connection = to([other, vhost.amqpPort]);
    await connection.connect();
    assert.deepEqual(nodeOf(connection), { host, port: vhost.amqpPort });
    assert.ok(isOpen(connection.state));
    assert.deepEqual(
      connection.state.server.passedOver.map(({ error }) => error.code),
      ['notAmqp'],
    );
  });

  it('fails for good where no host can ever do, and says so of the first', async () => {
    const [one, two] = [await greeting(), await greeting()];
    const connection = to([one, two]);
    const error = await connection.connect().then(() => undefined, toAppError);
    assert.deepEqual([error?.code, error?.params], ['notAmqp', { host, port: one }]);
    assert.equal(connection.state.kind, 'failed');
  });

  it('stops at a refused password: the others would refuse it too, and may lock the user', async () => {
    const other = await silent();
    const connection = to([vhost.amqpPort, other.port], 'wrong');
    assert.equal(await codeOf(connection.connect()), 'badCredentials');
    assert.equal(connection.state.kind, 'failed');
    assert.equal(other.count(), 0);
  });

  it('names every host and its reason when none can be reached, and tries again', async () => {
    const ports = [await closedPort(), await closedPort()];
    const connection = to(ports);
    const error = await connection.connect().then(() => undefined, toAppError);
    assert.equal(error?.code, 'noHostReachable');
    assert.equal(
      errorText(error),
      `None of the 2 hosts could be connected to. ${ports
        .map((port) => `${host}:${port}: Nothing listens on ${host}, port ${port}.`)
        .join(' ')}`,
    );
    await waitFor(() => connection.state.kind === 'waiting' && connection.state.attempt >= 2, {
      describe: 'a second attempt',
    });
  });

  it('goes over to the next when its own goes, and back when that one goes', async () => {
    const [one, two] = [await proxy(), await proxy()];
    const connection = to([one.port, two.port]);
    const isAt = (port: number) =>
      waitFor(() => nodeOf(connection)?.port === port, { describe: () => `${port}, not ${connection.state.kind}` });
    await connection.connect();
    assert.equal(nodeOf(connection)?.port, one.port);
    one.refuse(true);
    one.cut();
    await isAt(two.port);
    one.refuse(false);
    two.cut();
    await isAt(one.port);
  });

  it('can be closed while it tries them', async () => {
    const { port } = await silent();
    const connection = to([port, port, port]);
    const attempt = codeOf(connection.connect());
    const began = Date.now();
    await connection.close();
    assert.equal(await attempt, 'cancelled');
    assert.ok(Date.now() - began < 500);
  });
});

describe('a session with two brokers', function () {
  this.timeout(60_000);
  let brokers: OwnBroker[];
  before(async () => {
    brokers = await Promise.all([brokerWithUsualPorts(), brokerWithUsualPorts()]);
  });
  after(() => Promise.all(brokers.map((broker) => broker.dispose())));

  it('goes over to the second when the first is killed, with its management API', async () => {
    const [first, second] = brokers;
    assert.ok(first && second);
    const { target, password } = parseAmqpUri(`${first.amqpUrl},${host}:${second.amqpPort}`);
    const profile = { ...target, id: 'p', name: 'two' };
    const secrets = async () => ({ password });
    const session = new Session({ profile, secrets, knownQueues: [], clock: systemClock });
    const managementUrl = () => (session.management?.kind === 'available' ? session.management.client.url : '');
    const isAt = async ({ amqpPort, managementPort }: OwnBroker) => {
      await waitFor(() => session.server?.at.port === amqpPort, { describe: `AMQP on ${amqpPort}` });
      await waitFor(() => managementUrl() === `http://${host}:${managementPort}`, {
        describe: () => `the API on ${managementPort}, not ${managementUrl()}`,
      });
    };
    try {
      await session.connect();
      await isAt(first);
      await session.admin.declare({ name: 'on-the-first', durable: true, arguments: {} });
      await first.kill();
      await isAt(second);
      await session.admin.declare({ name: 'on-the-second', durable: true, arguments: {} });
      await session.refreshQueues([], true);
      assert.deepEqual(
        session.queues.entries().map(({ name }) => name),
        ['on-the-second'],
      );
    } finally {
      await session.dispose();
    }
  });

  it('passes over a node that does not serve the vhost, and fails for good only when none does', async () => {
    const [first, second] = brokers;
    assert.ok(first && second);
    if (first.pid === undefined) await first.start();
    const vhost = await freshVhost(second);
    const core = new Core(vhost.amqpUrl);
    try {
      const failover = [{ host, port: second.amqpPort }];
      const connection = await core.connected({ port: first.amqpPort, failover });
      assert.ok(isOpen(connection.state));
      assert.equal(connection.state.server.at.port, second.amqpPort);
      const refused = core.connection({ port: first.amqpPort, failover, vhost: 'nowhere' });
      await assert.rejects(refused.connect(), { code: 'vhostNotFound' });
      assert.equal(refused.state.kind, 'failed');
    } finally {
      await core.dispose();
      await vhost.dispose();
    }
  });
});

async function closedPort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

function nodeOf({ state }: BrokerConnection): HostPort | undefined {
  return isOpen(state) ? state.server.at : undefined;
}

/** Its management API is 10,000 above AMQP, where Warren looks for it. */
async function brokerWithUsualPorts(): Promise<OwnBroker> {
  const [amqpPort = 0] = await freePorts(1);
  return ownBroker({ amqpPort, managementPort: amqpPort + 10_000 });
}
