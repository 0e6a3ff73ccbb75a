import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChannelHandle } from '../../src/broker/connection/channel.ts';
import { BrokerConnection } from '../../src/broker/connection/connection.ts';
import { isOpen } from '../../src/broker/connection/state.ts';
import { Publisher } from '../../src/broker/publish/publisher.ts';
import { systemClock } from '../../src/common/clock.ts';
import { startBroker } from '../../scripts/lib/broker.mjs';
import { freshVhost, sharedBroker, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { codeOf, Core } from './support/core.ts';

/** Servers that listen, on both loopback addresses, and never say a word. */
async function silentListener(): Promise<{ port: number; close(): void }> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** amqplib's type leaves it out. */
function numberOf({ raw }: ChannelHandle): number {
  return (raw as unknown as { ch: number }).ch;
}

async function reopened(connection: BrokerConnection): Promise<void> {
  await waitFor(() => isOpen(connection.state), { describe: () => `open, not ${connection.state.kind}` });
}

describe('a connection', () => {
  let vhost: FreshVhost;
  let core: Core;

  before(async () => {
    vhost = await freshVhost();
    core = new Core(vhost.amqpUrl);
  });

  afterEach(() => core.dispose());
  after(() => vhost.dispose());

  it('opens, and knows the broker’s product and version', async () => {
    const connection = await core.connected();
    assert.equal(connection.state.kind, 'open');
    assert.ok(isOpen(connection.state));
    assert.equal(connection.state.server.product, 'RabbitMQ');
    assert.match(connection.state.server.version, /^\d+\.\d+\.\d+/);
  });

  it('opens a vhost with an odd name as a user with an odd password', async () => {
    const { management } = vhost;
    const name = `${vhost.vhost}/é %2F#"'`;
    const user = `${vhost.vhost}-é:@`;
    await management.createUser(user, 'pä%:@/#');
    await management.createVhost(name, user);
    try {
      const connection = core.connection({ vhost: name, username: user }, 'pä%:@/#');
      await connection.connect();
      assert.equal(connection.state.kind, 'open');
    } finally {
      await core.dispose();
      await management.deleteVhost(name);
      await management.deleteUser(user);
    }
  });

  it('goes through its states in order, and back to closed', async () => {
    const connection = core.connection();
    const kinds: string[] = [];
    connection.onDidChangeState((state) => kinds.push(state.kind));
    await Promise.all([connection.connect(), connection.connect()]);
    await connection.connect();
    await connection.close();
    await connection.close();
    assert.deepEqual(kinds, ['connecting', 'open', 'closed']);
  });

  it('fails for good over a wrong password', async () => {
    const connection = core.connection({}, 'wrong');
    assert.equal(await codeOf(connection.connect()), 'badCredentials');
    assert.equal(connection.state.kind, 'failed');
  });

  it('fails for good over a missing vhost', async () => {
    const connection = core.connection({ vhost: 'no such vhost' });
    assert.equal(await codeOf(connection.connect()), 'vhostUnavailable');
    assert.equal(connection.state.kind, 'failed');
  });

  it('asks for the password at each attempt', async () => {
    const passwords = ['wrong', vhost.password];
    const asking = new BrokerConnection(
      core.target,
      async () => ({ password: passwords.shift() }),
      'test',
      systemClock,
    );
    assert.equal(await codeOf(asking.connect()), 'badCredentials');
    await asking.connect();
    assert.equal(asking.state.kind, 'open');
    await asking.close();
  });

  it('waits and tries again when the port refuses', async () => {
    const gone = await silentListener();
    gone.close();
    const connection = core.connection({ port: gone.port });
    assert.equal(await codeOf(connection.connect()), 'connectionRefused');
    assert.equal(connection.state.kind, 'waiting');
    await waitFor(() => connection.state.kind === 'waiting' && connection.state.attempt === 2, {
      describe: 'a second attempt',
    });
    await connection.close();
    assert.equal(connection.state.kind, 'closed');
  });

  it('gives up on the AMQP handshake with an HTTP port and with a silent listener', async () => {
    const silent = await silentListener();
    const [http, nothing] = await Promise.all([
      codeOf(core.connection({ port: sharedBroker().managementPort }).connect()),
      codeOf(core.connection({ port: silent.port, connectTimeoutSeconds: 1 }).connect()),
    ]).finally(() => silent.close());
    assert.ok(http === 'closedInHandshake' || http === 'notAmqp', http);
    assert.equal(nothing, 'timeout');
  });

  it('does not speak TLS to a plain port', async () => {
    assert.equal(await codeOf(core.connection({ tls: true }).connect()), 'tlsNotSpoken');
  });

  it('can be closed while it connects', async () => {
    const silent = await silentListener();
    const connection = core.connection({ port: silent.port });
    const attempt = codeOf(connection.connect());
    await connection.close();
    assert.equal(await attempt, 'cancelled');
    assert.equal(connection.state.kind, 'closed');
    silent.close();
  });

  it('reaches localhost on ::1 as well as on 127.0.0.1', async () => {
    const four = await core.connected({ host: 'localhost' });
    assert.equal(four.state.kind, 'open');
    const { port } = await core.proxy('::1');
    for (const host of ['localhost', '::1']) {
      const six = await core.connected({ host, port });
      assert.equal(six.state.kind, 'open');
    }
  });

  it('comes back after a cut, with new channels', async () => {
    const proxy = await core.proxy();
    const connection = await core.connected({ port: proxy.port });
    const channel = await connection.openChannel();
    proxy.cut();
    await waitFor(() => connection.state.kind === 'waiting', { describe: 'the cut is noticed' });
    assert.equal(channel.end?.code, 'notConnected');
    assert.equal(await codeOf(connection.openChannel()), 'notConnected');
    await reopened(connection);
    assert.equal((await connection.openChannel()).end, undefined);
  });

  it('never hangs on close towards a peer that went silent, nor leaves anyone waiting', async () => {
    const proxy = await core.proxy();
    const connection = await core.connected({ port: proxy.port });
    const channel = await connection.openChannel();
    const publisher = new Publisher(connection);
    const draft = { exchange: '', routingKey: 'nowhere', content: Buffer.from('x'), properties: {} };
    await publisher.publish(draft);
    proxy.swallow();
    const call = codeOf(channel.call('check', {}, (raw) => raw.checkQueue('q')));
    const publishing = publisher.publish(draft);
    await nextTurn();
    const began = Date.now();
    await connection.close();
    assert.ok(Date.now() - began < 5_000);
    assert.equal(await call, 'notConnected');
    assert.equal((await publishing).kind, 'unknown');
    assert.notEqual(channel.end, undefined);
    assert.ok(Date.now() - began < 5_000);
  });

  it('closes a channel that comes after its time-out', async () => {
    const proxy = await core.proxy();
    const connection = await core.connected({ port: proxy.port }, 300);
    const open = async (): Promise<number> => numberOf(await connection.openChannel());
    const first = await open();
    proxy.holdReplies();
    assert.equal(await codeOf(open()), 'timeout');
    proxy.release();
    // Channel numbers are used again as soon as they are free.
    let number = first + 2;
    await waitFor(
      async () => {
        number = await open();
        return number === first + 1;
      },
      { describe: () => `channel ${first + 1} again, not ${number}` },
    );
  });

  it('stays closed when a listener closes it as it hears of a failure', async () => {
    const timers: (() => void)[] = [];
    const clock = {
      ...systemClock,
      setTimeout: (fn: () => void) => {
        timers.push(fn);
        return { dispose: () => void timers.splice(timers.indexOf(fn), 1) };
      },
    };
    const target = { ...core.target, port: 1 };
    const connection = new BrokerConnection(target, async () => ({ password: '' }), 'test', clock);
    connection.onDidChangeState(({ kind }) => {
      if (kind === 'waiting') void connection.close();
    });
    await assert.rejects(connection.connect());
    assert.equal(connection.state.kind, 'closed');
    assert.equal(timers.length, 0);
  });

  it('never comes alive again once it is disposed of', async () => {
    const connection = await core.connected();
    await connection.dispose();
    assert.equal(await codeOf(connection.connect()), 'notConnected');
    assert.equal(await codeOf(connection.openChannel()), 'notConnected');
    assert.equal(connection.state.kind, 'closed');
  });

  it('says when all its channels are taken', async function () {
    this.timeout(30_000);
    const connection = await core.connected();
    const opening: Promise<unknown>[] = [];
    for (let i = 0; i < 2047; i++) opening.push(connection.openChannel());
    await Promise.all(opening);
    assert.equal(await codeOf(connection.openChannel()), 'tooManyChannels');
    assert.equal(connection.state.kind, 'open');
  });

  it('stops coming back when its vhost is deleted, after as many attempts as a starting broker may need', async () => {
    const other = await freshVhost();
    const connection = await core.connected({ vhost: other.vhost });
    await other.dispose();
    const refused = (kind: 'waiting' | 'failed') => () =>
      connection.state.kind === kind && connection.state.error.code === 'vhostUnavailable';
    let attempts = 0;
    await waitFor(
      () => {
        if (refused('waiting')()) {
          attempts++;
          connection.retry();
        }
        return refused('failed')();
      },
      { describe: () => `failed, not ${connection.state.kind}` },
    );
    assert.ok(attempts > 1, String(attempts));
  });
});

describe('a connection over a restart of its broker', () => {
  it('comes back by itself', async function () {
    this.timeout(60_000);
    // With the management API it takes five seconds longer to stop.
    const broker = await startBroker({ managementPort: false });
    const core = new Core(broker.amqpUrl);
    try {
      const connection = await core.connected();
      const codes: string[] = [];
      connection.onDidChangeState((state) => {
        if (state.kind === 'waiting') codes.push(state.error.code);
      });
      await broker.restart();
      await waitFor(() => isOpen(connection.state), { timeoutMs: 40_000, describe: 'it is open again' });
      assert.equal(codes[0], 'brokerClosed');
      assert.ok(
        codes
          .slice(1)
          .every((code) => code === 'connectionRefused' || code === 'connectionLost' || code === 'closedInHandshake'),
        codes.join(),
      );
    } finally {
      await core.dispose();
      await broker.dispose();
    }
  });
});
