import assert from 'node:assert/strict';
import { connect } from '../support/amqplib.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { ownerOf } from '../support/socketOwner.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

const channel = 'RabbitMQ: orders';
const inPlace = 'The tap is in place';

describe('a tap in the Output panel', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    const { management, vhost: name } = vhost;
    await management.request('PUT', `vhosts/${name}`, { description: 'Shop', tags: 'eu' });
    await management.request('PUT', `exchanges/${name}/shop`, { type: 'topic', durable: true });
    await management.request('PUT', `exchanges/${name}/shares`, { type: 'x-consistent-hash', durable: true });
    for (const queue of ['orders', 'mail']) {
      await management.request('PUT', `queues/${name}/${queue}`, { durable: true });
    }
    await bind('orders', 'order.*');
    workbench = await Workbench.open({ height: 1100, settings: { 'warren.refreshInterval': 1 } });
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: name, management: true });
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  const bind = (queue: string, key: string): Promise<unknown> =>
    vhost.management.request('POST', `bindings/${vhost.vhost}/e/shop/q/${queue}`, { routing_key: key });

  async function publish(exchange: string, key: string, payload: string): Promise<unknown> {
    return vhost.management.request('POST', `exchanges/${vhost.vhost}/${exchange}/publish`, {
      properties: { content_type: 'application/json', delivery_mode: 2 },
      routing_key: key,
      payload,
      payload_encoding: 'string',
    });
  }

  const says = (text: string, of = channel): Promise<unknown> =>
    waitFor(async () => (await workbench.output.wholeText(of)).includes(text), { describe: `a line with ${text}` });

  const isTracing = async (): Promise<unknown> => {
    const path = `vhosts/${vhost.vhost}`;
    return ((await vhost.management.request('GET', path)) as { tracing?: unknown }).tracing;
  };

  const queueNames = (): Promise<string[]> => vhost.management.queueNames(vhost.vhost);

  /** The port of the tap's own connection on this side. The API knows of a new connection some seconds later. */
  async function portOfTap(): Promise<number> {
    const path = `vhosts/${vhost.vhost}/connections`;
    return waitFor(
      async () => {
        const all = (await vhost.management.request('GET', path)) as {
          peer_port: number;
          client_properties?: unknown;
        }[];
        return all.find(({ client_properties: own }) => JSON.stringify(own).includes('tap'))?.peer_port;
      },
      { timeoutMs: 20_000, describe: 'the connection of the tap' },
    );
  }

  it('is offered first where every binding can be copied, and says what it misses', async () => {
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.row('Tap').waitFor();
    assert.equal((await workbench.quickInput.labels())[0], 'Tap');
    assert.match(await workbench.quickInput.widget.innerText(), /misses what is sent straight to the queue/);
    await workbench.screenshot('tap modes');
    await workbench.quickInput.pick('Tap');
    await workbench.quickInput.row('Copy Its Bindings').waitFor();
    await workbench.screenshot('tap firehose choice');
    await workbench.quickInput.pick('Copy Its Bindings');
    await says('copies of what comes by shop > order.*. Missed: what goes through the default exchange');
    await says(inPlace);
  });

  it('shows what comes, and leaves the queue as it is', async () => {
    await publish('shop', 'order.created', '{"id":1}');
    await publish('amq.default', 'orders', '{"id":2}');
    await publish('shop', 'order.paid', '{"id":3}');
    await says('{ "id": 3 }');
    await vhost.hasCounts('orders', 3, 0);
    const text = await workbench.output.wholeText(channel);
    assert.match(text, /^#1 .*shop > order\.created/m);
    assert.ok(!text.includes('"id": 2'));
    assert.deepEqual(await workbench.tree.labels(), ['local', 'mail', 'orders']);
    await workbench.screenshot('tap output');
  });

  it('says what becomes of messages while it is paused, and follows a new binding', async () => {
    await workbench.output.clickTitleButton('Pause Delivery');
    await says("the tap's queue keeps the newest 10,000 messages meanwhile");
    await bind('orders', 'invoice.*');
    await says('The queue was bound to shop > invoice.*, and so is the tap');
    await publish('shop', 'invoice.sent', '{"id":4}');
    await vhost.hasCounts('orders', 4, 0);
    assert.ok(!(await workbench.output.wholeText(channel)).includes('"id": 4'));
    await workbench.output.clickTitleButton('Resume Delivery');
    await says('{ "id": 4 }');
    await workbench.screenshot('tap followed');
    await workbench.output.clickTitleButton('Stop Tail');
    await says('Stopped.');
    await vhost.hasCounts('orders', 4, 0);
  });

  it('is made again by the title bar, and nothing is asked', async () => {
    await workbench.output.clickTitleButton('Tail Again');
    await waitFor(async () => (await workbench.output.wholeText(channel)).match(/in place/g)?.length === 2, {
      describe: 'a second tap in place',
    });
    assert.match(await workbench.output.wholeText(channel), /and 1 more binding/);
    await workbench.output.clickTitleButton('Stop Tail');
    await vhost.hasCounts('orders', 4, 0);
  });

  it('is the way to read a queue that is exclusive to another connection', async () => {
    const client = await connect(vhost.amqpUrl);
    const owner = await client.createChannel();
    const { queue } = await owner.assertQueue('private', { exclusive: true });
    await owner.bindQueue(queue, 'shop', 'private.*');
    await workbench.tree.row('private').waitFor();
    await workbench.tree.action('private', 'Tail Queue');
    await workbench.quickInput.pick('Copy Its Bindings');
    await says(inPlace, 'RabbitMQ: private');
    await publish('shop', 'private.a', '{"id":9}');
    await says('{ "id": 9 }', 'RabbitMQ: private');
    assert.equal((await owner.checkQueue(queue)).messageCount, 1);
    await client.close();
    await says('queue private is gone', 'RabbitMQ: private');
  });

  it('asks before it switches the firehose on, and switches it off again', async () => {
    await workbench.tree.action('mail', 'Tail Queue');
    await workbench.quickInput.row('Tap').waitFor();
    assert.equal((await workbench.quickInput.labels()).at(-1), 'Tap');
    await workbench.quickInput.pick('Tap');
    await workbench.modal.waitFor();
    assert.match(await workbench.modal.innerText(), /copies every message that is published/);
    await workbench.screenshot('tap firehose');
    await workbench.modalButton('Cancel');
    assert.equal(await isTracing(), false);
    await workbench.tree.action('mail', 'Tail Queue');
    await workbench.quickInput.pick('Tap');
    await workbench.modalButton('Switch On');
    await says(inPlace, 'RabbitMQ: mail');
    assert.equal(await isTracing(), true);
    await publish('amq.default', 'orders', '{"id":5}');
    await publish('amq.default', 'mail', '{"id":6}');
    await says('{ "id": 6 }', 'RabbitMQ: mail');
    assert.match(await workbench.output.wholeText('RabbitMQ: mail'), /^#1 .*\(default\) > mail/m);
    await vhost.hasCounts('mail', 1, 0);
    await workbench.output.clickTitleButton('Stop Tail');
    await says('Stopped.', 'RabbitMQ: mail');
    assert.equal(await isTracing(), false);
  });

  it('has the firehose switched off at the next start after its window has died', async () => {
    await workbench.tree.action('mail', 'Tail Queue');
    await workbench.quickInput.pick('Tap');
    await workbench.modalButton('Switch On');
    await waitFor(async () => (await isTracing()) === true, { describe: 'the firehose to be on' });
    await waitFor(async () => (await workbench.output.wholeText('RabbitMQ: mail')).match(/in place/g)?.length === 2, {
      describe: 'the tap in place',
    });
    process.kill(await ownerOf(await portOfTap()), 'SIGKILL');
    await waitFor(async () => (await queueNames()).length === 2, { describe: 'the queues of the tap to be gone' });
    assert.equal(await isTracing(), true);
    await workbench.page.reload();
    // What is told is in view for some seconds only.
    await Promise.all([
      workbench.notification('Switched off the firehose').waitFor({ timeout: 45_000 }),
      workbench.tree.expand('local'),
    ]);
    await workbench.screenshot('tap left on');
    assert.equal(await isTracing(), false);
  });

  it('is made of an exchange by what others are bound by, and warns of what it hides', async () => {
    await workbench.run('RabbitMQ: Tap Exchange…');
    await workbench.quickInput.row('shop').waitFor();
    await workbench.screenshot('tap exchanges');
    await workbench.quickInput.pick('shop');
    await workbench.quickInput.row('order.*').waitFor();
    assert.deepEqual(await workbench.quickInput.labels(), ['invoice.*', 'order.*', '#']);
    await workbench.screenshot('tap patterns');
    await workbench.quickInput.fill('#');
    await workbench.modal.waitFor();
    assert.match(await workbench.modal.innerText(), /publishers that want such messages returned/);
    await workbench.screenshot('tap all');
    await workbench.modalButton('Cancel');
    await workbench.tree.menu('local', 'Tap Exchange…');
    await workbench.quickInput.pick('shop');
    await workbench.quickInput.row('order.*').waitFor();
    await workbench.quickInput.type('order.lost');
    await workbench.quickInput.row('order.lost').waitFor();
    await workbench.quickInput.accept();
    const ofExchange = 'RabbitMQ: shop > order.lost';
    await says('copies of what it routes by order.lost', ofExchange);
    await says(inPlace, ofExchange);
    await publish('shop', 'order.found', '{"id":7}');
    await publish('shop', 'order.lost', '{"id":8}');
    await says('{ "id": 8 }', ofExchange);
    assert.ok(!(await workbench.output.wholeText(ofExchange)).includes('"id": 7'));
    await vhost.hasCounts('orders', 7, 0);
    await workbench.output.clickTitleButton('Stop Tail');
    await says('Stopped.', ofExchange);
    await workbench.output.clickTitleButton('Tail Again');
    await waitFor(async () => (await workbench.output.wholeText(ofExchange)).match(/Tailing shop/g)?.length === 2, {
      describe: 'a second tap',
    });
    await workbench.screenshot('tap exchange');
    await workbench.output.clickTitleButton('Stop Tail');
  });
});
