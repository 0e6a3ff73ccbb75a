import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

describe('links to and from a connection', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    await vhost.management.request('PUT', `queues/${vhost.vhost}/${encodeURIComponent('orders #1/2')}`, {
      durable: true,
    });
    workbench = await Workbench.open();
    await workbench.show('RabbitMQ');
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  const target = (): string => `${vhost.user}@${vhost.host}:${vhost.amqpPort}/${vhost.vhost}`;
  it('ask before they add, name where it leads, and never show the password', async () => {
    await follow(link(vhost.amqpUrl.replace(':guest@', ':hunter2%40secret@'), 'from a link'));
    const text = await workbench.modal.innerText();
    assert.ok(text.includes(`add connection "from a link" to ${target()}.`), text);
    assert.ok(text.includes('The password in the link is kept in secret storage.'), text);
    assert.doesNotMatch(text, /hunter2/);
    await workbench.screenshot('links asks');
    await workbench.modalButton('Cancel');
    await workbench.page.locator('.welcome-view .monaco-button').first().waitFor();
  });

  it('add without connecting, or connect too', async () => {
    await follow(link(vhost.amqpUrl, 'from a link'));
    await workbench.modal.locator('.monaco-button', { hasText: /^Add$/ }).click();
    await workbench.tree.row('from a link').waitFor();
    await waitFor(async () => (await workbench.tree.description('from a link')).startsWith('not connected · '), {
      describe: 'no connection',
    });
    await follow(link(vhost.amqpUrl, 'from a link'));
    assert.match(await workbench.modal.innerText(), /"from a link \(2\)"[\s\S]*"from a link" leads there already/);
    await workbench.modalButton('Add and Connect');
    await workbench.tree.isExpanded('from a link (2)');
    await waitFor(async () => (await workbench.tree.description('from a link (2)')) === target(), {
      describe: 'the connection to be open',
    });
  });

  it('that cannot be used say why', async () => {
    await follow(link('http://ann:hunter2@h/', 'x'), false);
    await workbench.notification('The link cannot be used: it must start with amqp:// or amqps://').waitFor();
    assert.doesNotMatch((await workbench.notifications()).join(), /hunter2/);
    assert.equal(await workbench.modal.count(), 0);
  });

  it('name a connection in words alone: no notification about it has a link that runs a command', async () => {
    const name = '[Help](command:workbench.action.toggleZenMode)';
    await follow(link('amqp://guest:guest@127.0.0.1:1/', name));
    await workbench.modalButton('Add and Connect');
    const notification = workbench.notification(name.replace('](', '] ('));
    await notification.waitFor();
    await workbench.screenshot('links in a notification');
    assert.equal(await notification.locator('a[href^="command:"]').count(), 0);
  });

  it('lead from a queue and from a connection to their management page', async () => {
    await addConnection(workbench, { name: 'managed', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.row('orders #1/2').waitFor();
    const queuePage = await opened(() => workbench.tree.menu('orders #1/2', 'Open Management Page'));
    assert.match(queuePage, new RegExp(String.raw`/#/queues/${vhost.vhost}/orders%20%231%2F2$`));
    const page = await opened(() => workbench.tree.menu('managed', 'Open Management Page'));
    assert.match(page, new RegExp(String.raw`/#/vhosts/${vhost.vhost}$`));
    assert.doesNotMatch(queuePage + page, /@|guest/);
  });

  it('say why there is no management page, and offer to edit the connection', async () => {
    await workbench.tree.menu('from a link (2)', 'Open Management Page');
    await workbench.notification('from a link (2): There is no management page to open').waitFor();
    await workbench.screenshot('links no page');
    await workbench.notificationButton('There is no management page', 'Edit Connection');
    await workbench.quickInput.title.filter({ hasText: 'Edit Connection' }).waitFor();
    await workbench.quickInput.cancel();
  });

  /** Opens a `vscode://` link as the system does, and lets the editor pass it on; waits for our own question. */
  async function follow(url: string, isAsked = true): Promise<void> {
    await workbench.run('Developer: Open URL');
    await workbench.quickInput.message.filter({ hasText: 'URL to open' }).waitFor();
    await workbench.quickInput.fill(url);
    await workbench.modal.filter({ hasText: 'to open this URI' }).waitFor();
    // Our own question may be there before this one has gone.
    await workbench.modal.locator('.monaco-button', { hasText: 'Open' }).click();
    if (isAsked) await workbench.modal.filter({ hasText: 'A link asks' }).waitFor();
  }

  /** The address of the page that opens; in a browser VS Code forwards the broker's by its own server. */
  async function opened(act: () => Promise<void>): Promise<string> {
    const popup: Promise<Page> = workbench.page.context().waitForEvent('page');
    await act();
    const page = await popup;
    const url = page.url();
    await page.close();
    return url;
  }
});

function link(uri: string, name: string): string {
  return `vscode://warren-rabbitmq.warren/add?uri=${encodeURIComponent(uri)}&name=${encodeURIComponent(name)}`;
}
