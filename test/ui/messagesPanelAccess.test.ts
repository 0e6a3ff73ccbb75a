import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import type { MessagesPanel } from './pages/messagesPanel.ts';
import { Orders } from './pages/orders.ts';
import { Workbench } from './pages/workbench.ts';

const settings = { 'warren.refreshInterval': 1, 'warren.tail.prefetch': 30 };
const themes = {
  dark: ['Default Dark Modern', 'vscode-dark'],
  light: ['Default Light Modern', 'vscode-light'],
  'high contrast': ['Default High Contrast', 'vscode-high-contrast'],
  'light high contrast': ['Default High Contrast Light', 'vscode-high-contrast-light'],
} as const;

describe('the Messages panel, by keyboard and for every eye', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  let panel: MessagesPanel;
  let orders: Orders;
  before(async () => {
    vhost = await freshVhost();
    orders = await Orders.declared(vhost);
    await orders.publish(1, 25);
    workbench = await Workbench.open({ height: 1000, settings });
    panel = workbench.messages;
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.row('orders').waitFor();
    await workbench.run('RabbitMQ: Show in Messages Panel');
    await isFocused('button Tail Queue…');
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await panel.says('25 held');
    await workbench.run('RabbitMQ: Show in Messages Panel');
    await waitFor(async () => (await panel.focused()) === 'grid Messages', { describe: 'the table has the focus' });
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await workbench.page.keyboard.press(key);
  };
  const hasSelected = (number: number): Promise<void> =>
    panel.row(number).and(panel.frame.locator('[aria-selected=true]')).waitFor();
  const selectedCount = (): Promise<number> => panel.frame.locator('.rows [aria-selected=true]').count();
  const isFocused = (what: string): Promise<unknown> =>
    waitFor(async () => (await panel.focused()) === what, { describe: `the focus on ${what}` });

  it('moves through the table by keys, however far', async () => {
    await press('Home');
    await hasSelected(1);
    await press('ArrowDown', 'ArrowDown');
    await hasSelected(3);
    await press('PageDown');
    await waitFor(async () => (await panel.row(3).and(panel.frame.locator('[aria-selected=true]')).count()) === 0, {
      describe: 'further down',
    });
    await press('End');
    await hasSelected(25);
    const active = await panel.grid.getAttribute('aria-activedescendant');
    assert.equal(await panel.frame.locator(`#${active}`).getAttribute('aria-rowindex'), '26');
    assert.equal(await panel.grid.getAttribute('aria-rowcount'), '26');
  });

  it('selects several by keys, and says how many', async () => {
    await press('Shift+ArrowUp', 'Shift+ArrowUp');
    await panel.frame.getByText('3 selected').waitFor();
    assert.equal(await selectedCount(), 3);
    await press('Control+a');
    await panel.frame.getByText('25 selected').waitFor();
    await press('Escape');
    await waitFor(async () => (await selectedCount()) === 0, { describe: 'nothing is selected' });
  });

  it('opens the message by Enter, moves through its parts, and comes back by Escape', async () => {
    await press('End', 'Enter');
    await isFocused('tab Body');
    await press('ArrowRight');
    await isFocused('tab Properties');
    await panel.detail.getByText('order-25').waitFor();
    await press('Escape');
    await isFocused('grid Messages');
    await panel.detail.waitFor({ state: 'detached' });
  });

  it('settles by the key for the context menu', async () => {
    await press('End', 'ArrowUp');
    await hasSelected(24);
    await press('Shift+F10');
    await workbench.menu.item('Ack').waitFor();
    await workbench.screenshot('messages context menu');
    await press('ArrowDown', 'Enter');
    await panel.hasState(24, 'acked');
    await vhost.hasCounts('orders', 0, 24);
  });

  it('settles by the keys that settle in the Output panel, but not while a filter is typed', async () => {
    await press('ArrowUp');
    await hasSelected(23);
    await press('Control+f');
    await isFocused('input Filter messages');
    await press('Alt+x', 'Escape');
    await isFocused('grid Messages');
    await press('Alt+a');
    await panel.hasState(23, 'acked');
    await vhost.hasCounts('orders', 0, 23);
  });

  it('keeps the focus when what had it is gone or cannot be used any more', async () => {
    await press('ArrowUp');
    await hasSelected(22);
    await panel.button('Ack').and(panel.frame.locator(':enabled')).focus();
    await press('Enter');
    await panel.hasState(22, 'acked');
    await isFocused('grid Messages');
    await panel.filter('no such text');
    await panel.button('Clear Filter').focus();
    await press('Enter');
    await isFocused('grid Messages');
    await panel.filter('order');
    await panel.button('Clear filter').focus();
    await press('Enter');
    await isFocused('input Filter messages');
    await press('Escape');
    await isFocused('grid Messages');
  });

  it('shows what became of a message however little room there is beside the open one', async () => {
    await panel.says(/^25 messages/);
    await press('Enter');
    await isFocused('tab Body');
    const grid = await panel.grid.boundingBox();
    const state = await panel.header('State').boundingBox();
    assert.ok(grid && state && state.x + state.width < grid.x + 200);
    await press('Escape');
  });

  it('hides and widens columns by keys, and remembers it', async () => {
    await panel.button('Columns').focus();
    await press('Enter');
    await panel.frame.getByRole('dialog', { name: 'Columns' }).waitFor();
    await panel.frame.getByRole('checkbox', { name: 'Exchange' }).focus();
    await press('Space');
    await panel.header('Exchange').waitFor({ state: 'detached' });
    await panel.frame.getByRole('spinbutton', { name: 'Width of State' }).focus();
    await press('ArrowUp', 'Escape');
    await isFocused('button Columns');
    const width = async () => Math.round((await panel.header('State').boundingBox())?.width ?? 0);
    await waitFor(async () => (await width()) === 110, { describe: 'a wider column' });
    // What the host answers after it was told of the width: a view that is closed first takes with it what is under way.
    await panel.row(25).click();
    await panel.detail.getByText('#25').waitFor();
    await press('Escape');
    await panel.titleButton('Show in Output Panel').click();
    await workbench.output.editor.waitFor();
    await workbench.output.clickTitleButton('Show in Messages Panel');
    await panel.header('State').waitFor();
    assert.equal(await panel.header('Exchange').count(), 0);
    await waitFor(async () => (await width()) === 110, { describe: 'it is as wide as before' });
  });

  it('moves the edge of the message by keys and pointer', async () => {
    await panel.row(25).click();
    const width = async () => (await panel.detail.boundingBox())?.width ?? 0;
    await panel.detail.waitFor();
    const before = await width();
    await panel.frame.getByRole('separator', { name: 'Size of the message' }).focus();
    await press('ArrowLeft', 'ArrowLeft');
    await waitFor(async () => (await width()) > before + 20, { describe: 'a wider message' });
  });

  it('has warnings to read', async () => {
    await orders.cutConnections();
    await panel.noticeBar.getByText(/^\d warnings?$/).waitFor();
    await panel.says('22 held');
  });

  for (const [name, [theme, bodyClass]] of Object.entries(themes)) {
    it(`has nothing that keeps people out, in ${name}`, async () => {
      const all = { ...settings, 'workbench.colorTheme': theme };
      await writeFile(join(workbench.folder, '.vscode', 'settings.json'), JSON.stringify(all));
      await panel.frame.locator(`body.${bodyClass}`).waitFor();
      await panel.row(40).click();
      await panel.row(42).click({ modifiers: ['Control'] });
      await panel.tab('Body').click();
      await workbench.screenshot(`messages in ${name}`);
      assert.deepEqual(await panel.violations(), []);
      await panel.tab('Headers (2)').click();
      assert.deepEqual(await panel.violations(), []);
      await panel.button('Columns').click();
      await panel.frame.getByRole('dialog', { name: 'Columns' }).waitFor();
      assert.deepEqual(await panel.violations(), []);
      await press('Escape');
      await panel.noticeBar.click();
      await panel.notices.getByText('Interrupted').first().waitFor();
      await workbench.screenshot(`messages notices in ${name}`);
      assert.deepEqual(await panel.violations(), []);
      await panel.noticeBar.click();
    });
  }

  it('has room in a narrow window', async () => {
    await workbench.page.setViewportSize({ width: 800, height: 1000 });
    await waitFor(async () => (await panel.frame.locator('.split.stacked').count()) === 1, {
      describe: 'the message is below the table',
    });
    await workbench.screenshot('messages narrow');
    const overflow = await panel.frame.locator('body').evaluate((body) => body.scrollWidth - body.clientWidth);
    assert.equal(overflow, 0);
    assert.deepEqual(await panel.violations(), []);
  });

  it('remembers the width of a column that was dragged while another tail took the place', async () => {
    const { page } = workbench;
    await page.setViewportSize({ width: 1400, height: 1000 });
    await workbench.tree.action('orders.dead', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await panel.noticeBar.filter({ hasText: 'Tailing orders.dead on local' }).waitFor();
    const width = async () => (await panel.header('Time').boundingBox())?.width ?? 0;
    const before = await width();
    const edge = await panel.header('Time').locator('.edge').boundingBox();
    assert.ok(edge);
    const [x, y] = [edge.x + edge.width / 2, edge.y + edge.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 20, y);
    await panel.chooseTail('orders · local');
    await panel.noticeBar.filter({ hasNotText: 'orders.dead' }).waitFor();
    await page.mouse.move(x + 50, y);
    await page.mouse.up();
    const isWider = async () => Math.abs((await width()) - before - 50) < 2;
    await waitFor(isWider, { describe: 'a wider column' });
    await panel.titleButton('Show in Output Panel').click();
    await workbench.output.editor.waitFor();
    await workbench.output.clickTitleButton('Show in Messages Panel');
    await panel.header('Time').waitFor();
    await waitFor(isWider, { describe: 'it is as wide as before' });
  });
});
