import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { pikaGet, pikaPublish, type PikaMessage } from '../support/pikaMessages.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Editor } from './pages/editor.ts';
import { Workbench } from './pages/workbench.ts';

const several = `@customer = Ann

### Order created
events > order.created
content-type: application/json
delivery-mode: persistent
message-id: {{$uuid}}
x-tenant: {{tenant}}
x-attempt: int8 3
x-when: timestamp 2026-01-31T12:00:00Z

{
  "id": 1001,
  "customer": "{{customer}}",
  "total": 12.5
}

### Invoice
# Goes straight to the queue.
orders
content-type: application/xml

<invoice number="7">
  <total currency="EUR">12.50</total>
</invoice>

### Picture
orders
content-type: image/png

< ./rabbit.png

### Nobody listens
events > nobody.listens

x
`;

const asking = `orders
connection: local
x-tenant: {{tenant}}

for {{$prompt Who is it for?}}

### Forged
orders
connection: local
user-id: nobody

x

### Elsewhere
orders
connection: nowhere

x
`;

describe('a message file in the workbench', () => {
  const picture = new Uint8Array(Array.from({ length: 256 }, (_, i) => 255 - i));
  let vhost: FreshVhost;
  let workbench: Workbench;
  let editor: Editor;
  before(async () => {
    vhost = await freshVhost();
    const { management, vhost: name } = vhost;
    await management.request('PUT', `queues/${name}/orders`, { durable: true });
    await management.request('PUT', `exchanges/${name}/events`, { type: 'topic', durable: true });
    await management.request('POST', `bindings/${name}/e/events/q/orders`, { routing_key: 'order.created' });
    workbench = await Workbench.open({
      files: { 'empty.amqp': '', 'several.amqp': several, 'asking.amqp': asking, 'rabbit.png': picture },
      settings: {
        'warren.refreshInterval': 1,
        'warren.environments': { local: { tenant: 'acme' }, staging: { tenant: 'test' } },
        'warren.environment': 'local',
      },
    });
    editor = new Editor(workbench.page);
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.row('orders').waitFor();
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  const get = (): Promise<PikaMessage> => pikaGet(vhost.amqpUrl, 'orders');

  it('is written with what the broker has, and published with one key; its lens says what became of it', async () => {
    const { keyboard } = workbench.page;
    await workbench.run('View: Show Explorer');
    await workbench.tree.click('empty.amqp');
    await workbench.editorTab('empty.amqp').waitFor();
    await editor.widget.click();
    // What is live is read when it is first wanted.
    await waitFor(
      async () => {
        await keyboard.press('Escape');
        await keyboard.press('Control+Space');
        await editor.suggestion('events').first().waitFor({ timeout: 2_000 });
        return true;
      },
      { describe: 'the exchange among the suggestions', timeoutMs: 20_000 },
    );
    await workbench.screenshot('message file target');
    await editor.accept('events');
    await editor.accept('order.created');
    await keyboard.press('Enter');
    await keyboard.type('del');
    await editor.accept('delivery-mode');
    await editor.accept('persistent');
    await workbench.screenshot('message file written');
    await keyboard.press('Enter');
    await keyboard.press('Enter');
    await keyboard.type('hello');
    await editor.lens('Publish').waitFor();
    await keyboard.press('Control+Alt+Enter');
    await editor.lens('✓ confirmed, routed').waitFor();
    await workbench.screenshot('message file routed');
    const { exchange, routingKey, properties, body } = await get();
    assert.deepEqual([exchange, routingKey, properties], ['events', 'order.created', { 'delivery-mode': 2 }]);
    assert.equal(Buffer.from(body, 'hex').toString(), 'hello');
  });

  it('has no result any more once it is changed', async () => {
    await workbench.page.keyboard.type('!');
    await editor.lens('✓').waitFor({ state: 'detached' });
    await workbench.page.keyboard.press('Control+S');
  });

  it('publishes all its messages, with the variables of the environment and bytes of a file', async () => {
    await workbench.openFile('several.amqp');
    await workbench.statusBar('local').first().waitFor();
    await editor.squiggle('warning').first().waitFor();
    await workbench.screenshot('message file several');
    await editor.clickLens('Publish All');
    await editor.lens('⚠ unroutable: no queue is bound for it').waitFor();
    const [first, second, third] = [await get(), await get(), await get()];
    assert.deepEqual(first.headers, {
      'x-tenant': 'S0000000461636d65',
      'x-attempt': 'b03',
      'x-when': 'T00000000697deec0',
    });
    assert.equal((JSON.parse(Buffer.from(first.body, 'hex').toString()) as { customer: string }).customer, 'Ann');
    assert.equal(second.properties['content-type'], 'application/xml');
    assert.deepEqual(Buffer.from(third.body, 'hex'), Buffer.from(picture));
    assert.equal(await editor.lens('✓ confirmed, routed').count(), 3);
  });

  it('says of an unroutable message why, at its target', async () => {
    await workbench.run('Problems: Focus on Problems View');
    const problem = workbench.page.locator('.markers-panel .monaco-list-row', {
      hasText: 'No queue is bound to exchange events',
    });
    await problem.waitFor();
    await workbench.screenshot('message file unroutable');
    await workbench.run('View: Hide Panel');
  });

  it('tells in a hover what is live of its target', async () => {
    const target = editor.widget.locator('.view-line', { hasText: 'order.created' }).locator('span span').first();
    const hover = await workbench.hover(target, 'topic exchange → orders');
    assert.match(await hover.innerText(), /events\s+on\s+local/);
    await workbench.screenshot('message file hover');
  });

  it('asks for what only a person knows, and takes variables of the environment that is chosen', async () => {
    await workbench.openFile('asking.amqp');
    await workbench.page.locator('.statusbar-item[aria-label="RabbitMQ environment: local"]').click();
    await workbench.quickInput.row('staging').waitFor();
    await workbench.screenshot('message file environments');
    await workbench.quickInput.pick('staging');
    await workbench.page.locator('.statusbar-item[aria-label="RabbitMQ environment: staging"]').waitFor();
    await editor.clickLens('Publish');
    await workbench.quickInput.message.filter({ hasText: 'Who is it for?' }).waitFor();
    await workbench.quickInput.fill('Ann');
    await editor.lens('✓ confirmed, routed').waitFor();
    const { headers, body } = await get();
    assert.deepEqual([headers, Buffer.from(body, 'hex').toString()], [{ 'x-tenant': 'S0000000474657374' }, 'for Ann']);
  });

  it('says of a message that the broker refuses why, and publishes nothing where the connection is not known', async () => {
    await workbench.openFile('asking.amqp');
    await editor.clickLens('Publish', 1);
    await editor.lens(/✗ refused: .*user_id/).waitFor();
    await workbench.screenshot('message file refused');
    await editor.clickLens('Publish', 2);
    await workbench.notification('There is no connection nowhere.').waitFor();
    await editor.squiggle('warning').first().waitFor();
    await workbench.page.keyboard.press('Escape');
    assert.equal((await vhost.management.queueCounts(vhost.vhost, 'orders'))?.total, 0);
  });

  it('is opened for a queue of the tree with its target filled in', async () => {
    await workbench.show('RabbitMQ');
    await workbench.tree.menu('orders', 'New Message…');
    await waitFor(async () => (await workbench.editorText()).startsWith('orders\ncontent-type: application/json'), {
      describe: 'a new message for the queue',
    });
    await workbench.screenshot('message file new');
    await workbench.page.keyboard.type('"id": 1');
    await editor.clickLens('Publish');
    await editor.lens('✓ confirmed, routed').waitFor();
    assert.deepEqual(JSON.parse(Buffer.from((await get()).body, 'hex').toString()), { id: 1 });
  });

  it('saved from a tail is the message that came', async () => {
    const sent: PikaMessage = {
      exchange: '',
      routingKey: 'orders',
      properties: { 'content-type': 'text/plain', priority: 3, type: 'note' },
      headers: { small: 'bfb', wide: 'u0007', 'x-list': ['A', ['I00000001', 'V']] },
      body: Buffer.from('###\nhello {{name}}\n').toString('hex'),
    };
    await pikaPublish(vhost.amqpUrl, sent);
    await workbench.tree.menu('orders', 'Tail Queue…');
    await workbench.quickInput.pick('Hold');
    await waitFor(async () => (await workbench.output.text()).includes('hello'), {
      describe: 'the message in the tail',
    });
    await workbench.run('RabbitMQ: Save as Message File…');
    const path = join(workbench.folder, 'saved.amqp');
    await workbench.quickInput.answerFile(path, /^(OK|Save)$/);
    await workbench.editorTab('saved.amqp').waitFor();
    await workbench.screenshot('message file saved');
    const text = await readFile(path, 'utf8');
    await workbench.run('RabbitMQ: Stop Tail');
    await waitFor(async () => (await vhost.management.queueCounts(vhost.vhost, 'orders'))?.ready === 1, {
      describe: 'the message back in its queue',
    });
    await get();
    await editor.clickLens('Publish');
    await editor.lens('✓ confirmed, routed').waitFor();
    assert.deepEqual(await get(), sent, text);
  });
});
