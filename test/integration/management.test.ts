import assert from 'node:assert/strict';
import type { Channel, ChannelModel } from 'amqplib';
import { connect } from '../support/amqplib.ts';
import { AppError, type ErrorCode } from '../../src/common/errors.ts';
import { parseManagementUrl } from '../../src/broker/management/baseUrl.ts';
import { ManagementClient } from '../../src/broker/management/client.ts';
import { probeManagement } from '../../src/broker/management/probe.ts';
import { freshVhost, sharedBroker, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';

const oddNames = [
  'plain',
  'with space',
  ' ',
  '\u00a0',
  '\u200b',
  'a/b//c',
  '100%',
  '%2F',
  '#/queues?x=1&y',
  `it's "quoted"`,
  '<img src=x onerror=alert(1)>',
  'Hase \u{1f407}',
  'x'.repeat(255),
  'é'.repeat(127),
  '.',
  '..',
  '../../etc',
  'a+b;c,d*',
  '^.*$',
  '\u0000',
];
const oddVhosts = ['/', 'a/b', 'with space', '100%', '<b>', 'Hase \u{1f407}', '#?&'];

describe('management API of a real broker', () => {
  const { managementUrl, managementPort, user, password } = sharedBroker();
  const baseUrl = parseManagementUrl(managementUrl);
  let own: FreshVhost;
  let client: ManagementClient;
  let connection: ChannelModel;
  let channel: Channel;

  before(async () => {
    own = await freshVhost();
    client = new ManagementClient({ baseUrl, credentials: { username: user, password } });
    connection = await connect(own.amqpUrl, { noDelay: true });
    connection.on('error', () => {});
    channel = await connection.createChannel();
    channel.on('error', () => {});
  });

  after(async () => {
    client.dispose();
    await connection.close();
    await own.dispose();
  });

  it('tells who we are and who the broker is', async () => {
    const identity = await client.whoami();
    assert.equal(identity.name, user);
    assert.ok(identity.tags.includes('administrator'));
    const broker = await client.overview();
    assert.equal(broker.product, 'RabbitMQ');
    assert.match(broker.version ?? '', /^\d+\.\d+/);
    assert.equal(broker.clusterName, connection.connection.serverProperties['cluster_name']);
  });

  it('lists queues with live counts, and does not call unknown ones 0', async () => {
    const deadLetters = { 'x-dead-letter-exchange': 'dead', 'x-dead-letter-routing-key': 'key' };
    await channel.assertQueue('list.classic', { durable: true, autoDelete: true, arguments: deadLetters });
    await channel.assertQueue('list.quorum', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await channel.assertQueue('list.stream', { durable: true, arguments: { 'x-queue-type': 'stream' } });
    await channel.assertQueue('list.exclusive', { exclusive: true });
    for (let i = 0; i < 3; i++) channel.sendToQueue('list.classic', Buffer.from('x'));
    await channel.get('list.classic');
    const queues = new Map((await client.queues(own.vhost)).map((queue) => [queue.name, queue]));
    const { consumers, ...classic } = queues.get('list.classic') ?? assert.fail();
    assert.equal(consumers, undefined);
    assert.deepEqual(classic, {
      name: 'list.classic',
      type: 'classic',
      durable: true,
      exclusive: false,
      autoDelete: true,
      arguments: deadLetters,
      ready: 2,
      unacknowledged: 1,
      state: 'running',
      policy: undefined,
      effectivePolicy: undefined,
      deadLetterExchange: 'dead',
      deadLetterRoutingKey: 'key',
    });
    assert.equal(queues.get('list.quorum')?.type, 'quorum');
    assert.equal(queues.get('list.quorum')?.ready, 0);
    assert.equal(queues.get('list.stream')?.type, 'stream');
    assert.equal(queues.get('list.stream')?.ready, undefined);
    assert.equal(queues.get('list.exclusive')?.exclusive, true);
    assert.equal(queues.get('list.exclusive')?.deadLetterExchange, null);
  });

  it("knows a policy's dead-letter exchange once the broker has statistics, and says unknown before", async () => {
    const definition = { 'dead-letter-exchange': 'by-policy' };
    await own.management.request('PUT', `policies/${own.vhost}/dlx`, { pattern: '^policed$', definition });
    await channel.assertQueue('policed');
    const first = await client.queue(own.vhost, 'policed');
    const known = first.consumers !== undefined;
    assert.equal(first.deadLetterExchange, known ? 'by-policy' : undefined);
    const listed = (await client.queues(own.vhost)).find((queue) => queue.name === 'policed');
    assert.equal(listed?.policy, 'dlx');
    assert.equal(listed.deadLetterExchange, undefined);
    const later = await waitFor(
      async () => {
        const queue = await client.queue(own.vhost, 'policed');
        return queue.consumers === undefined ? undefined : queue;
      },
      { describe: 'statistics of the queue' },
    );
    assert.equal(later.deadLetterExchange, 'by-policy');
  });

  it('lists exchanges with type and arguments', async () => {
    await channel.assertExchange('main', 'topic', { durable: false, internal: true, alternateExchange: 'other' });
    const exchanges = await client.exchanges(own.vhost);
    assert.deepEqual(
      exchanges.find((exchange) => exchange.name === 'main'),
      {
        name: 'main',
        type: 'topic',
        durable: false,
        internal: true,
        autoDelete: false,
        arguments: { 'alternate-exchange': 'other' },
        policy: undefined,
      },
    );
    assert.ok(exchanges.some((exchange) => exchange.name === ''));
  });

  it('addresses queues of any name, in any vhost, by every endpoint', async () => {
    for (const vhost of oddVhosts) {
      if (vhost !== '/') await own.management.createVhost(vhost, user);
      const url = `${sharedBroker().amqpUrl}/${encodeURIComponent(vhost)}`;
      const there = await connect(url, { noDelay: true });
      there.on('error', () => {});
      const admin = await there.createChannel();
      await admin.assertExchange('odd', 'direct', { autoDelete: false });
      try {
        for (const name of oddNames) await admin.assertQueue(name, { arguments: { 'x-max-length': 7 } });
        const listed = new Set((await client.queues(vhost)).map((queue) => queue.name));
        for (const name of oddNames) {
          assert.ok(listed.has(name), JSON.stringify({ vhost, name }));
          const queue = await client.queue(vhost, name);
          assert.equal(queue.name, name);
          assert.deepEqual(queue.arguments, { 'x-max-length': 7 });
        }
        assert.ok((await client.exchanges(vhost)).some((exchange) => exchange.name === 'odd'));
      } finally {
        for (const name of oddNames) await admin.deleteQueue(name);
        await admin.deleteExchange('odd');
        await there.close();
        if (vhost !== '/') await own.management.deleteVhost(vhost);
      }
    }
  });

  it('says not found of a queue and a vhost that are not there', async () => {
    for (const name of ['missing', '..']) await failsWith('managementNotFound', client.queue(own.vhost, name));
    await failsWith('managementNotFound', client.queues('no such vhost'));
    await failsWith('notSupported', client.queues('..'));
  });

  it("passes on the broker's reason for a refusal", async () => {
    const login = { username: user, password: 'wrong' };
    const wrong = new ManagementClient({ baseUrl, credentials: login });
    const error = await failsWith('managementForbidden', wrong.whoami());
    assert.match(error.message, /Login failed/);
    wrong.dispose();
  });

  describe('found by probing', () => {
    const target = { host: 'localhost', port: managementPort - 10_000, tls: false, vhost: '/', username: user };

    it('is available at the place next to AMQP, and at the URL given', async () => {
      const profiles = [target, { ...target, port: 1, tls: true, managementUrl: `${managementUrl}/#/queues` }];
      for (const profile of profiles) {
        const result = await probeManagement(profile, password);
        assert.equal(result.kind, 'available');
        if (result.kind !== 'available') continue;
        assert.equal(result.user.name, user);
        result.client.dispose();
      }
    });

    it('is passed over where it is another cluster', async () => {
      const result = await probeManagement(target, password, { clusterName: 'another' });
      assert.equal(result.kind, 'absent');
    });

    it('is forbidden to a user without a management tag, and to a wrong password', async () => {
      const name = `untagged-${own.vhost}`;
      await own.management.createUser(name, 'pässwörd');
      try {
        for (const [secret, reason] of [
          ['pässwörd', 'Not management user'],
          ['wrong', 'Login failed'],
        ] as const) {
          const result = await probeManagement({ ...target, managementUrl, username: name }, secret);
          assert.deepEqual(result, { kind: 'forbidden', url: managementUrl, reason });
        }
      } finally {
        await own.management.deleteUser(name);
      }
    });

    it('shows a plain management user the queues of their own vhosts only', async () => {
      const name = `limited-${own.vhost}`;
      await own.management.createUser(name, 'x', 'management');
      await own.management.grant(own.vhost, name, { configure: '', write: '', read: '' });
      const limited = new ManagementClient({ baseUrl, credentials: { username: name, password: 'x' } });
      try {
        assert.ok((await limited.queues(own.vhost)).length > 0);
        assert.equal((await limited.overview()).product, 'RabbitMQ');
        await failsWith('managementForbidden', limited.queues('/'));
      } finally {
        limited.dispose();
        await own.management.deleteUser(name);
      }
    });
  });
});

async function failsWith(code: ErrorCode, promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AppError && error.is(code), String(error));
  return error;
}
