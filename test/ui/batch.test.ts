import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChannelModel, GetMessage } from 'amqplib';
import { connect } from '../support/amqplib.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { TcpProxy } from '../support/tcpProxy.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

const count = 10_000;
const saved = Array.from({ length: 3_000 }, (_, i) => {
  const body = Buffer.from(JSON.stringify({ id: i + 1, filler: 'x'.repeat(200) })).toString('base64');
  return JSON.stringify({ warrenMessage: 1, exchange: '', routingKey: 'orders', properties: {}, body });
});
const lines = Array.from({ length: count }, (_, i) => JSON.stringify({ id: i + 1, filler: 'x'.repeat(200) }));

describe('publishing a batch', () => {
  let vhost: FreshVhost;
  let proxy: TcpProxy;
  let connection: ChannelModel;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    proxy = await TcpProxy.to(vhost.amqpPort);
    connection = await connect(vhost.amqpUrl);
    const channel = await connection.createChannel();
    await channel.assertQueue('orders', { durable: true });
    workbench = await Workbench.open({
      files: {
        'orders.jsonl': `${lines.join('\n')}\n`,
        'saved.jsonl': `no message\n${saved.join('\n')}\n`,
        'customers.csv': 'queue,name,age\norders,Ada,36\nnowhere,Bob,41\norders,"Cy, the third",9\n',
        'customer.amqp':
          '{{queue}}\ncontent-type: application/json\npriority: 3\nx-age: int32 {{age}}\n\n{ "name": "{{name}}" }\n',
        'note.txt': 'hello',
        'pair.txt': 'one\ntwo',
        'wrap.amqp': 'orders\n\n<{{body}}>\n',
        'numbers.amqp': 'orders\n\nx\n\n###\norders\n\nnumber {{$counter}}\n',
      },
      settings: { 'warren.refreshInterval': 1, 'explorer.autoReveal': false },
    });
    const broker = { ...vhost, amqpPort: proxy.port };
    await addConnection(workbench, { name: 'local', broker, vhost: vhost.vhost, management: true });
    await workbench.show('Explorer');
  });
  after(async () => {
    await workbench.dispose();
    await connection.close();
    await proxy.dispose();
    await vhost.dispose();
  });

  const ready = async (): Promise<number> => (await vhost.management.queueCounts(vhost.vhost, 'orders'))?.ready ?? 0;

  /** Takes all messages out of the queue, in their order. */
  async function take(): Promise<GetMessage[]> {
    const channel = await connection.createChannel();
    const all: GetMessage[] = [];
    for (let message = await channel.get('orders', { noAck: true }); message !== false;) {
      all.push(message);
      message = await channel.get('orders', { noAck: true });
    }
    await channel.close();
    return all;
  }

  async function publishOrders(): Promise<void> {
    await workbench.tree.menu('orders.jsonl', 'Publish Batch…');
    await workbench.quickInput.row('To a Queue or Exchange…').first().waitFor();
    await workbench.quickInput.pick('To a Queue or Exchange…');
    await workbench.quickInput.fill('orders');
    await workbench.quickInput.row('As Fast as the Broker Confirms').first().waitFor();
    await workbench.screenshot('batch pace');
    await workbench.quickInput.pick('As Fast as the Broker Confirms');
  }

  it('of 10,000 lines shows how far it is, can be paused and cancelled, and then says what became of each', async () => {
    proxy.throttle(1_000_000);
    await publishOrders();
    const progress = workbench.notification('Publishing orders.jsonl on local');
    await progress.waitFor();
    const done = async (): Promise<number> =>
      Number((/([\d,]+) of 10,000/.exec(await progress.innerText())?.[1] ?? '0').replace(',', ''));
    await waitFor(async () => (await done()) >= 1_000, { describe: '1,000 of 10,000' });
    await workbench.screenshot('batch progress');
    await workbench.statusBar(/orders\.jsonl \d+ %/).click();
    await progress.filter({ hasText: 'paused at' }).waitFor();
    await workbench.screenshot('batch paused');
    await workbench.statusBar(/orders\.jsonl \d+ %/).click();
    await waitFor(async () => !(await progress.innerText()).includes('paused'), { describe: 'the batch to go on' });
    await workbench.notificationButton('Publishing orders.jsonl', 'Cancel');
    const report = workbench.notification('10,000 messages:');
    await report.waitFor();
    await workbench.screenshot('batch cancelled');
    proxy.throttle(Infinity);
  });

  it('goes on where it was: what is confirmed is not sent again', async () => {
    await workbench.notificationButton('10,000 messages:', 'Resume');
    await workbench.modal.waitFor();
    await workbench.screenshot('batch resume');
    await workbench.modalButton('Send Again');
    await workbench.statusBar('Published 10,000 messages of orders.jsonl: confirmed and routed').waitFor();
    const numbers = (await take()).map(numberIn);
    assert.equal(new Set(numbers).size, count);
    // What was on its way when it was cancelled is there twice, at most a window of it.
    assert.ok(numbers.length <= count + 500, String(numbers.length));
  });

  it('cut off with its window is offered when the connection opens again', async () => {
    proxy.throttle(1_000_000);
    await publishOrders();
    await waitFor(async () => (await ready()) >= 1_000, { describe: '1,000 in the queue' });
    await workbench.reload();
    proxy.throttle(Infinity);
    await workbench.show('RabbitMQ');
    await workbench.tree.expand('local');
    await workbench.notification('a batch was interrupted').waitFor({ timeout: 20_000 });
    await workbench.screenshot('batch interrupted');
    await workbench.notificationButton('a batch was interrupted', 'Resume Batch…');
    await workbench.quickInput.row('orders.jsonl').first().waitFor();
    await workbench.screenshot('batch list');
    await workbench.quickInput.accept();
    await workbench.modalButton('Send Again');
    await workbench.statusBar('Published 10,000 messages of orders.jsonl: confirmed and routed').waitFor();
    assert.equal(new Set((await take()).map(numberIn)).size, count);
  });

  it('of saved messages is the same, with what cannot be published left out when that is wanted', async () => {
    await workbench.show('Explorer');
    proxy.throttle(500_000);
    await workbench.tree.menu('saved.jsonl', 'Publish Saved Messages…');
    await workbench.quickInput.pick('Where Each Was Published');
    await workbench.modal.waitFor();
    const question = await workbench.modal.innerText();
    assert.match(question, /Publish 3,000 messages of saved\.jsonl to their own exchanges on local\?/);
    assert.match(question, /Line 1: it is not JSON\./);
    await workbench.screenshot('batch saved');
    await workbench.modalButton('Publish 3,000 Messages');
    await workbench.quickInput.pick('As Fast as the Broker Confirms');
    await waitFor(async () => (await ready()) >= 100, { describe: '100 in the queue' });
    await workbench.notificationButton('Publishing saved.jsonl', 'Cancel');
    await workbench.notification('saved.jsonl, 3,000 messages').waitFor();
    proxy.throttle(Infinity);
    await workbench.notificationButton('saved.jsonl, 3,000 messages', 'Resume');
    await workbench.modalButton('Leave Out');
    await workbench
      .notification(/saved\.jsonl, 3,000 messages: [\d,]+ published \(confirmed and routed\); [\d,]+ unknown/)
      .waitFor();
    await workbench.screenshot('batch saved left out');
    const numbers = (await take()).map(numberIn);
    // None twice; of what was on its way when it was cancelled some may be missing, as was wanted.
    assert.equal(new Set(numbers).size, numbers.length);
    assert.ok(numbers.length >= 2_400 && numbers.at(-1) === 3_000, String(numbers.length));
    await workbench.run('Notifications: Clear All Notifications');
  });

  it('of CSV rows fills a message file, and says which of them no queue got', async () => {
    await workbench.show('Explorer');
    await workbench.tree.menu('customers.csv', 'Publish Batch…');
    await workbench.quickInput.row('customer.amqp').first().waitFor();
    await workbench.screenshot('batch template');
    await workbench.quickInput.pick('customer.amqp');
    await workbench.quickInput.pick('As Fast as the Broker Confirms');
    await workbench.notification('3 messages: 2 published (confirmed and routed); 1 returned').waitFor();
    await workbench.screenshot('batch unroutable');
    await workbench.notificationButton('3 messages:', 'Show Ledger');
    await workbench.editorTab('Ledger of customers.csv.txt').waitFor();
    await waitFor(async () => /^2 +returned$/m.test(await workbench.editorText()), {
      describe: 'the second, returned',
    });
    await workbench.screenshot('batch ledger');
    const messages = await take();
    assert.deepEqual(
      messages.map(({ content }) => content.toString()),
      ['{ "name": "Ada" }', '{ "name": "Cy, the third" }'],
    );
    assert.deepEqual(
      messages.map(({ properties }) => [properties.priority, properties.headers?.['x-age']]),
      [
        [3, 36],
        [3, 9],
      ],
    );
  });

  it('saves those that no queue got, to be published again', async () => {
    await workbench.run('RabbitMQ: Resume Batch…');
    const row = workbench.quickInput.row('customers.csv');
    await row.hover();
    await row.locator('a.action-label[aria-label^="Save Failed"]').click();
    const path = join(workbench.folder, 'failed.jsonl');
    await workbench.quickInput.answerFile(path, /^(OK|Save)$/);
    const text = await waitFor(() => readFile(path, 'utf8').catch(() => undefined), { describe: 'the file' });
    const kept = text.split('\n').filter((line) => line !== '');
    const [{ exchange, routingKey, properties, body } = {} as SavedLine] = kept.map(parseLine);
    assert.equal(kept.length, 1);
    assert.deepEqual([exchange, routingKey, properties['priority']], ['', 'nowhere', 3]);
    assert.equal(Buffer.from(body, 'base64').toString(), '{ "name": "Bob" }');
    await workbench.tree.menu('failed.jsonl', 'Publish Saved Messages…');
    await workbench.quickInput.pick('To a Queue or Exchange…');
    await workbench.quickInput.fill('orders');
    await workbench.quickInput.pick('As Fast as the Broker Confirms');
    await workbench.statusBar('Published 1 message of failed.jsonl').waitFor();
    assert.deepEqual(
      (await take()).map(({ content }) => content.toString()),
      ['{ "name": "Bob" }'],
    );
  });

  it('can be several selections, each put into a message file', async () => {
    await workbench.openFile('pair.txt');
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.press('Shift+End');
    await workbench.run('Add Cursor Below');
    await workbench.run('RabbitMQ: Publish Batch…');
    await workbench.quickInput.pick('2 selections');
    await workbench.quickInput.pick('wrap.amqp');
    await workbench.quickInput.pick('As Fast as the Broker Confirms');
    await workbench.statusBar('Published 2 messages of 2 selections').waitFor();
    assert.deepEqual(
      (await take()).map(({ content }) => content.toString()),
      ['<one>', '<two>'],
    );
  });

  it('can be a message of a message file many times, with new values each time', async () => {
    await workbench.openFile('numbers.amqp');
    await workbench.page.keyboard.press('Control+End');
    await workbench.run('RabbitMQ: Publish Batch…');
    await workbench.quickInput.pick('Message 2 of numbers.amqp Many Times…');
    await workbench.quickInput.fill('3');
    await workbench.quickInput.pick('As Fast as the Broker Confirms');
    await workbench.statusBar('Published 3 messages of Message 2 of numbers.amqp').waitFor();
    assert.deepEqual(
      (await take()).map(({ content }) => content.toString()),
      ['number 1', 'number 2', 'number 3'],
    );
  });

  it('can be one message many times, at a rate', async () => {
    await workbench.openFile('note.txt');
    await workbench.run('RabbitMQ: Publish Batch…');
    await workbench.quickInput.pick('note.txt Many Times…');
    await workbench.quickInput.fill('5');
    await workbench.quickInput.pick('To a Queue or Exchange…');
    await workbench.quickInput.fill('orders');
    await workbench.quickInput.pick('So Many a Second…');
    await workbench.quickInput.fill('20');
    await workbench.statusBar('Published 5 messages of note.txt').waitFor();
    assert.deepEqual(
      (await take()).map(({ content }) => content.toString()),
      ['hello', 'hello', 'hello', 'hello', 'hello'],
    );
  });
});

function numberIn({ content }: GetMessage): number {
  return (JSON.parse(content.toString()) as { id: number }).id;
}

interface SavedLine {
  readonly exchange: string;
  readonly routingKey: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function parseLine(line: string): SavedLine {
  return JSON.parse(line) as SavedLine;
}
