import assert from 'node:assert/strict';
import type { ConfirmChannel, ChannelModel } from 'amqplib';
import { connect } from '../support/amqplib.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

const channel = 'RabbitMQ: orders';
/** Stops at its third line, and ends when it may go on. */
const program = `const order = { id: 7 };
console.log('before');
debugger;
console.log('after', order.id);
`;
const launch = {
  version: '0.2.0',
  configurations: [
    {
      name: 'Run app',
      type: 'node',
      request: 'launch',
      program: '${workspaceFolder}/app.js',
      runtimeExecutable: process.execPath,
      console: 'internalConsole',
      internalConsoleOptions: 'openOnSessionStart',
    },
  ],
};

describe('a tail while people do other things', () => {
  let vhost: FreshVhost;
  let connection: ChannelModel;
  let publisher: ConfirmChannel;
  let workbench: Workbench;
  const published = new Map<string, number>();
  before(async () => {
    vhost = await freshVhost();
    connection = await connect(vhost.amqpUrl);
    publisher = await connection.createConfirmChannel();
    await publisher.assertQueue('orders', { durable: true });
    for (const queue of ['full', 'stream of news']) await publisher.assertQueue(queue, { durable: true });
    workbench = await Workbench.open({
      files: { 'app.js': program, '.vscode/launch.json': JSON.stringify(launch) },
      settings: { 'warren.refreshInterval': 1, 'warren.tail.prefetch': 100 },
      height: 1100,
    });
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.row('orders').waitFor();
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await workbench.statusBar('1 tail').waitFor();
  });
  after(async () => {
    await workbench.dispose();
    await connection.close();
    await vhost.dispose();
  });

  async function publish(count: number, queue = 'orders'): Promise<void> {
    for (let i = 0; i < count; i++) {
      const number = (published.get(queue) ?? 0) + 1;
      published.set(queue, number);
      publisher.sendToQueue(queue, Buffer.from(`order ${number}`));
    }
    await publisher.waitForConfirms();
  }

  const hasCounts = (ready: number, unacknowledged: number): Promise<void> =>
    vhost.hasCounts('orders', ready, unacknowledged);

  it('goes on while the panel is hidden, and shows all of it afterwards', async () => {
    await publish(2);
    await workbench.output.hasLens(2, /^Ack$/);
    await workbench.run('View: Hide Panel');
    await workbench.page.locator('.part.panel').waitFor({ state: 'hidden' });
    await publish(3);
    await hasCounts(0, 5);
    await workbench.statusBar('1 tail · 5 held').waitFor();
    await workbench.screenshot('tailing panel hidden');
    await workbench.statusBar('1 tail').click();
    await workbench.quickInput.widget.waitFor({ state: 'detached' });
    await workbench.output.hasLens(5, /^Ack$/);
    assert.match(await workbench.output.wholeText(channel), /order 4\n#5 .*\n {5}order 5\n$/);
  });

  it('goes on while a program is stopped in the debugger, and its messages can be acked meanwhile', async () => {
    await workbench.page.keyboard.press('F5');
    const stopped = workbench.page.locator('.debug-toolbar [aria-label^="Continue"]');
    await stopped.waitFor();
    await workbench.page.locator('.debug-top-stack-frame-line').first().waitFor();
    await workbench.page.locator('.part.panel .repl').waitFor();
    await publish(2);
    await hasCounts(0, 7);
    await workbench.statusBar('1 tail · 7 held').waitFor();
    await workbench.screenshot('tailing while debugging');
    await workbench.statusBar('1 tail').click();
    await workbench.output.hasLens(1, /^Ack$/);
    await workbench.output.focus();
    await workbench.page.keyboard.press('Control+End');
    await workbench.output.clickLens(7, /^Ack$/);
    await hasCounts(0, 6);
    await workbench.output.hasLens(7, '✓ acked');
    await workbench.screenshot('tailing acked while debugging');
    await stopped.click();
    await stopped.waitFor({ state: 'hidden' });
    await publish(1);
    await hasCounts(0, 7);
  });

  it('counts tails, held messages and messages a second in the status bar', async () => {
    await workbench.show('RabbitMQ');
    await workbench.tree.action('stream of news', 'Tail Queue');
    await workbench.quickInput.pick('Drain');
    await workbench.statusBar('2 tails · 7 held').waitFor();
    const flow = setInterval(() => void publish(5, 'stream of news'), 50);
    try {
      // About a hundred a second.
      await workbench.statusBar(/2 tails · 7 held · (\d\d|1\d\d)\/s/).waitFor();
      await workbench.screenshot('tailing rate');
      const tooltip = await workbench.hover(workbench.statusBar('2 tails'), 'stream of news on local');
      assert.match(await tooltip.innerText(), /drain, running · [\d,]+ received · \d+\/s/);
      assert.match(await tooltip.innerText(), /hold, running · 8 received · 7 held/);
      await workbench.screenshot('tailing status bar');
    } finally {
      clearInterval(flow);
    }
    await workbench.statusBar('2 tails · 7 held · 0/s').waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('is in the status bar with what it holds at once, and not with too few for a second', async () => {
    await publish(3, 'full');
    await workbench.tree.row('full').waitFor();
    await workbench.page.evaluate(`{
      const seen = (globalThis.seen = []);
      const look = () => {
        const text = document.querySelector('.statusbar')?.innerText.match(/3 tails · \\d+ held/)?.[0] ?? '';
        if (text !== seen.at(-1)?.text) seen.push({ text, at: performance.now() });
      };
      new MutationObserver(look).observe(document.querySelector('.statusbar'), { subtree: true, childList: true, characterData: true });
    }`);
    await workbench.tree.action('full', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await workbench.statusBar('3 tails · 10 held').waitFor();
    const seen = await workbench.page.evaluate<{ text: string; at: number }[]>('globalThis.seen');
    const wrongFrom = seen.find(({ text }) => text === '3 tails · 7 held')?.at ?? Infinity;
    const rightFrom = seen.find(({ text }) => text === '3 tails · 10 held')?.at ?? Infinity;
    assert.ok(rightFrom - wrongFrom < 800, JSON.stringify(seen));
  });
});
