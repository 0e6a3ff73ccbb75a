import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

/** A message as the broker's own API hands it out. */
interface Fetched {
  readonly payload: string;
  readonly exchange: string;
  readonly routing_key: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const text = ({ payload }: Fetched): string => Buffer.from(payload, 'base64').toString('utf8');

describe('publishing in the workbench', () => {
  const binary = new Uint8Array(Array.from({ length: 256 }, (_, i) => i));
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    const { management, vhost: name } = vhost;
    await management.request('PUT', `queues/${name}/orders`, { durable: true });
    await management.request('PUT', `exchanges/${name}/events`, { type: 'topic', durable: true });
    await management.request('POST', `bindings/${name}/e/events/q/orders`, { routing_key: 'order.*' });
    workbench = await Workbench.open({
      files: {
        'order.json': '{ "id": 1 }\n{ "id": 2 }\n',
        'a/data.bin': binary,
        'a/note.txt': 'note é',
      },
      settings: { 'warren.refreshInterval': 1 },
    });
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  /** Takes all messages out of the queue. */
  async function take(queue = 'orders'): Promise<Fetched[]> {
    return (await vhost.management.request('POST', `queues/${vhost.vhost}/${queue}/get`, {
      count: 100,
      ackmode: 'ack_requeue_false',
      encoding: 'base64',
    })) as Fetched[];
  }

  it("sends the editor's text to a queue, persistent and with its properties, and says so quietly", async () => {
    await workbench.openFile('order.json');
    await workbench.run('RabbitMQ: Publish Message');
    await workbench.quickInput.row('orders').waitFor();
    await workbench.screenshot('publish target');
    await workbench.quickInput.pick('orders');
    await workbench.statusBar('Published order.json to orders: confirmed and routed').waitFor();
    await workbench.screenshot('publish routed');
    assert.deepEqual(await workbench.notifications(), []);
    const [message, ...more] = await take();
    assert.ok(message);
    assert.equal(more.length, 0);
    assert.equal(text(message), '{ "id": 1 }\n{ "id": 2 }\n');
    assert.equal(message.exchange, '');
    const { content_type, delivery_mode, app_id, message_id, timestamp } = message.properties;
    assert.deepEqual(
      { content_type, delivery_mode, app_id },
      { content_type: 'application/json', delivery_mode: 2, app_id: 'warren' },
    );
    assert.match(String(message_id), /^[0-9a-f-]{36}$/);
    assert.ok(Math.abs(Number(timestamp) - Date.now() / 1000) < 60);
  });

  it('sends each of several selections as a message, in the order of the text', async () => {
    await workbench.openFile('order.json');
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.press('Shift+End');
    await workbench.run('Add Cursor Below');
    await workbench.run('RabbitMQ: Publish Message');
    await workbench.quickInput.pick('orders');
    await workbench.statusBar('Published 2 messages to orders').waitFor();
    assert.deepEqual((await take()).map(text), ['{ "id": 1 }', '{ "id": 2 }']);
    await workbench.page.keyboard.press('Escape');
  });

  it('started from a queue in the tree goes to that queue without asking', async () => {
    await workbench.openFile('order.json');
    await workbench.tree.action('orders', 'Publish Message');
    await waitFor(async () => (await vhost.management.queueCounts(vhost.vhost, 'orders'))?.ready === 1, {
      describe: 'the message in the queue',
    });
    await take();
  });

  it('reaches an exchange with a routing key, which comes first the next time', async () => {
    await workbench.run('RabbitMQ: Publish Message');
    await workbench.quickInput.pick('events');
    await workbench.quickInput.title.filter({ hasText: 'Routing Key for events on local' }).waitFor();
    await workbench.quickInput.fill('order.created');
    await workbench.statusBar('to events > order.created: confirmed and routed').waitFor();
    const [message] = await take();
    assert.deepEqual([message?.exchange, message?.routing_key], ['events', 'order.created']);
    await workbench.run('RabbitMQ: Publish Message');
    await waitFor(async () => (await workbench.quickInput.labels())[0] === 'events > order.created', {
      describe: 'the last target at the top',
    });
    await workbench.quickInput.cancel();
  });

  it('says that no queue is bound when the broker returns the message', async () => {
    await workbench.run('RabbitMQ: Publish Message');
    await workbench.quickInput.pick('events');
    await workbench.quickInput.title.filter({ hasText: 'Routing Key for events on local' }).waitFor();
    await workbench.quickInput.fill('nobody.listens');
    await workbench.notification('no queue is bound to exchange events for routing key "nobody.listens"').waitFor();
    await workbench.screenshot('publish unroutable');
    await workbench.page.keyboard.press('Escape');
  });

  it('never creates a queue by a typo, but offers to declare it and publish', async () => {
    await workbench.run('RabbitMQ: Publish Message');
    await workbench.quickInput.fill('oders');
    await workbench.notification('queue oders does not exist').waitFor();
    assert.equal((await vhost.management.queueNames(vhost.vhost)).includes('oders'), false);
    await workbench.run('RabbitMQ: Publish Message');
    await workbench.quickInput.row('orders').first().waitFor();
    assert.equal((await workbench.quickInput.labels()).includes('oders'), false, 'a typo is not proposed again');
    await workbench.quickInput.cancel();
    await workbench.screenshot('publish to a queue that is not there');
    await workbench.notificationButton('queue oders does not exist', 'Declare Queue and Publish');
    for (const position of ['1/4', '2/4', '3/4', '4/4']) {
      await workbench.quickInput.title.filter({ hasText: position }).waitFor();
      await workbench.quickInput.accept();
    }
    await workbench.statusBar('to oders: confirmed and routed').waitFor();
    assert.equal((await take('oders')).length, 1);
  });

  it('again sends the current text to the same target', async () => {
    await workbench.openFile('order.json');
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.type('x');
    await workbench.run('RabbitMQ: Publish Again');
    await waitFor(async () => (await vhost.management.queueCounts(vhost.vhost, 'oders'))?.ready === 1, {
      describe: 'the message in the queue',
    });
    assert.equal((await take('oders')).map(text)[0]?.startsWith('x{'), true);
  });

  it('from the explorer sends files byte for byte', async () => {
    await workbench.show('Explorer');
    await workbench.tree.expand('a');
    await workbench.tree.click('data.bin');
    await workbench.tree.row('note.txt').click({ modifiers: ['Shift'] });
    await workbench.tree.menu('note.txt', 'Publish Messages from Files…');
    await workbench.quickInput.pick('orders');
    await workbench.statusBar('Published 2 messages to orders').waitFor();
    const messages = await take();
    assert.deepEqual(
      messages.map(({ payload }) => Buffer.from(payload, 'base64')),
      [Buffer.from(binary), await readFile(join(workbench.folder, 'a/note.txt'))],
    );
    assert.deepEqual(
      messages.map(({ properties }) => properties['content_type']),
      ['application/octet-stream', 'text/plain'],
    );
  });

  it('refuses a property that AMQP does not have before anything is asked', async () => {
    await workbench.configure({ 'warren.publish.properties': { contentType: 'x' } });
    await workbench.openFile('order.json');
    await workbench.run('RabbitMQ: Publish Message');
    await workbench.notification('contentType is not an AMQP property').waitFor();
    assert.equal((await vhost.management.queueCounts(vhost.vhost, 'orders'))?.total, 0);
  });
});
