import assert from 'node:assert/strict';
import { QueueAdmin } from '../../src/broker/admin.ts';
import { systemClock } from '../../src/common/clock.ts';
import { Consumer } from '../../src/broker/consume/consumer.ts';
import type { BrokerConnection } from '../../src/broker/connection/connection.ts';
import { Publisher } from '../../src/broker/publish/publisher.ts';
import { AppError } from '../../src/common/errors.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { codeOf, Core } from './support/core.ts';

const oddNames = [
  ' ',
  '   two  spaces   ',
  'a/b/c',
  '%2F%',
  '#.*',
  `"it's" <b>bold</b>`,
  '🐇🐇',
  'مرحبا',
  '.',
  '..',
  'tab\tnul\0end',
  'q'.repeat(255),
  'é'.repeat(127),
];

const ignore = (): void => undefined;

describe('queue administration', () => {
  let vhost: FreshVhost;
  let core: Core;
  let connection: BrokerConnection;
  let admin: QueueAdmin;
  let publisher: Publisher;

  before(async () => {
    vhost = await freshVhost();
    core = new Core(vhost.amqpUrl);
    connection = await core.connected();
    admin = new QueueAdmin(connection);
    publisher = new Publisher(connection);
  });

  after(async () => {
    await core.dispose();
    await vhost.dispose();
  });

  async function publish(queue: string): Promise<void> {
    const draft = { exchange: '', routingKey: queue, content: Buffer.from('x'), properties: {} };
    assert.deepEqual(await publisher.publish(draft), { kind: 'routed' });
  }

  it('declares the same queue any number of times', async () => {
    const queue = { name: 'same', durable: true, arguments: { 'x-max-length': 5 } };
    assert.deepEqual(await admin.declare(queue), { ready: 0, consumers: 0 });
    await publish('same');
    assert.deepEqual(await admin.declare(queue), { ready: 1, consumers: 0 });
  });

  for (const [property, change, received, current] of [
    ['durable', { durable: false }, 'false', 'true'],
    ['auto_delete', { autoDelete: true }, 'true', 'false'],
    ['x-queue-type', { arguments: { 'x-queue-type': 'quorum' } }, 'quorum', 'not set'],
    ['x-max-length', { arguments: { 'x-max-length': 3 } }, '3', 'not set'],
  ] as const) {
    it(`explains that an existing queue differs in ${property}`, async () => {
      const name = 'exists';
      await admin.declare({ name, durable: true, arguments: {} });
      const error = await admin.declare({ name, durable: true, arguments: {}, ...change }).catch((e: unknown) => e);
      assert.ok(error instanceof AppError);
      assert.deepEqual(error.detail, { code: 'inequivalentArg', params: { name, property, received, current } });
    });
  }

  it('names the property that differs even of a queue with the longest name', async () => {
    const name = 'l'.repeat(255);
    await admin.declare({ name, durable: true, arguments: {} });
    const error = await admin.declare({ name, durable: false, arguments: {} }).catch((e: unknown) => e);
    assert.ok(error instanceof AppError && error.is('inequivalentArg'));
    assert.equal(error.params.property, 'durable');
  });

  it('says what of its arguments cannot be', async () => {
    const declare = (value: unknown): Promise<unknown> =>
      admin.declare({ name: 'bad', durable: true, arguments: { 'x-max-length': value } });
    assert.equal(await codeOf(declare(-1)), 'preconditionFailed');
    assert.equal(await codeOf(declare(ignore)), 'invalidInput');
    assert.equal(await codeOf(admin.declare({ name: 'amq.mine', durable: true, arguments: {} })), 'noPermission');
  });

  it('knows that a queue does not exist, and goes on working', async () => {
    for (const operation of [admin.check('none'), admin.purge('none')]) {
      assert.equal(await codeOf(operation), 'queueNotFound');
    }
    assert.equal(await admin.delete('none'), 0);
    assert.equal(connection.state.kind, 'open');
  });

  it('purges, and counts what it dropped', async () => {
    await admin.declare({ name: 'full', durable: false, arguments: {} });
    await Promise.all([publish('full'), publish('full'), publish('full')]);
    assert.equal(await admin.purge('full'), 3);
    assert.deepEqual(await admin.check('full'), { ready: 0, consumers: 0 });
  });

  for (const name of ['conditional', 'c'.repeat(255)]) {
    it(`deletes under its conditions, with a name of ${name.length} bytes`, async () => {
      await admin.declare({ name, durable: false, arguments: {} });
      await publish(name);
      assert.equal(await codeOf(admin.delete(name, { ifEmpty: true })), 'queueNotEmpty');
      const consumer = await Consumer.open(connection, { queue: name, prefetch: 1 }, systemClock, {
        onMessage: ignore,
        onCancelled: ignore,
        onEnded: ignore,
      });
      await consumer.subscribe();
      assert.equal(await codeOf(admin.delete(name, { ifUnused: true })), 'queueInUse');
      await consumer.close();
      assert.equal(await admin.delete(name, { ifUnused: true }), 1);
      assert.equal(await codeOf(admin.check(name)), 'queueNotFound');
    });
  }

  for (const name of oddNames) {
    it(`does everything with a queue called ${JSON.stringify(name.slice(0, 20))} (${name.length})`, async () => {
      await admin.declare({ name, durable: true, arguments: {} });
      assert.ok((await vhost.management.queueNames(vhost.vhost)).includes(name));
      await publish(name);
      assert.deepEqual(await admin.check(name), { ready: 1, consumers: 0 });
      assert.deepEqual((await admin.checkMany([name])).get(name), { ready: 1, consumers: 0 });
      assert.equal(await admin.purge(name), 1);
      await admin.delete(name);
      assert.ok(!(await vhost.management.queueNames(vhost.vhost)).includes(name));
    });
  }

  it('refuses names that would mean another queue: RabbitMQ takes line breaks out', async () => {
    await admin.declare({ name: 'ab', durable: true, arguments: {} });
    for (const name of ['a\nb', 'a\rb', '', 'x'.repeat(256)]) {
      assert.equal(await codeOf(admin.declare({ name, durable: true, arguments: {} })), 'invalidInput');
      for (const run of [() => admin.check(name), () => admin.purge(name), () => admin.delete(name)]) {
        assert.equal(await codeOf(run()), 'invalidInput');
      }
    }
    assert.deepEqual(await admin.check('ab'), { ready: 0, consumers: 0 });
  });

  it('checks many queues at once, missing and impossible ones among them', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `many ${i}`);
    await Promise.all(
      names.filter((_, i) => i % 2 === 0).map((name) => admin.declare({ name, durable: false, arguments: {} })),
    );
    const counts = await admin.checkMany([...names, 'a\nb', 'x'.repeat(300)]);
    assert.equal(counts.size, 62);
    for (const [i, name] of names.entries()) {
      assert.deepEqual(counts.get(name), i % 2 === 0 ? { ready: 0, consumers: 0 } : undefined);
    }
    assert.equal(counts.get('a\nb'), undefined);
    assert.deepEqual(await admin.checkMany([]), new Map());
  });

  it('says that another connection owns an exclusive queue', async () => {
    const other = new QueueAdmin(await core.connected());
    await other.declare({ name: 'mine', durable: false, exclusive: true, arguments: {} });
    assert.equal(await codeOf(admin.check('mine')), 'queueLocked');
    assert.equal((await admin.checkMany(['mine'])).get('mine'), undefined);
  });

  it('says in the broker’s words what it does not support, though that closes the connection', async () => {
    const own = new QueueAdmin(await core.connected());
    await own.declare({ name: 'stream', durable: true, arguments: { 'x-queue-type': 'stream' } });
    await assert.rejects(own.purge('stream'), (error) => {
      assert.ok(error instanceof AppError && error.is('notSupported'), String(error));
      assert.match(error.params.reason, /purge|stream/i);
      return true;
    });
  });

  it('says when it is not connected', async () => {
    const offline = new QueueAdmin(core.connection());
    assert.equal(await codeOf(offline.check('q')), 'notConnected');
    assert.equal(await codeOf(offline.checkMany(['q'])), 'notConnected');
  });

  it('leaves no channel open', async () => {
    // A connection has 2,047 of them.
    for (let i = 0; i < 2_100; i++) await admin.check('same');
    assert.deepEqual(await admin.checkMany(['none']), new Map([['none', undefined]]));
  });
});
