import assert from 'node:assert/strict';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { Workbench } from './pages/workbench.ts';

describe('connections in the workbench', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    await vhost.management.request('PUT', `queues/${vhost.vhost}/orders`, { durable: true });
    workbench = await Workbench.open();
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  const isDescribed = (name: string, text: string | RegExp): Promise<unknown> =>
    waitFor(async () => new RegExp(text).test(await workbench.tree.description(name)), {
      describe: `${name} described by ${String(text)}`,
    });

  it('begin with a welcome that offers to add one, and the tutorial', async () => {
    await workbench.show('RabbitMQ');
    await workbench.page.locator('.welcome-view .monaco-button', { hasText: 'Start Tutorial' }).waitFor();
    await workbench.screenshot('connections welcome');
    await workbench.tree.welcomeButton('Add Connection');
    await workbench.quickInput.row('Enter step by step…').waitFor();
    await workbench.screenshot('connections add');
    await workbench.quickInput.cancel();
  });

  it('are refused with the reason while the URI is typed', async () => {
    await workbench.run('RabbitMQ: Add Connection…');
    await workbench.quickInput.type('amqp://host:99999/');
    await workbench.quickInput.widget
      .getByText(/port must be/)
      .first()
      .waitFor();
    await workbench.quickInput.cancel();
  });

  it('are not saved when the broker refuses the password, and lose nothing that was entered', async () => {
    await workbench.run('RabbitMQ: Add Connection…');
    await workbench.quickInput.fill(vhost.amqpUrl.replace('guest:guest', 'guest:wrong-secret'));
    await workbench.notification('refused user guest').waitFor();
    await workbench.screenshot('connections wrong password');
    assert.equal(await workbench.tree.rows.count(), 0);
    await workbench.notificationButton('refused user guest', 'Edit');
    await workbench.quickInput.title.filter({ hasText: '6/8' }).waitFor();
    assert.equal(await workbench.quickInput.input.getAttribute('type'), 'password');
    await workbench.quickInput.fill(vhost.password);
    await workbench.quickInput.title.filter({ hasText: '7/8' }).waitFor();
    await workbench.quickInput.accept();
    await workbench.quickInput.title.filter({ hasText: '8/8' }).waitFor();
    await workbench.quickInput.fill('local');
    await workbench.tree.row('local').waitFor();
    await isDescribed('local', `^guest@127.0.0.1:${vhost.amqpPort}/${vhost.vhost}$`);
  });

  it('without a management API say why the list is incomplete, and take a queue by name', async () => {
    await workbench.tree.expand('local');
    await workbench.tree.row('Only queues known by name').waitFor();
    await workbench.screenshot('connections without management');
    await workbench.tree.click('Only queues known by name');
    await workbench.quickInput.fill('orders');
    await isDescribed('orders', '^0 ready$');
  });

  it('tell of a queue by name that is not there, and create nothing', async () => {
    await workbench.run('RabbitMQ: Add Queue by Name…');
    await workbench.quickInput.fill('nowhere');
    await workbench.notification('Queue nowhere does not exist').waitFor();
    assert.deepEqual(await vhost.management.queueNames(vhost.vhost), ['orders']);
  });

  it('list every queue once the management API is known', async () => {
    await vhost.management.request('PUT', `queues/${vhost.vhost}/invoices`, { durable: true });
    await workbench.tree.menu('local', 'Edit Connection…');
    for (const position of ['1/8', '2/8', '3/8', '4/8', '5/8', '6/8']) {
      await workbench.quickInput.title.filter({ hasText: position }).waitFor();
      await workbench.quickInput.accept();
    }
    await workbench.quickInput.title.filter({ hasText: '7/8' }).waitFor();
    await workbench.quickInput.fill(vhost.managementUrl);
    await workbench.quickInput.title.filter({ hasText: '8/8' }).waitFor();
    await workbench.quickInput.accept();
    await workbench.tree.row('invoices').waitFor();
    await workbench.tree.row('Only queues known by name').waitFor({ state: 'detached' });
    await workbench.screenshot('connections with management');
  });

  it('can be renamed without being closed', async () => {
    await workbench.tree.menu('local', 'Rename Connection…');
    await workbench.quickInput.fill('team');
    await workbench.tree.row('team').waitFor();
    await workbench.tree.row('invoices').waitFor();
  });

  it('copy their URI without the password', async () => {
    await workbench.tree.menu('team', 'Copy URI without Password');
    await workbench.statusBar('URI copied').waitFor();
    const copied = await workbench.page.evaluate('navigator.clipboard.readText()');
    assert.equal(copied, `amqp://guest@127.0.0.1:${vhost.amqpPort}/${vhost.vhost}`);
  });

  it('disconnect and connect again', async () => {
    await workbench.tree.menu('team', 'Disconnect');
    await isDescribed('team', '^disconnected · ');
    await workbench.tree.row('Disconnected').waitFor();
    await workbench.screenshot('connections disconnected');
    await workbench.tree.menu('team', 'Connect');
    await workbench.tree.row('invoices').waitFor();
  });

  it('are there after the window is loaded again, the password too', async () => {
    await workbench.reload();
    await workbench.show('RabbitMQ');
    await workbench.tree.expand('team');
    await workbench.tree.row('invoices').waitFor();
  });

  it('are deleted only when that is confirmed', async () => {
    await workbench.tree.menu('team', 'Delete Connection…');
    await workbench.modal.waitFor();
    await workbench.screenshot('connections delete');
    await workbench.modalButton('Cancel');
    assert.equal(await workbench.tree.row('team').count(), 1);
    await workbench.tree.menu('team', 'Delete Connection…');
    await workbench.modal.waitFor();
    await workbench.modalButton('Delete team');
    await workbench.page.locator('.welcome-view .monaco-button').first().waitFor();
    assert.deepEqual((await vhost.management.queueNames(vhost.vhost)).toSorted(), ['invoices', 'orders']);
  });
});
