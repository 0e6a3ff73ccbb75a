import assert from 'node:assert/strict';
import { TcpProxy } from '../../support/tcpProxy.ts';
import { waitFor } from '../../support/waitFor.ts';
import { codeOf } from '../support/core.ts';
import { onEachBroker, type Scene } from './scene.ts';
import { comesTo, endOf, hasTexts, publish, tapExchange, tapQueue, tells } from './tapping.ts';

onEachBroker('a tap while things change', (on) => {
  it('follows bindings that come and go, and says so', async () => {
    const channel = await on.channel();
    await channel.assertExchange('moving', 'topic');
    const queue = await on.declare();
    await channel.bindQueue(queue, 'moving', 'old');
    const tap = await tapQueue(on.session, queue);
    await channel.unbindQueue(queue, 'moving', 'old');
    await channel.bindQueue(queue, 'moving', 'new');
    assert.equal((await tells(tap, 'bound')).binding.routingKey, 'new');
    const { binding, hasAlternate } = await tells(tap, 'unbound');
    assert.deepEqual([binding.routingKey, hasAlternate], ['old', false]);
    const returned = await publish(on, [
      { exchange: 'moving', key: 'old', text: 'nobody', options: { mandatory: true } },
      { exchange: 'moving', key: 'new', text: 'followed' },
    ]);
    assert.deepEqual(returned, ['nobody']);
    await hasTexts(tap, ['followed']);
    await tap.tail.stop();
  });

  it('says that an alternate exchange may have missed something when a binding goes', async () => {
    const channel = await on.channel();
    const { management, vhost } = on.vhost;
    await channel.assertExchange('rest', 'fanout');
    await channel.assertExchange('first', 'direct');
    const definition = { 'alternate-exchange': 'rest' };
    await management.request('PUT', `policies/${vhost}/ae`, {
      pattern: '^first$',
      definition,
      'apply-to': 'exchanges',
    });
    await waitFor(async () => (await exchangeNamed(on, 'first')).policy === 'ae', {
      describe: 'the policy',
    });
    const queue = await on.declare();
    await channel.bindQueue(queue, 'first', 'k');
    const tap = await tapQueue(on.session, queue);
    await channel.unbindQueue(queue, 'first', 'k');
    const event = await tells(tap, 'unbound');
    assert.deepEqual([event.hasAlternate, event.withinMs], [true, 2_000]);
    await tap.tail.stop();
  });

  it('binds again to an exchange that was deleted and declared anew', async () => {
    const channel = await on.channel();
    await channel.assertExchange('phoenix', 'fanout');
    const queue = await on.declare();
    await channel.bindQueue(queue, 'phoenix', '');
    const tap = await tapQueue(on.session, queue);
    await channel.deleteExchange('phoenix');
    await channel.assertExchange('phoenix', 'fanout');
    await channel.bindQueue(queue, 'phoenix', '');
    await tells(tap, 'bound');
    await publish(on, [{ exchange: 'phoenix', key: '', text: 'again' }]);
    await hasTexts(tap, ['again']);
    await tap.tail.stop();
  });

  it('ends when its queue or its exchange is deleted', async () => {
    const channel = await on.channel();
    await channel.assertExchange('mortal', 'fanout');
    await channel.assertExchange('mortal2', 'fanout');
    const queue = await on.declare();
    const other = await on.declare();
    await channel.bindQueue(queue, 'mortal', '');
    await channel.bindQueue(other, 'mortal2', '');
    const ofQueue = await tapQueue(on.session, queue);
    const ofExchange = await tapExchange(on.session, 'mortal2');
    await channel.deleteQueue(queue);
    await channel.deleteExchange('mortal2');
    assert.equal(await endOf(ofQueue), 'queueNotFound');
    assert.equal(await endOf(ofExchange), 'exchangeNotFound');
  });

  it('comes back after its connection was cut, and says what it missed', async () => {
    const channel = await on.channel();
    await channel.assertExchange('cut', 'fanout');
    const queue = await on.declare();
    await channel.bindQueue(queue, 'cut', '');
    const tap = await tapQueue(on.session, queue);
    await closeTapConnection(on);
    await comesTo(tap, 'interrupted');
    await publish(on, [{ exchange: 'cut', key: '', text: 'missed' }]);
    await comesTo(tap, 'running');
    assert.equal((await tells(tap, 'missed')).why, 'connection');
    await publish(on, [{ exchange: 'cut', key: '', text: 'after' }]);
    await hasTexts(tap, ['after']);
    await tap.tail.stop();
  });

  it('cut off while it starts has not started, and says so', async () => {
    const { proxy, session } = await on.behindProxy();
    const queue = await on.declare();
    const cut = async (): Promise<void> => {
      proxy.refuse(true);
      proxy.cut();
      await waitFor(() => !session.isOpen, { describe: 'the cut to be noticed' });
    };
    const note = { isSet: () => true, set: cut, clear: () => Promise.resolve() };
    const code = await codeOf(tapQueue(session, queue, { scope: 'defaultExchange', note }));
    assert.match(code, /^(?:connectionLost|notConnected)$/);
    assert.equal(session.tails.length, 0);
    await on.vhost.management.request('PUT', `vhosts/${on.vhost.vhost}`, { tracing: false });
  });

  it('gives up, while bindings cannot be seen, a copy that may come to keep messages from an alternate exchange', async () => {
    const channel = await on.channel();
    await channel.assertExchange('unseen', 'direct', { alternateExchange: 'unseen.rest' });
    await channel.assertExchange('plain', 'direct');
    const queue = await on.declare();
    for (const exchange of ['unseen', 'plain']) await channel.bindQueue(queue, exchange, 'k');
    const proxy = await TcpProxy.to(on.vhost.managementPort);
    try {
      const session = await on.connected({ managementUrl: `http://127.0.0.1:${proxy.port}` });
      const tap = await tapQueue(session, queue);
      proxy.refuse(true);
      proxy.cut();
      await tells(tap, 'notFollowing');
      assert.equal((await tells(tap, 'suspended')).exchange, 'unseen');
      await publish(on, [
        { exchange: 'unseen', key: 'k', text: 'not tapped' },
        { exchange: 'plain', key: 'k', text: 'tapped' },
      ]);
      await hasTexts(tap, ['tapped']);
      proxy.refuse(false);
      assert.equal((await tells(tap, 'bound')).binding.source, 'unseen');
      await tells(tap, 'following');
      assert.equal(tap.events.filter(({ kind }) => kind === 'notFollowing').length, 1);
      await tap.tail.stop();
    } finally {
      await proxy.dispose();
    }
  });

  it('declares its queue anew where a policy has let it expire while it was paused', async () => {
    const channel = await on.channel();
    const { management, vhost } = on.vhost;
    await channel.assertExchange('slow', 'fanout');
    const queue = await on.declare();
    await channel.bindQueue(queue, 'slow', '');
    const policy = { pattern: '^amq.gen', definition: { expires: 200 }, 'apply-to': 'queues' };
    await management.request('PUT', `policies/${vhost}/expiring`, policy);
    const tap = await tapQueue(on.session, queue);
    await tap.tail.pause();
    await tells(tap, 'missed');
    await management.request('DELETE', `policies/${vhost}/expiring`);
    await tap.tail.resume();
    await publish(on, [{ exchange: 'slow', key: '', text: 'here' }]);
    await waitFor(() => tap.tail.buffer.lastNumber > 0, { describe: 'a message' });
    assert.ok(tap.events.some((event) => event.kind === 'missed' && event.why === 'queue'));
    await tap.tail.stop();
  });
});

/** As an administrator does. The API knows of a new connection a moment later. */
async function closeTapConnection(on: Scene): Promise<void> {
  const { management, vhost } = on.vhost;
  let name: string | undefined;
  await waitFor(
    async () => {
      const all = (await management.request('GET', `vhosts/${vhost}/connections`)) as Connection[];
      name = all.find(({ client_properties: own }) => JSON.stringify(own).includes('tap'))?.name;
      return name !== undefined;
    },
    { timeoutMs: 15_000, describe: 'the connection of the tap' },
  );
  await management.request('DELETE', `connections/${encodeURIComponent(String(name))}`);
}

interface Connection {
  readonly name: string;
  readonly client_properties?: unknown;
}

async function exchangeNamed(on: Scene, name: string): Promise<{ readonly policy?: string }> {
  return (await on.vhost.management.request('GET', `exchanges/${on.vhost.vhost}/${name}`)) as { policy?: string };
}
