import assert from 'node:assert/strict';
import type { ChannelModel, GetMessage } from 'amqplib';
import { connect } from '../support/amqplib.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { TcpProxy } from '../support/tcpProxy.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

const count = 600;
const nameOf = (index: number): string => `file-${String(index).padStart(4, '0')}.bin`;
/** Bytes of no text, the name first, so that the order can be seen. */
const contentOf = (index: number): Buffer => Buffer.concat([Buffer.from(nameOf(index)), Buffer.alloc(2_000, 0xff)]);

const namesIn = (messages: readonly GetMessage[]): string[] =>
  messages.map(({ content }) => content.subarray(0, nameOf(1).length).toString());

const firstNames = (length: number): string[] => Array.from({ length }, (_, i) => nameOf(i + 1));

/** What the report says became of them. */
interface Ledger {
  readonly routed: number;
  readonly unknown: number;
  readonly notSent: number;
}

describe('publishing many files from the explorer', () => {
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
    const files = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`many/${nameOf(i + 1)}`, contentOf(i + 1)]),
    );
    workbench = await Workbench.open({
      files,
      settings: { 'warren.refreshInterval': 1, 'warren.publish.persistent': false, 'explorer.autoReveal': false },
    });
    const broker = { ...vhost, amqpPort: proxy.port };
    await addConnection(workbench, { name: 'local', broker, vhost: vhost.vhost, management: true });
    await workbench.show('Explorer');
    await workbench.tree.expand('many');
  });
  after(async () => {
    await workbench.dispose();
    await connection.close();
    await proxy.dispose();
    await vhost.dispose();
  });

  const ready = async (queue = 'orders'): Promise<number> =>
    (await vhost.management.queueCounts(vhost.vhost, queue))?.ready ?? 0;

  async function publishAll(queue: string): Promise<void> {
    await workbench.tree.click(nameOf(1));
    // The file that a click opens may come into view, and be the only one selected, after all were.
    await waitFor(
      async () => {
        await workbench.page.keyboard.press('Control+a');
        return (await workbench.tree.rows.and(workbench.page.locator('[aria-selected="true"]')).count()) > 10;
      },
      { describe: 'all files selected' },
    );
    await workbench.tree.menu(nameOf(1), 'Publish Messages from Files…');
    await workbench.quickInput.fill(queue);
  }

  /** Takes all messages out of the queue, in their order. */
  async function take(queue = 'orders'): Promise<GetMessage[]> {
    const channel = await connection.createChannel();
    const all: GetMessage[] = [];
    for (let message = await channel.get(queue); message !== false; message = await channel.get(queue)) {
      all.push(message);
    }
    for (const message of all) channel.ack(message);
    await channel.close();
    return all;
  }

  it('sends all of them in their order, byte for byte, and not persistent where the setting says so', async () => {
    await publishAll('orders');
    await workbench.statusBar(`Published ${count} messages to orders: confirmed and routed`).waitFor();
    const messages = await take();
    assert.deepEqual(namesIn(messages), firstNames(count));
    assert.deepEqual(messages.at(-1)?.content, contentOf(count));
    assert.deepEqual(new Set(messages.map(({ properties }) => properties.deliveryMode)), new Set([1]));
    assert.deepEqual(await workbench.notifications(), []);
  });

  let ledger: Ledger;
  it('shows how far it is, can be cancelled, and then says what became of each as the broker has it', async () => {
    // About a hundred a second.
    proxy.throttle(220_000);
    await publishAll('orders');
    const progress = workbench.notification(`Publishing ${count} files to orders`);
    await progress.waitFor();
    await waitFor(async () => Number(/(\d+) of 600/.exec(await progress.innerText())?.[1] ?? 0) >= 50, {
      describe: '50 of 600',
    });
    await workbench.screenshot('publish files progress');
    await workbench.notificationButton(`Publishing ${count} files`, 'Cancel');
    const report = workbench.notification(`of ${count} published to orders`);
    await report.waitFor();
    await workbench.screenshot('publish files cancelled');
    await progress.waitFor({ state: 'detached' });
    const text = await report.innerText();
    ledger = readLedger(text);
    assert.equal(text.includes('may make duplicates'), ledger.unknown > 0);
    assert.ok(ledger.routed >= 50 && ledger.notSent > 0, JSON.stringify(ledger));
    assert.equal(ledger.routed + ledger.unknown + ledger.notSent, count);
    proxy.throttle(Infinity);
    // What was on its way arrives, and nothing after it.
    await waitFor(async () => (await ready()) === ledger.routed + ledger.unknown, {
      describe: () => `${JSON.stringify(ledger)} in the queue`,
    });
  });

  it('again sends only what was not published, and names the risk', async () => {
    await workbench.notificationButton(`of ${count} published to orders`, 'Publish Again');
    const rest = ledger.unknown + ledger.notSent;
    await workbench.statusBar(`Published ${rest} messages to orders: confirmed and routed`).waitFor();
    const { routed, unknown } = ledger;
    const names = firstNames(count);
    // The unknown ones are there twice: that is what may happen.
    assert.deepEqual(namesIn(await take()), [...names.slice(0, routed + unknown), ...names.slice(routed)]);
  });

  it('offers to declare the queue that none of them reached, and publishes all of them then', async () => {
    await publishAll('new-orders');
    const report = workbench.notification(`0 of ${count} published to new-orders; ${count} returned`);
    await report.waitFor();
    await workbench.screenshot('publish files to a queue that is not there');
    assert.equal((await vhost.management.queueNames(vhost.vhost)).includes('new-orders'), false);
    await workbench.notificationButton('published to new-orders', 'Declare Queue and Publish');
    for (const position of ['1/4', '2/4', '3/4', '4/4']) {
      await workbench.quickInput.title.filter({ hasText: position }).waitFor();
      await workbench.quickInput.accept();
    }
    await workbench.statusBar(`Published ${count} messages to new-orders: confirmed and routed`).waitFor();
    assert.deepEqual(namesIn(await take('new-orders')), firstNames(count));
  });
});

function readLedger(text: string): Ledger {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  return {
    routed: number(/(\d+) of 600 published/),
    unknown: number(/(\d+) unknown/),
    notSent: number(/(\d+) not sent/),
  };
}
