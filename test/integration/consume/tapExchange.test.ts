import assert from 'node:assert/strict';
import { TapQueue } from '../../../src/broker/consume/tap/tapQueue.ts';
import { codeOf, Core } from '../support/core.ts';
import { numbers, onEachBroker, textsOf, type Scene } from './scene.ts';
import { endOf, hasTexts, publish, tapExchange, tapQueue, tells } from './tapping.ts';

onEachBroker('a tap of an exchange', (on) => {
  it('gets what its pattern takes, also of internal exchanges and of those that RabbitMQ has', async () => {
    const channel = await on.channel();
    await channel.assertExchange('inside', 'topic', { internal: true });
    await channel.bindExchange('inside', 'amq.topic', 'a.#');
    const queue = await on.declare();
    await channel.bindQueue(queue, 'inside', '#');
    await channel.bindQueue(queue, 'amq.topic', 'b.*');
    const inside = await tapExchange(on.session, 'inside', { routingKey: 'a.*' });
    const own = await tapExchange(on.session, 'amq.topic', { routingKey: 'b.c' });
    await publish(on, [
      { exchange: 'amq.topic', key: 'a.b', text: 'inside' },
      { exchange: 'amq.topic', key: 'a.b.c', text: 'longer' },
      { exchange: 'amq.topic', key: 'b.c', text: 'own' },
    ]);
    await hasTexts(inside, ['inside']);
    await hasTexts(own, ['own']);
    await on.vhost.hasCounts(queue, 3, 0);
    await Promise.all([inside.tail.stop(), own.tail.stop()]);
  });

  it('never takes all where there is an alternate exchange, whose messages it would take', async () => {
    const channel = await on.channel();
    await channel.assertExchange('lost', 'fanout');
    const lost = await on.declare();
    await channel.bindQueue(lost, 'lost', '');
    await channel.assertExchange('careful', 'topic', { alternateExchange: 'lost' });
    const queue = await on.declare();
    await channel.bindQueue(queue, 'careful', 'a.*');
    for (const routingKey of ['#', 'a.#', 'b']) {
      assert.equal(await codeOf(tapExchange(on.session, 'careful', { routingKey, isAgreed: true })), 'tapRefused');
    }
    const tap = await tapExchange(on.session, 'careful', { routingKey: 'a.b' });
    await publish(on, [
      { exchange: 'careful', key: 'b', text: 'alternate' },
      { exchange: 'careful', key: 'a.b', text: 'tapped' },
    ]);
    await hasTexts(tap, ['tapped']);
    assert.deepEqual(textsOf(await on.takeAll(lost)), ['alternate']);
    await tap.tail.stop();
  });

  it('hides nothing from mandatory publishers unless that was agreed to', async () => {
    const channel = await on.channel();
    await channel.assertExchange('told', 'topic');
    const queue = await on.declare();
    await channel.bindQueue(queue, 'told', 'a');
    assert.equal(await codeOf(tapExchange(on.session, 'told', { routingKey: '#' })), 'tapRefused');
    const options = { mandatory: true };
    const harmless = await tapExchange(on.session, 'told', { routingKey: 'a' });
    assert.deepEqual(await publish(on, [{ exchange: 'told', key: 'b', text: 'b', options }]), ['b']);
    const agreed = await tapExchange(on.session, 'told', { routingKey: '#', isAgreed: true });
    assert.deepEqual(await publish(on, [{ exchange: 'told', key: 'b', text: 'b', options }]), []);
    await hasTexts(agreed, ['b']);
    await agreed.tail.stop();
    await channel.unbindQueue(queue, 'told', 'a');
    assert.equal(await endOf(harmless), 'tapRefused');
    assert.deepEqual(await publish(on, [{ exchange: 'told', key: 'a', text: 'a', options }]), ['a']);
  });

  it('refuses what splits, with a management API and without', async () => {
    const channel = await on.channel();
    await channel.assertExchange('split', 'x-consistent-hash');
    await channel.assertExchange('known', 'topic', { durable: true });
    const [one, two] = [await on.declare(), await on.declare()];
    await channel.bindQueue(one, 'split', '1');
    await channel.bindQueue(two, 'split', '1');
    const blind = await withoutManagement(on);
    for (const session of [on.session, blind]) {
      assert.equal(await codeOf(tapExchange(session, 'split', { routingKey: '1', isAgreed: true })), 'tapRefused');
    }
    await publish(
      on,
      numbers(100).map((text) => ({ exchange: 'split', key: text, text })),
    );
    const [first, second] = [await on.takeAll(one), await on.takeAll(two)];
    assert.equal(first.length + second.length, 100);
  });

  it('is made by name without a management API, with any of its settings, and declares nothing', async () => {
    const channel = await on.channel();
    const blind = await withoutManagement(on);
    await channel.assertExchange('named', 'topic', { durable: true });
    await channel.assertExchange('named.direct', 'direct', { durable: false, autoDelete: true });
    const tap = await tapExchange(blind, 'named', { routingKey: '#', isAgreed: true });
    const direct = await tapExchange(blind, 'named.direct', { routingKey: 'k', isAgreed: true });
    await publish(on, [
      { exchange: 'named', key: 'a', text: 'by name' },
      { exchange: 'named.direct', key: 'k', text: 'direct' },
    ]);
    await hasTexts(tap, ['by name']);
    await hasTexts(direct, ['direct']);
    assert.equal(await codeOf(tapExchange(blind, 'no such', { isAgreed: true })), 'exchangeNotFound');
    assert.equal(await codeOf(tapExchange(on.session, 'no such', { isAgreed: true })), 'exchangeNotFound');
    await channel.deleteExchange('named');
    assert.equal(await endOf(tap), 'exchangeNotFound');
    await direct.tail.stop();
  });

  it('does not make anew an exchange that is deleted while its type is looked up', async () => {
    const channel = await on.channel();
    const core = new Core(on.vhost.amqpUrl);
    try {
      const connection = await core.connected();
      const own = await TapQueue.open(connection, 'nobody', { onMessage: () => undefined });
      await channel.assertExchange('brief', 'topic');
      assert.equal(await own.exchangeType('brief'), 'topic');
      const open = connection.openChannel.bind(connection);
      connection.openChannel = async () => {
        const handle = await open();
        const call = handle.call.bind(handle);
        handle.call = async (operation, ...rest) => {
          const reply = await call(operation, ...rest);
          // After the passive check, and before what follows it.
          if (operation === 'check exchange') await channel.deleteExchange('brief');
          return reply;
        };
        return handle;
      };
      assert.equal(await codeOf(own.exchangeType('brief')), 'exchangeNotFound');
      await assert.rejects(channel.checkExchange('brief'), /NOT_FOUND/);
    } finally {
      await core.dispose();
    }
  });

  it('says which permission is missing, and taps what it may', async () => {
    const { management, vhost } = on.vhost;
    const user = `u${vhost}`;
    const channel = await on.channel();
    await channel.assertExchange('open', 'fanout');
    await channel.assertExchange('closed', 'fanout');
    const queue = await on.declare();
    for (const exchange of ['open', 'closed']) await channel.bindQueue(queue, exchange, '');
    await management.createUser(user, on.vhost.password, 'management');
    try {
      const permissions = { configure: '^amq\\.gen', write: '^amq\\.gen', read: '^(amq\\.gen.*|open)$' };
      await management.grant(vhost, user, permissions);
      const session = await on.connected({ username: user });
      assert.equal(await codeOf(tapExchange(session, 'closed')), 'tapForbidden');
      const tap = await tapQueue(session, queue);
      const { binding, why } = await tells(tap, 'leftOut');
      assert.deepEqual([binding.source, why], ['closed', 'forbidden']);
      await publish(on, [
        { exchange: 'closed', key: '', text: 'not ours' },
        { exchange: 'open', key: '', text: 'ours' },
      ]);
      await hasTexts(tap, ['ours']);
      await tap.tail.stop();
      for (const missing of ['configure', 'write']) {
        await management.grant(vhost, user, { ...permissions, [missing]: '^$' });
        const denied = await on.connected({ username: user });
        assert.equal(await codeOf(tapQueue(denied, queue)), 'tapQueueForbidden', missing);
        await denied.dispose();
      }
    } finally {
      await management.deleteUser(user);
    }
  });
});

/** Nothing answers there. */
async function withoutManagement(on: Scene): ReturnType<Scene['connected']> {
  const session = await on.connected({ managementUrl: 'http://127.0.0.1:9' });
  assert.equal(session.management?.kind, 'absent');
  return session;
}
