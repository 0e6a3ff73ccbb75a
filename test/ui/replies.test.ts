import assert from 'node:assert/strict';
import type { ChannelModel } from 'amqplib';
import { connect } from '../support/amqplib.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Editor } from './pages/editor.ts';
import { Workbench } from './pages/workbench.ts';

const requests = `### Greet
greetings
content-type: application/json

{ "name": "Ada" }

### Nobody answers
silent

hello?

### Routed
events > order.created

x

### Not routed
events > nobody.listens

x
`;

const saved = [
  { exchange: '', routingKey: 'orders', properties: {} },
  { exchange: 'by-tenant', routingKey: '', properties: { headers: { tenant: 'acme' } } },
  { exchange: 'events', routingKey: 'nobody.listens', properties: {} },
]
  .map((message) => JSON.stringify({ warrenMessage: 1, ...message, body: '' }))
  .join('\n');

describe('requests and replies', () => {
  let vhost: FreshVhost;
  let connection: ChannelModel;
  let workbench: Workbench;
  let editor: Editor;
  before(async () => {
    vhost = await freshVhost();
    connection = await connect(vhost.amqpUrl);
    const channel = await connection.createChannel();
    for (const queue of ['greetings', 'silent', 'orders', 'audit']) await channel.assertQueue(queue, { durable: true });
    await channel.assertExchange('events', 'topic', { durable: true });
    await channel.bindQueue('orders', 'events', 'order.*');
    await channel.bindQueue('audit', 'events', 'order.#');
    await channel.assertExchange('broadcast', 'fanout', { durable: true });
    for (const queue of ['audit', 'orders']) await channel.bindQueue(queue, 'broadcast', '');
    await channel.assertExchange('by-tenant', 'headers', { durable: true });
    await channel.bindQueue('audit', 'by-tenant', '', { 'x-match': 'all', tenant: 'acme' });
    await channel.consume('greetings', (request) => {
      if (!request) return;
      const { name } = JSON.parse(request.content.toString()) as { name: string };
      const { replyTo, correlationId } = request.properties;
      const properties = { correlationId: String(correlationId), contentType: 'application/json', headers: { n: 7 } };
      channel.sendToQueue(String(replyTo), Buffer.from(JSON.stringify({ hello: name })), properties);
      channel.ack(request);
    });
    workbench = await Workbench.open({
      files: { 'requests.amqp': requests, 'plain.json': '{ "name": "Bob" }', 'saved.jsonl': saved },
      settings: { 'warren.refreshInterval': 1, 'warren.publish.replyTimeout': 2 },
    });
    editor = new Editor(workbench.page);
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.row('greetings').waitFor();
  });
  after(async () => {
    await workbench.dispose();
    await connection.close();
    await vhost.dispose();
  });

  const leadsTo = (target: string, where: string): Promise<void> =>
    workbench.quickInput.row(target).filter({ hasText: where }).waitFor();

  it('shows above each message of a file where it would go', async () => {
    await workbench.openFile('requests.amqp');
    await editor.lens('→ 2 queues').waitFor();
    await editor.lens('→ no queue: it would be returned').waitFor();
    await workbench.screenshot('route preview');
  });

  it('opens the reply of a message in a file beside it, with its properties', async () => {
    await editor.clickLens('Publish and Await Reply');
    await workbench.editorTab('Reply 1 of greetings.amqp').waitFor();
    await workbench.page
      .locator('.monaco-editor .view-line', { hasText: '"hello": "Ada"' })
      .or(workbench.page.locator('.monaco-editor .view-line', { hasText: '"hello":"Ada"' }))
      .first()
      .waitFor();
    await editor.lens('✓ confirmed, routed').first().waitFor();
    await workbench.screenshot('reply beside its request');
  });

  it('says when no reply came in time', async () => {
    await editor.clickLens('Publish and Await Reply', 1);
    await workbench.notification('silent got the request, and no reply came within 2 s').waitFor();
    await workbench.screenshot('no reply');
  });

  it('asks with the text of any editor', async () => {
    await workbench.openFile('plain.json');
    await workbench.run('RabbitMQ: Publish and Await Reply');
    await workbench.quickInput.fill('greetings');
    await workbench.editorTab('Reply 2 of greetings.amqp').waitFor();
  });

  it('shows which queues would get a message while its routing key is typed', async () => {
    await workbench.openFile('plain.json');
    await workbench.run('RabbitMQ: Publish Message');
    await workbench.quickInput.type('events');
    await workbench.quickInput.take(workbench.quickInput.row('events').filter({ hasText: 'topic exchange' }).first());
    await workbench.quickInput.title.filter({ hasText: 'Routing Key for events on local' }).waitFor();
    await workbench.quickInput.type('order.new');
    await workbench.quickInput.message.filter({ hasText: '→ 2 queues: audit, orders' }).waitFor();
    await workbench.screenshot('route preview while typing');
    await workbench.quickInput.type('other');
    await workbench.quickInput.message.filter({ hasText: '→ no queue: it would be returned' }).waitFor();
    await workbench.quickInput.cancel();
  });

  it('shows which queues would get a message beside each exchange that asks for no routing key', async () => {
    await workbench.openFile('plain.json');
    await workbench.run('RabbitMQ: Publish Message');
    await leadsTo('broadcast', 'fanout exchange → 2 queues: audit, orders');
    await leadsTo('by-tenant', 'headers exchange → no queue: it would be returned');
    await workbench.screenshot('route preview in the pick');
    await workbench.quickInput.cancel();
    await workbench.show('Explorer');
    await workbench.tree.menu('plain.json', 'Publish Messages from Files…');
    await leadsTo('broadcast', 'fanout exchange → 2 queues: audit, orders');
    await workbench.quickInput.cancel();
    await workbench.tree.menu('saved.jsonl', 'Publish Saved Messages…');
    await leadsTo(
      'Where Each Was Published',
      '→ no queue for 1 message: it would be returned · → 2 queues: audit, orders',
    );
    await workbench.screenshot('route preview of saved messages');
    await workbench.quickInput.pick('To a Queue or Exchange…');
    await leadsTo('broadcast', 'fanout exchange → 2 queues: audit, orders');
    await leadsTo('by-tenant', 'headers exchange → not the same queues for all of them, by their headers');
    await workbench.quickInput.cancel();
  });

  it('writes a reply to a message that a tail has received', async () => {
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const replies: string[] = [];
    await channel.consume(
      queue,
      (reply) => replies.push(`${reply?.properties.correlationId} ${reply?.content.toString()}`),
      {
        noAck: true,
      },
    );
    await channel.purgeQueue('silent');
    channel.sendToQueue('silent', Buffer.from('ask'), { replyTo: queue, correlationId: 'c-1' });
    await workbench.show('RabbitMQ');
    // The row moves the others when it comes.
    await workbench.tree.row(queue).waitFor();
    await workbench.tree.action('silent', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await workbench.output.clickLens(1, 'Reply');
    await waitFor(async () => (await workbench.editorText()).includes('correlation-id: c-1'), {
      describe: 'a message file with its correlation-id',
    });
    await workbench.screenshot('reply to a message');
    await editor.clickLens('Publish');
    await waitFor(() => replies.length > 0, { describe: 'the reply' });
    assert.match(replies[0] ?? '', /^c-1 \{/);
  });

  it('writes a reply to a message of the Messages panel', async () => {
    const channel = await connection.createChannel();
    channel.sendToQueue('silent', Buffer.from('ask'), { replyTo: 'somewhere', correlationId: 'c-2' });
    await workbench.run('RabbitMQ: Show in Messages Panel');
    await workbench.menu.pick(workbench.messages.row(2), 'Reply to Message…');
    await waitFor(async () => (await workbench.editorText()).includes('correlation-id: c-2'), {
      describe: 'a message file with its correlation-id',
    });
    assert.match(await workbench.editorText(), /^somewhere$/m);
    await workbench.screenshot('reply to a message of the panel');
  });

  it('shows where a copy of a message would go by its own headers', async () => {
    const channel = await connection.createChannel();
    channel.sendToQueue('silent', Buffer.from('x'), { headers: { tenant: 'acme' } });
    await workbench.run('RabbitMQ: Show in Messages Panel');
    await workbench.menu.pick(workbench.messages.row(3), 'Publish a Copy…');
    await leadsTo('by-tenant', 'headers exchange → 1 queue: audit');
    await workbench.screenshot('route preview of a copy');
    await workbench.quickInput.pick('by-tenant');
    await workbench.statusBar('Published 1 message of silent to by-tenant').waitFor();
    await workbench.run('RabbitMQ: Publish a Copy…');
    await leadsTo('by-tenant > ""', 'exchange → not the same queues for all of them, by their headers');
    await workbench.quickInput.cancel();
  });
});
