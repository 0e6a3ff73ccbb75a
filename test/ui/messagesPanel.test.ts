import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import type { MessagesPanel } from './pages/messagesPanel.ts';
import { Orders } from './pages/orders.ts';
import { Workbench } from './pages/workbench.ts';

describe('the Messages panel', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  let panel: MessagesPanel;
  let orders: Orders;
  before(async () => {
    vhost = await freshVhost();
    orders = await Orders.declared(vhost);
    workbench = await Workbench.open({
      height: 1000,
      settings: { 'warren.refreshInterval': 1, 'warren.tail.prefetch': 20 },
    });
    panel = workbench.messages;
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.row('orders').waitFor();
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  function clipboard(): Promise<string> {
    return workbench.page.evaluate('navigator.clipboard.readText()');
  }

  it('says what to do while there is no tail', async () => {
    await workbench.run('RabbitMQ: Show in Messages Panel');
    await panel.button('Tail Queue…').waitFor();
    await workbench.screenshot('messages empty');
  });

  it('shows a tail that is started while it is in view', async () => {
    await orders.publish(1, 12);
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await vhost.hasCounts('orders', 0, 12);
    await panel.row(12).waitFor();
    await panel.says('12 messages · 12 held');
    await panel.cell(12, 'preview').filter({ hasText: '{ "id": 12, "order": { "total": 120 } }' }).waitFor();
    assert.equal(await panel.cell(12, 'flags').innerText(), 'persistent');
    await panel.noticeBar.filter({ hasText: 'Tailing orders on local, hold' }).waitFor();
    await workbench.screenshot('messages held');
  });

  it('filters as one types, and says how many of how many', async () => {
    await panel.filter('$.order.total>100');
    await panel.says('2 of 12');
    assert.equal(await panel.rows.count(), 2);
    await panel.filter('$.order.');
    await panel.frame.locator('.filter-error').waitFor();
    await panel.says('2 of 12');
    await workbench.screenshot('messages filter error');
    await panel.filter('no such text');
    await panel.button('Clear Filter').click();
    await panel.says('12 messages');
  });

  it('shows the message that is selected: its body, properties and headers', async () => {
    await panel.row(12).click();
    await panel.detail.getByText('"total": 120').waitFor();
    await workbench.screenshot('messages detail body');
    await panel.button('Hex').click();
    await panel.detail.getByText('00000000  7b 22 69 64').waitFor();
    await panel.tab('Properties').click();
    await panel.detail.getByText('order-12').waitFor();
    await panel.tab('Headers (2)').click();
    await panel.detail.getByText('x-tenant').waitFor();
    await panel.detail.getByText('hops').click();
    await panel.detail.getByText('eu', { exact: true }).waitFor();
    await workbench.screenshot('messages detail headers');
  });

  it('copies a header, and the whole message as JSON', async () => {
    await panel.detail.getByText('x-tenant').hover();
    await panel.button('Copy x-tenant').click();
    await waitFor(async () => (await clipboard()) === 'acme', { describe: 'the header in the clipboard' });
    await panel.button('Copy message as JSON').click();
    const message = await waitFor(
      async () => {
        const text = await clipboard();
        return text.startsWith('{') && (JSON.parse(text) as Record<string, unknown>);
      },
      { describe: 'the message in the clipboard' },
    );
    assert.deepEqual(message['body'], { id: 12, order: { total: 120 } });
    assert.equal(message['routingKey'], 'orders');
    await panel.button('Close message').click();
    await panel.detail.waitFor({ state: 'detached' });
  });

  it('acks what is selected, and says so when the broker has confirmed it', async () => {
    await panel.row(1).click();
    await panel.button('Ack').click();
    await panel.hasState(1, 'acked');
    await vhost.hasCounts('orders', 0, 11);
    await panel.says('11 held');
    await panel.button('Close message').click();
  });

  it('rejects several at once to the dead-letter exchange', async () => {
    await panel.row(2).click();
    await panel.row(4).click({ modifiers: ['Shift'] });
    await panel.row(6).click({ modifiers: ['Control'] });
    await panel.frame.getByText('4 selected').waitFor();
    await panel.button('Reject').click();
    await panel.hasState(6, 'rejected');
    await vhost.hasCounts('orders.dead', 4, 0);
    await vhost.hasCounts('orders', 0, 7);
    assert.equal(await panel.cell(5, 'state').innerText(), 'held');
  });

  it('requeues by the context menu, and what comes back is redelivered', async () => {
    await workbench.menu.pick(panel.row(12), 'Requeue');
    await panel.hasState(12, 'requeued');
    await panel.cell(13, 'flags').filter({ hasText: 'redelivered' }).waitFor();
    await vhost.hasCounts('orders', 0, 7);
    await workbench.screenshot('messages settled');
  });

  it('compares two messages in the diff editor', async () => {
    await panel.row(5).click();
    await panel.row(7).click({ modifiers: ['Control'] });
    await panel.frame.getByText('2 selected').waitFor();
    await workbench.menu.pick(panel.row(5), 'Compare Messages');
    await workbench.page.locator('.monaco-diff-editor .modified .view-line').filter({ hasText: '70' }).waitFor();
    await workbench.screenshot('messages compared');
    await workbench.run('View: Close All Editors');
  });

  it('clears what is settled from sight, and keeps what is held', async () => {
    await panel.titleButton('Clear Messages').click();
    await panel.says('7 messages');
    await vhost.hasCounts('orders', 0, 7);
    await panel.row(5).waitFor();
    assert.equal(await panel.row(6).count(), 0);
  });

  it('steps through messages one at a time', async () => {
    await workbench.run('RabbitMQ: Change Prefetch…');
    await workbench.quickInput.fill('1');
    await workbench.statusBar('orders: prefetch 1').waitFor();
    await orders.publish(20, 22);
    await vhost.hasCounts('orders', 3, 7);
    // All that is held, then each as it comes.
    await panel.row(5).click();
    await panel.button('Close message').click();
    for (let held = 7; held > 0; held--) {
      await panel.titleButton('Ack and Show Next').click();
      await vhost.hasCounts('orders', held > 1 ? 3 : 2, held > 1 ? held - 1 : 1);
    }
    await panel.row(14).and(panel.frame.locator('[aria-selected=true]')).waitFor();
    await panel.button('Step').click();
    await panel.row(15).and(panel.frame.locator('[aria-selected=true]')).waitFor();
    await vhost.hasCounts('orders', 1, 1);
    await workbench.screenshot('messages stepped');
  });

  it('says that it is interrupted, and goes on after a reconnect with what comes again', async () => {
    await panel.hasState(15, 'held');
    await orders.cutConnections();
    await panel.hasState(15, 'lost');
    await panel.says(/1 held/);
    await panel.cell(16, 'flags').filter({ hasText: 'redelivered' }).waitFor();
    await panel.hasState(16, 'held');
    await vhost.hasCounts('orders', 1, 1);
  });

  it('says below the table what was said of the tail, and marks what was a warning until it is read', async () => {
    await panel.noticeBar.filter({ hasText: 'Connected again.' }).waitFor();
    await panel.noticeBar.getByText(/^\d warnings?$/).waitFor();
    await workbench.screenshot('messages reconnected');
    await panel.noticeBar.focus();
    await workbench.page.keyboard.press('Enter');
    await panel.notices.getByText(/^Interrupted: .*1 message went back to the queue\./).waitFor();
    await panel.notices.getByText('Tailing orders on local, hold').waitFor();
    await workbench.screenshot('messages notices');
    await workbench.page.keyboard.press('Escape');
    await panel.notices.waitFor({ state: 'detached' });
    assert.equal(await panel.focused(), `button ${await panel.noticeBar.textContent()}`);
    await panel.noticeBar.getByText(/warning/).waitFor({ state: 'detached' });
  });

  it('pauses, resumes, stops and tails again by its title bar', async () => {
    await panel.titleButton('Pause Delivery').click();
    await panel.says('paused');
    await panel.titleButton('Resume Delivery').click();
    await panel.titleButton('Pause Delivery').waitFor();
    await panel.titleButton('Stop Tail').click();
    await panel.says('ended');
    await vhost.hasCounts('orders', 2, 0);
    await panel.titleButton('Tail Again').click();
    await panel.says('2 held');
    await vhost.hasCounts('orders', 0, 2);
  });

  it('follows a tail that is started after, and goes back to another that is chosen', async () => {
    await workbench.tree.action('orders.dead', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await panel.says('4 held');
    await panel.row(1).click();
    await panel.tab('Dead-lettered (1)').click();
    await panel.detail.getByText('Rejected in orders').waitFor();
    await workbench.screenshot('messages dead-lettered');
    await panel.noticeBar.filter({ hasText: 'Tailing orders.dead on local' }).waitFor();
    await panel.chooseTail('orders · local');
    await panel.says('2 held');
    await panel.noticeBar.filter({ hasText: 'Tailing orders on local' }).waitFor();
  });

  it('is left for the Output panel and come back to, with what was typed as filter', async () => {
    await panel.filter('number>1');
    await panel.says('1 of 2');
    await panel.row(2).click();
    await panel.detail.getByText('#2').waitFor();
    await panel.titleButton('Show in Output Panel').click();
    await workbench.output.editor.waitFor();
    await workbench.output.clickTitleButton('Show in Messages Panel');
    await panel.says('1 of 2');
    assert.equal(await panel.frame.locator('.filter input').inputValue(), 'number>1');
    await panel.row(2).and(panel.frame.locator('[aria-selected=true]')).waitFor();
    await panel.detail.getByText('#2').waitFor();
    await panel.filter('');
    await panel.says('2 messages');
  });

  it('writes what is selected into one message file', async () => {
    await panel.row(1).click();
    await panel.row(2).click({ modifiers: ['Control'] });
    await panel.frame.getByText('2 selected').waitFor();
    await workbench.menu.pick(panel.row(2), 'Save as Message File…');
    await workbench.quickInput.title.filter({ hasText: 'Save 2 Messages as Message File' }).waitFor();
    const path = join(workbench.folder, 'two.amqp');
    await workbench.quickInput.answerFile(path, /^(OK|Save)$/);
    await workbench.editorTab('two.amqp').waitFor();
    await workbench.screenshot('messages in a message file');
    const blocks = (await readFile(path, 'utf8')).split(/^###.*\n/m).filter((block) => block !== '');
    assert.deepEqual(
      blocks.map((block) => [
        block.startsWith('orders\n'),
        /message-id: order-\d\d/.test(block),
        /"total":\d/.test(block),
      ]),
      [
        [true, true, true],
        [true, true, true],
      ],
    );
    await workbench.run('View: Close All Editors');
  });

  it('publishes a copy of what the context menu is opened on', async () => {
    await workbench.menu.pick(panel.row(1), 'Publish a Copy…');
    // Of both, for both are selected.
    await workbench.quickInput.title.filter({ hasText: 'Publish 2 messages of orders to local' }).waitFor();
    await workbench.screenshot('messages publish a copy');
    await workbench.quickInput.fill('orders.dead');
    await workbench.statusBar('Published 2 messages to orders.dead: confirmed and routed').waitFor();
    await vhost.hasCounts('orders.dead', 0, 6);
    await vhost.hasCounts('orders', 0, 2);
  });

  it('copies elsewhere and acks by the menu of the message that is shown, by keys', async () => {
    await panel.row(2).click();
    await panel.detail.getByText('#2').waitFor();
    await panel.button('More actions').focus();
    await workbench.page.keyboard.press('Enter');
    await workbench.menu.item('Copy Elsewhere and Ack…').waitFor();
    await workbench.screenshot('messages more actions');
    for (let i = 0; i < 4; i++) await workbench.page.keyboard.press('ArrowDown');
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.title.filter({ hasText: 'Copy #2 of orders Elsewhere and Ack' }).waitFor();
    await workbench.quickInput.fill('orders.dead');
    await panel.hasState(2, 'acked');
    await vhost.hasCounts('orders.dead', 0, 7);
    await vhost.hasCounts('orders', 0, 1);
    assert.equal(await panel.cell(1, 'state').innerText(), 'held');
    assert.ok(!(await workbench.menu.labels(panel.row(1))).includes('Reply to Message…'));
  });
});
