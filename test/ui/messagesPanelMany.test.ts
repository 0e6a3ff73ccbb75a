import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChannelModel } from 'amqplib';
import { connect } from '../support/amqplib.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import type { MessagesPanel } from './pages/messagesPanel.ts';
import { Workbench } from './pages/workbench.ts';

const many = 20_000;
const keeps = 15_000;

describe('the Messages panel with more messages than anyone reads', () => {
  let vhost: FreshVhost;
  let connection: ChannelModel;
  let workbench: Workbench;
  let panel: MessagesPanel;
  before(async () => {
    vhost = await freshVhost();
    connection = await connect(vhost.amqpUrl);
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue('orders', { durable: true });
    for (let id = 1; id <= many; id++) channel.sendToQueue('orders', Buffer.from(JSON.stringify({ id, odd: id % 2 })));
    await channel.waitForConfirms();
    workbench = await Workbench.open({ height: 1000, settings: { 'warren.tail.bufferMessages': keeps } });
    panel = workbench.messages;
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.run('RabbitMQ: Show in Messages Panel');
    await panel.button('Tail Queue…').waitFor();
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Drain');
  });
  after(async () => {
    await workbench.dispose();
    await connection.close();
    await vhost.dispose();
  });

  const press = (key: string): Promise<void> => workbench.page.keyboard.press(key);

  it('follows the newest, says how many came, and draws only what is in view', async () => {
    await panel.says('15,000 messages · 20,000 received');
    await panel.row(many).waitFor();
    await workbench.screenshot('messages many');
    assert.ok((await panel.rows.count()) < 60);
    assert.equal(await panel.grid.getAttribute('aria-rowcount'), String(keeps + 1));
  });

  it('goes to the first that is kept and back, and follows only at the end', async () => {
    await panel.row(many).click();
    await panel.button('Close message').click();
    await press('Home');
    await panel.row(many - keeps + 1).waitFor();
    await panel.button('Follow new messages').and(panel.frame.locator('[aria-pressed=false]')).waitFor();
    await panel.grid.hover();
    await workbench.page.mouse.wheel(0, 100 * 22);
    await waitFor(async () => Number(await panel.rows.first().locator('.number').innerText()) > 5_080, {
      describe: 'rows further down',
    });
    await panel.button('Follow new messages').click();
    await panel.row(many).waitFor();
    const channel = await connection.createConfirmChannel();
    channel.sendToQueue('orders', Buffer.from('"one more"'));
    await panel.row(many + 1).waitFor();
    await channel.close();
  });

  it('stays where one reads while more come', async () => {
    await panel.row(many + 1).click();
    await panel.button('Close message').click();
    for (let i = 0; i < 3; i++) await press('PageUp');
    const top = async () => (await panel.row(many - 25).boundingBox())?.y;
    await panel.row(many - 25).waitFor();
    const before = await waitFor(top, { describe: 'a row in view' });
    const channel = await connection.createConfirmChannel();
    for (let i = 0; i < 500; i++) channel.sendToQueue('orders', Buffer.from(`"later ${i}"`));
    await channel.waitForConfirms();
    await panel.says('20,501 received');
    assert.ok(Math.abs(((await top()) ?? 0) - before) < 2);
    await channel.close();
  });

  it('filters all that is kept, and says how many of how many', async () => {
    await panel.filter('$.odd=1');
    // Of 15,000 that are kept 501 are no objects.
    await panel.says(/^7,\d{3} of 15,000 · 20,501 received/);
    await press('Home');
    const first = panel.rows.first().locator('.number');
    await waitFor(async () => Number(await first.innerText()) % 2 === 1, { describe: 'an odd one' });
    await panel.filter('number>20490');
    await panel.says('11 of 15,000');
    await workbench.screenshot('messages many filtered');
  });

  it('saves what the filter lets through', async () => {
    await panel.titleMenu('Save Messages…');
    await workbench.quickInput.row('Filtered').filter({ hasText: '11 messages' }).waitFor();
    await workbench.quickInput.pick('Filtered');
    await workbench.quickInput.title.filter({ hasText: 'Save 11 messages of orders' }).waitFor();
    await workbench.quickInput.cancel();
  });

  it('selects all of them without having seen them', async () => {
    await panel.filter('');
    await panel.says('15,000 messages');
    await panel.row(20_501).click();
    await press('Control+a');
    await panel.detail.getByText('#20501').waitFor();
    const selected = panel.frame.locator('.rows [role=row]:not([aria-selected=true])');
    await waitFor(async () => (await selected.count()) === 0, { describe: 'all rows in view are selected' });
  });

  it('is cancelled by its button while it saves them, and leaves nothing of that', async () => {
    const before = await readdir(workbench.folder);
    let left: readonly string[] = [];
    // A fast disk may have all of them before the button is reached: then once more.
    for (let tries = 0; tries < 5; tries++) {
      await cancelSaving(before);
      let saved: string | undefined;
      await waitFor(
        async () => {
          left = (await readdir(workbench.folder)).filter((name) => !before.includes(name));
          saved = left.find((name) => /^orders [\dT-]+$/.test(name));
          return left.length === 0 || saved !== undefined;
        },
        { describe: () => `nothing to be left of it, not ${left.join()}` },
      );
      if (saved === undefined) break;
      await rm(join(workbench.folder, saved), { recursive: true });
    }
    assert.deepEqual(left, []);
    assert.deepEqual(await workbench.notifications(), []);
  });

  async function cancelSaving(before: readonly string[]): Promise<void> {
    await panel.titleMenu('Save Messages…');
    await workbench.quickInput.pick('All');
    await workbench.quickInput.pick('Bodies Only');
    await workbench.quickInput.answerFile(`${workbench.folder}/`, /^(OK|Save Bodies Here)$/);
    const progress = workbench.notification('Saving 15,000 messages of orders');
    await progress.filter({ hasText: / of 15,000/ }).waitFor();
    assert.notDeepEqual(await readdir(workbench.folder), before);
    // All of it takes a second: there is no time to wait until the button stands still.
    await progress.locator('.monaco-button', { hasText: 'Cancel' }).dispatchEvent('click');
    await progress.waitFor({ state: 'detached' });
  }
});
