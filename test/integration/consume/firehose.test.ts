import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../scripts/lib/owned.mjs';
import { switchOffUnused, type FirehoseNote } from '../../../src/broker/consume/tap/firehose.ts';
import type { ManagementClient } from '../../../src/broker/management/client.ts';
import { Program } from '../../support/program.ts';
import { waitFor } from '../../support/waitFor.ts';
import { onEachBroker, type Scene } from './scene.ts';
import { hasTexts, noteIn, publish, tapQueue, tells } from './tapping.ts';

onEachBroker('a tap by the firehose', (on) => {
  it('gets what is sent straight to the queue and nothing else, as it was published', async () => {
    const queue = await on.declare();
    const other = await on.declare();
    const firehose = { scope: 'defaultExchange', note: noteIn({ isSet: false }) } as const;
    const tap = await tapQueue(on.session, queue, firehose);
    const headers = {
      n: { '!': 'int', value: -5 },
      when: { '!': 'timestamp', value: 1_700_000_000 },
      list: ['a', null],
    };
    const options = {
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority: 3,
      correlationId: 'c',
      replyTo: 'r',
      expiration: '60000',
      messageId: 'm',
      timestamp: 1_700_000_000,
      type: 't',
      userId: on.vhost.user,
      appId: 'a',
      headers,
    };
    await publish(on, [
      { exchange: '', key: other, text: 'for another' },
      { exchange: '', key: queue, text: '{"a":1}', options },
      { exchange: '', key: other, text: 'by bcc', options: { BCC: [queue] } },
    ]);
    await hasTexts(tap, ['{"a":1}', 'by bcc']);
    const channel = await on.channel();
    const real = await channel.get(queue, { noAck: true });
    const shown = tap.tail.buffer.get(1);
    assert.ok(real !== false && shown);
    assert.deepEqual(shown.properties, real.properties);
    assert.deepEqual([shown.exchange, shown.routingKey, shown.redelivered], ['', queue, false]);
    await tap.tail.stop();
  });

  it('completes the copies of bindings without showing a message twice, also of what splits', async () => {
    const channel = await on.channel();
    const queue = await on.declare();
    await channel.assertExchange('whole', 'topic');
    await channel.bindQueue(queue, 'whole', 'a.#');
    await channel.assertExchange('shares', 'x-consistent-hash');
    await channel.bindQueue(queue, 'shares', '1');
    const firehose = { scope: 'vhost', note: noteIn({ isSet: false }) } as const;
    const tap = await tapQueue(on.session, queue, firehose);
    await publish(on, [
      { exchange: 'whole', key: 'a.b', text: 'copied' },
      { exchange: 'whole', key: 'a.b', text: 'copied, and straight', options: { CC: ['a.c', 'x'] } },
      { exchange: 'whole', key: 'b', text: 'not for it' },
      { exchange: 'shares', key: 'k', text: 'its share' },
      { exchange: '', key: queue, text: 'straight' },
    ]);
    await hasTexts(tap, ['copied', 'copied, and straight', 'its share', 'straight']);
    await on.vhost.hasCounts(queue, 4, 0);
    await tap.tail.stop();
  });

  it('keeps what is set of the vhost, is off after the last tap, and its note is there before it is on', async () => {
    const { management, vhost } = on.vhost;
    const settings = { description: 'Shop "é", eu', tags: 'production,eu', default_queue_type: 'quorum' };
    await management.request('PUT', `vhosts/${vhost}`, settings);
    const before = await vhostSettings(on);
    assert.deepEqual(before.tags, ['production', 'eu']);
    const store = { isSet: false };
    const note = noteIn(store);
    const seen: unknown[] = [];
    const watching: FirehoseNote = {
      ...note,
      set: async () => {
        seen.push((await vhostSettings(on)).tracing);
        await note.set();
      },
    };
    const queue = await on.declare({ 'x-queue-type': 'classic' });
    const one = await tapQueue(on.session, queue, { scope: 'defaultExchange', note: watching });
    const two = await tapQueue(on.session, await on.declare(), { scope: 'defaultExchange', note: watching });
    assert.deepEqual(seen, [false]);
    assert.deepEqual(await vhostSettings(on), { ...before, tracing: true });
    await one.tail.stop();
    assert.deepEqual(await vhostSettings(on), { ...before, tracing: true });
    assert.equal(store.isSet, true);
    await two.tail.stop();
    assert.deepEqual(await vhostSettings(on), before);
    assert.equal(store.isSet, false);
  });

  it('stays on where it was on before', async () => {
    const { management, vhost } = on.vhost;
    await management.request('PUT', `vhosts/${vhost}`, { tracing: true });
    const store = { isSet: false };
    const tap = await tapQueue(on.session, await on.declare(), { scope: 'defaultExchange', note: noteIn(store) });
    await tap.tail.stop();
    assert.equal((await vhostSettings(on)).tracing, true);
    assert.equal(store.isSet, false);
    await management.request('PUT', `vhosts/${vhost}`, { tracing: false });
  });

  it('is switched off at the next start when a window was cut off, and not while somebody uses it', async () => {
    const { management, vhost } = on.vhost;
    const store = { isSet: true };
    await management.request('PUT', `vhosts/${vhost}`, { tracing: true });
    const channel = await on.channel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'amq.rabbitmq.trace', '#');
    assert.equal(await switchOffUnused(client(on), vhost, noteIn(store)), false);
    assert.equal((await vhostSettings(on)).tracing, true);
    assert.equal(store.isSet, true);
    await channel.deleteQueue(queue);
    assert.equal(await switchOffUnused(client(on), vhost, noteIn(store)), true);
    assert.equal((await vhostSettings(on)).tracing, false);
    assert.equal(store.isSet, false);
  });

  it('is switched off after the process that switched it on was killed', async () => {
    const folder = temporaryFolder('firehose');
    const file = join(folder.path, 'note');
    const { amqpUrl, managementUrl, vhost } = on.vhost;
    const program = 'test/integration/consume/firehoseProgram.ts';
    const args = ['--import', 'tsx', program, amqpUrl, managementUrl, file, await on.declare()];
    const window = Program.start(process.execPath, args);
    try {
      await window.line(/^tapping$/, 30_000);
      process.kill(window.pid, 'SIGKILL');
      await window.ended;
      assert.equal((await vhostSettings(on)).tracing, true);
      const store = { isSet: existsSync(file) };
      // The broker takes a moment to see that the connection is gone, and the queue that was bound with it.
      await waitFor(() => switchOffUnused(client(on), vhost, noteIn(store)), { describe: 'the firehose switched off' });
      assert.equal((await vhostSettings(on)).tracing, false);
    } finally {
      await window.dispose();
      folder.remove();
    }
  });

  it('forgets the note when somebody has switched it off, and leaves alone what is not ours', async () => {
    const { management, vhost } = on.vhost;
    const store = { isSet: true };
    assert.equal(await switchOffUnused(client(on), vhost, noteIn(store)), false);
    assert.equal(store.isSet, false);
    await management.request('PUT', `vhosts/${vhost}`, { tracing: true });
    assert.equal(await switchOffUnused(client(on), vhost, noteIn(store)), false);
    assert.equal((await vhostSettings(on)).tracing, true);
    await management.request('PUT', `vhosts/${vhost}`, { tracing: false });
  });

  it('keeps its note while a tap is about to switch it on', async () => {
    const store = { isSet: true };
    const channel = await on.channel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'amq.rabbitmq.trace', 'publish.');
    assert.equal(await switchOffUnused(client(on), on.vhost.vhost, noteIn(store)), false);
    assert.equal(store.isSet, true);
    await channel.deleteQueue(queue);
  });

  it('is on again, with its note, where another window has come to use it meanwhile', async () => {
    const { management, vhost } = on.vhost;
    await management.request('PUT', `vhosts/${vhost}`, { tracing: true });
    const store = { isSet: true };
    const channel = await on.channel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const note: FirehoseNote = {
      ...noteIn(store),
      clear: async () => {
        store.isSet = false;
        await channel.bindQueue(queue, 'amq.rabbitmq.trace', 'publish.');
      },
    };
    assert.equal(await switchOffUnused(client(on), vhost, note), false);
    assert.deepEqual([(await vhostSettings(on)).tracing, store.isSet], [true, true]);
    await management.request('PUT', `vhosts/${vhost}`, { tracing: false });
    await channel.deleteQueue(queue);
  });

  it('says when somebody switches it off', async () => {
    const { management, vhost } = on.vhost;
    const note = noteIn({ isSet: false });
    const tap = await tapQueue(on.session, await on.declare(), { scope: 'defaultExchange', note });
    await management.request('PUT', `vhosts/${vhost}`, { tracing: false });
    assert.equal((await tells(tap, 'firehose')).isOn, false);
    await tap.tail.stop();
    assert.equal(note.isSet(), false);
  });
});

function client(on: Scene): ManagementClient {
  const { management } = on.session;
  assert.equal(management?.kind, 'available');
  return management.client;
}

/** Without statistics. */
async function vhostSettings(on: Scene): Promise<Record<string, unknown>> {
  const path = `vhosts/${on.vhost.vhost}`;
  const { description, tags, default_queue_type, metadata, tracing } = (await on.vhost.management.request(
    'GET',
    path,
  )) as Record<string, unknown>;
  return { description, tags, default_queue_type, metadata, tracing };
}
