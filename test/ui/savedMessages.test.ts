import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { python } from '../support/python.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

/** Four messages, with header types that amqplib would not keep by itself. */
const publish = `import pika,sys
c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel()
for i in range(1, 5):
    headers={'small': -5, 'large': 2**60, 'nested': {'list': [1, 'two', None]}}
    ch.basic_publish('', 'orders', b'{"id": %d}' % i, pika.BasicProperties(content_type='application/json', headers=headers))
c.close()`;

/** One with a correlation-id that is no UTF-8. */
const odd = `import pika,sys
class Odd(pika.BasicProperties):
    def encode(self): return [b'\\x04\\x00\\x04caf\\xe9']
c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel()
ch.basic_publish('', 'orders', b'odd', Odd())
c.close()`;

interface SavedLine {
  readonly exchange: string;
  readonly routingKey: string;
  readonly properties: { readonly headers: Record<string, unknown> };
  readonly body: string;
}

async function linesIn(file: string): Promise<SavedLine[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SavedLine);
}

describe('messages in files', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    for (const queue of ['orders', 'copies']) {
      await vhost.management.request('PUT', `queues/${vhost.vhost}/${queue}`, { durable: true });
    }
    await python(publish, [vhost.amqpUrl]);
    workbench = await Workbench.open({
      settings: { 'warren.refreshInterval': 1, 'warren.tailToFile.rotateMegabytes': 1 },
    });
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await hasReady('orders', 0);
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  const path = (name: string): string => join(workbench.folder, name);

  async function hasReady(queue: string, ready: number): Promise<void> {
    await waitFor(async () => (await vhost.management.queueCounts(vhost.vhost, queue))?.ready === ready, {
      describe: `${ready} ready in ${queue}`,
    });
  }

  /** Waits for a file in the workspace, and returns its name: what the status bar says is gone after some seconds. */
  async function hasFile(name: string | RegExp): Promise<string> {
    return waitFor(
      async () =>
        (await readdir(workbench.folder)).find((each) => (name instanceof RegExp ? name.test(each) : each === name)),
      { describe: `a file ${String(name)}` },
    );
  }

  /** Chooses all messages, where the cursor is on one of them. */
  async function all(count = 4): Promise<void> {
    const { title } = workbench.quickInput;
    await title.filter({ hasText: /^(Messages of orders|(Save|Publish) \d messages of orders)/ }).waitFor();
    if ((await title.innerText()).startsWith('Messages')) await workbench.quickInput.pick(`All ${count} messages`);
  }

  it('are saved with the types of their headers, all that the tail keeps', async () => {
    await workbench.run('RabbitMQ: Save Messages…');
    await all();
    await workbench.quickInput.row('JSON Lines').waitFor();
    await workbench.screenshot('save messages forms');
    await workbench.quickInput.pick('JSON Lines');
    await workbench.quickInput.answerFile(path('orders.jsonl'), /^(OK|Save)$/);
    await workbench.statusBar('Saved 4 messages of orders to orders.jsonl').waitFor();
    const lines = await linesIn(path('orders.jsonl'));
    assert.deepEqual(
      lines.map(({ body }) => Buffer.from(body, 'base64').toString()),
      ['{"id": 1}', '{"id": 2}', '{"id": 3}', '{"id": 4}'],
    );
    const large = { '!': 'int64', value: String(2n ** 60n) };
    const headers = { small: -5, large, nested: { list: [1, 'two', null] } };
    assert.deepEqual(lines[0]?.properties.headers, headers);
  });

  it('are saved as bodies, a file each, in a folder of their own', async () => {
    await workbench.run('RabbitMQ: Save Messages…');
    await all();
    await workbench.quickInput.pick('Bodies Only');
    await workbench.quickInput.answerFile(`${workbench.folder}/`, /^(OK|Save Bodies Here)$/);
    const folder = await hasFile(/^orders 20[^.]*$/);
    assert.deepEqual(
      (await readdir(path(folder))).toSorted(),
      [1, 2, 3, 4].map((n) => `00000${n}.json`),
    );
    assert.equal(await readFile(path(`${folder}/000003.json`), 'utf8'), '{"id": 3}');
  });

  it('are saved as a table, and the one at the cursor alone', async () => {
    await workbench.output.focus();
    await workbench.run('RabbitMQ: Save Messages…');
    const title = workbench.quickInput.title.filter({ hasText: 'Messages of orders' });
    await title.waitFor();
    await workbench.screenshot('save message at cursor');
    const [first = ''] = await workbench.quickInput.labels();
    assert.match(first, /^Message #\d$/);
    await workbench.quickInput.pick(first);
    await workbench.quickInput.pick('CSV');
    await workbench.quickInput.answerFile(path('one.csv'), /^(OK|Save)$/);
    await hasFile('one.csv');
    const rows = (await readFile(path('one.csv'), 'utf8')).trimEnd().split('\r\n');
    assert.equal(rows.length, 2);
    assert.ok(rows[1]?.startsWith(`${first.slice('Message #'.length)},`), rows[1]);
  });

  it('are saved where they are selected in the Messages panel', async () => {
    const { messages: panel } = workbench;
    await workbench.run('RabbitMQ: Show in Messages Panel');
    await panel.row(2).click();
    await panel.row(4).click({ modifiers: ['Control'] });
    await panel.frame.getByText('2 selected').waitFor();
    await workbench.menu.pick(panel.row(4), 'Save Messages…');
    await workbench.quickInput.title.filter({ hasText: 'Save 2 messages of orders' }).waitFor();
    await workbench.screenshot('save selected');
    await workbench.quickInput.pick('JSON Lines');
    await workbench.quickInput.answerFile(path('selected.jsonl'), /^(OK|Save)$/);
    await hasFile('selected.jsonl');
    const lines = await linesIn(path('selected.jsonl'));
    assert.deepEqual(
      lines.map(({ body }) => Buffer.from(body, 'base64').toString()),
      ['{"id": 2}', '{"id": 4}'],
    );
    await workbench.output.choose('RabbitMQ: orders');
  });

  it('are published once more as they came, to a queue of choice', async () => {
    await workbench.run('RabbitMQ: Publish a Copy…');
    await all();
    await workbench.quickInput.title.filter({ hasText: 'Publish 4 messages of orders' }).waitFor();
    await workbench.quickInput.fill('copies');
    await workbench.statusBar('Published 4 messages to copies: confirmed and routed').waitFor();
    await hasReady('copies', 4);
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('are published from a file, after it is said how many and where to', async () => {
    await workbench.run('RabbitMQ: Publish Saved Messages…');
    await workbench.quickInput.answerFile(path('orders.jsonl'), /^(OK|Publish)$/);
    await workbench.quickInput.row('Where Each Was Published').waitFor();
    await workbench.screenshot('publish saved where');
    await workbench.quickInput.pick('To a Queue or Exchange…');
    await workbench.quickInput.title.filter({ hasText: 'Publish orders.jsonl to local' }).waitFor();
    await workbench.quickInput.fill('copies');
    await workbench.quickInput.title
      .filter({ hasText: 'Publish 4 messages of orders.jsonl to copies on local' })
      .waitFor();
    await workbench.screenshot('publish saved pace');
    await workbench.quickInput.pick('As Fast as the Broker Confirms');
    await workbench.statusBar('Published 4 messages of orders.jsonl: confirmed and routed').waitFor();
    await hasReady('copies', 8);
  });

  it('that cannot be saved as they came are named with the reason, and the others saved if that is wanted', async () => {
    await python(odd, [vhost.amqpUrl]);
    await waitFor(async () => (await workbench.output.wholeText('RabbitMQ: orders')).includes('odd'), {
      describe: 'the odd message',
    });
    await workbench.run('RabbitMQ: Save Messages…');
    await all(5);
    await workbench.quickInput.pick('JSON Lines');
    await workbench.quickInput.answerFile(path('odd.jsonl'), /^(OK|Save)$/);
    await workbench.modal.waitFor();
    const text = await workbench.modal.innerText();
    assert.match(text, /1 of 5 cannot be saved exactly/);
    assert.match(text, /#5: its correlation-id is not UTF-8, and its bytes are not kept\./);
    await workbench.screenshot('save refused');
    assert.ok(!(await readdir(workbench.folder)).includes('odd.jsonl'));
    await workbench.modalButton('Save the Other 4');
    await hasFile('odd.jsonl');
    assert.equal((await linesIn(path('odd.jsonl'))).length, 4);
    assert.deepEqual(
      (await readdir(workbench.folder)).filter((name) => name.endsWith('.part')),
      [],
    );
    await workbench.run('RabbitMQ: Publish a Copy…');
    await all(5);
    await workbench.quickInput.title.filter({ hasText: 'Publish 5 messages of orders' }).waitFor();
    await workbench.quickInput.fill('copies');
    await workbench.modal.waitFor();
    assert.match(await workbench.modal.innerText(), /1 message cannot be published exactly:\n#5: its corr/);
    await workbench.screenshot('publish copy refused');
    await workbench.modalButton('Cancel');
    await hasReady('copies', 8);
  });

  it('are written to a file as they come, and taken off the queue by then', async () => {
    await workbench.tree.menu('copies', 'Tail to File…');
    await workbench.quickInput.row('Drain').waitFor();
    await workbench.screenshot('tail to file modes');
    assert.ok(!(await workbench.quickInput.labels()).includes('Hold'));
    await workbench.quickInput.pick('Drain');
    await workbench.quickInput.answerFile(path('copies.jsonl'), /^(OK|Save)$/);
    const item = workbench.statusBar(/copies: 8 · /);
    await item.waitFor();
    await workbench.screenshot('tail to file');
    const lines = await linesIn(path('copies.jsonl'));
    assert.equal(lines.length, 8);
    const [original] = await linesIn(path('orders.jsonl'));
    for (const line of [lines[0], lines[4]]) assert.deepEqual(line?.properties, original?.properties);
    await hasReady('copies', 0);
    // Stopping it in the tree must not stop the one that is shown.
    await workbench.tree.action('copies', 'Stop Tail');
    await workbench.notification('8 messages of copies written to copies.jsonl').waitFor();
    await workbench.screenshot('tail to file ended');
    await item.waitFor({ state: 'detached' });
    assert.ok((await stat(path('copies.jsonl'))).size > 0);
    await waitFor(async () => (await workbench.tree.description('orders')).includes('tailing'), {
      describe: 'the other',
    });
  });

  it('go on in the next file when one is full, and stop by a click in the status bar', async () => {
    await workbench.tree.menu('copies', 'Tail to File…');
    await workbench.quickInput.pick('Drain');
    await workbench.quickInput.answerFile(path('more.jsonl'), /^(OK|Save)$/);
    const item = workbench.statusBar(/copies: 0 · /);
    await item.waitFor();
    const big = `import pika,sys
c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel()
for i in range(4): ch.basic_publish('', 'copies', b'x'*500000)
c.close()`;
    await python(big, [vhost.amqpUrl]);
    const done = workbench.statusBar(/copies: 4 · 2\.7 MB/);
    await done.waitFor();
    await workbench.screenshot('tail to file rotated');
    await done.click();
    await workbench.notification('4 messages of copies written to 4 files from more.jsonl on').waitFor();
    const names = (await readdir(workbench.folder)).filter((name) => name.startsWith('more'));
    assert.deepEqual(names.toSorted(), ['more.2.jsonl', 'more.3.jsonl', 'more.4.jsonl', 'more.jsonl']);
  });

  it('are copied to a file by a tap, which takes nothing', async () => {
    const { management } = vhost;
    await management.request('POST', `bindings/${vhost.vhost}/e/amq.fanout/q/copies`, {});
    await workbench.tree.menu('copies', 'Tail to File…');
    await workbench.quickInput.pick('Tap');
    await workbench.quickInput.pick('Copy Its Bindings');
    await workbench.quickInput.answerFile(path('tapped.jsonl'), /^(OK|Save)$/);
    await workbench.statusBar(/copies: 0 · /).waitFor();
    for (const payload of ['one', 'two']) {
      const message = { properties: { headers: { n: 1 } }, routing_key: 'any', payload, payload_encoding: 'string' };
      await management.request('POST', `exchanges/${vhost.vhost}/amq.fanout/publish`, message);
    }
    const done = workbench.statusBar(/copies: 2 · /);
    await done.waitFor();
    await workbench.screenshot('tap to file');
    await hasReady('copies', 2);
    await done.click();
    await workbench.notification('2 messages of copies written to tapped.jsonl').waitFor();
    assert.deepEqual(
      (await linesIn(path('tapped.jsonl'))).map((line) => [line.exchange, line.routingKey, bodyOf(line)]),
      [
        ['amq.fanout', 'any', 'one'],
        ['amq.fanout', 'any', 'two'],
      ],
    );
    await hasReady('copies', 2);
  });
});

function bodyOf({ body }: SavedLine): string {
  return Buffer.from(body, 'base64').toString();
}
