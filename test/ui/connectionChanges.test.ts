import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

const channel = 'RabbitMQ: orders';

describe('a connection whose tail holds messages', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    await vhost.management.request('PUT', `queues/${vhost.vhost}/orders`, { durable: true });
    for (const id of [1, 2, 3]) {
      await vhost.management.request('POST', `exchanges/${vhost.vhost}/amq.default/publish`, {
        properties: {},
        routing_key: 'orders',
        payload: `order ${id}`,
        payload_encoding: 'string',
      });
    }
    workbench = await Workbench.open({ settings: { 'warren.refreshInterval': 1 } });
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  const hasCounts = (ready: number, unacknowledged: number): Promise<void> =>
    vhost.hasCounts('orders', ready, unacknowledged);

  async function tail(): Promise<void> {
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await hasCounts(0, 3);
    await workbench.statusBar('1 tail · 3 held').waitFor();
  }

  /** The modal dialog is there, and says what closing would stop. */
  async function asks(question: string, picture: string): Promise<void> {
    await workbench.modal.filter({ hasText: question }).waitFor();
    assert.match(await workbench.modal.innerText(), /A running tail stops, and the 3 messages held go back\./);
    await workbench.screenshot(picture);
  }

  async function hasStopped(): Promise<void> {
    await hasCounts(3, 0);
    await waitFor(
      async () => (await workbench.output.wholeText(channel)).endsWith('3 messages went back to the queue.\n'),
      { describe: 'a last line that says what went back' },
    );
  }

  it('asks before it is disconnected, and has given all back then', async () => {
    await tail();
    await workbench.tree.menu('local', 'Disconnect');
    await asks('Disconnect from "local"?', 'changes disconnect');
    await workbench.modalButton('Cancel');
    await hasCounts(0, 3);
    await workbench.tree.menu('local', 'Disconnect');
    await workbench.modal.waitFor();
    await workbench.modalButton('Disconnect local');
    await hasStopped();
    await workbench.tree.row('Disconnected').waitFor();
    await workbench.screenshot('changes disconnected');
  });

  it('asks before an edit closes it, and has given all back then', async () => {
    await workbench.tree.menu('local', 'Connect');
    await workbench.tree.row('orders').waitFor();
    await tail();
    await edit();
    await asks('Save the changes to connection "local"?', 'changes edit');
    await workbench.modalButton('Cancel');
    await hasCounts(0, 3);
    await workbench.statusBar('1 tail · 3 held').waitFor();
    await edit();
    await workbench.modal.waitFor();
    await workbench.modalButton('Save and Reconnect');
    await hasStopped();
    await workbench.tree.row('orders').waitFor();
  });

  it('is deleted only when that is confirmed, and has given all back then', async () => {
    await tail();
    await workbench.tree.menu('local', 'Delete Connection…');
    await asks('Delete connection "local"?', 'changes delete');
    await workbench.modalButton('Cancel');
    await hasCounts(0, 3);
    await workbench.tree.menu('local', 'Delete Connection…');
    await workbench.modal.waitFor();
    await workbench.modalButton('Delete local');
    await hasStopped();
    await workbench.page.locator('.welcome-view .monaco-button').first().waitFor();
    await workbench.statusBar('1 tail').waitFor({ state: 'detached' });
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('is said to be gone when its tail is to be started again', async () => {
    await workbench.output.clickTitleButton('Tail Again');
    await workbench.statusBar('Connection local was deleted').waitFor();
    await hasCounts(3, 0);
  });

  /** Through the form; a password that is entered anew is a change to save, and this one is right. */
  async function edit(): Promise<void> {
    await workbench.tree.menu('local', 'Edit Connection…');
    for (const position of ['1/8', '2/8', '3/8', '4/8', '5/8', '6/8', '7/8', '8/8']) {
      await workbench.quickInput.title.filter({ hasText: position }).waitFor();
      if (position === '6/8') await workbench.quickInput.fill(vhost.password);
      else await workbench.quickInput.accept();
    }
  }
});

describe('a connection whose user may not use the management API', () => {
  const user = `plain-${randomBytes(4).toString('hex')}`;
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    await vhost.management.createUser(user, 'plain-password');
    await vhost.management.grant(vhost.vhost, user, { configure: '.*', write: '.*', read: '.*' });
    await vhost.management.request('PUT', `queues/${vhost.vhost}/orders`, { durable: true });
    workbench = await Workbench.open({ settings: { 'warren.refreshInterval': 1 } });
    const broker = { ...vhost, user, password: 'plain-password' };
    await addConnection(workbench, { name: 'plain', broker, vhost: vhost.vhost, management: true });
  });
  after(async () => {
    await workbench.dispose();
    await vhost.management.deleteUser(user);
    await vhost.dispose();
  });

  it('says in the tree that the list is not whole, and why', async () => {
    const row = workbench.tree.row('Only queues known by name').locator('.label-name');
    const tooltip = await workbench.hover(row, 'AMQP cannot list queues');
    await workbench.screenshot('changes forbidden management');
    assert.match(await tooltip.innerText(), new RegExp(`it refuses user ${user} \\(Not management user\\)`));
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('counts a queue by its name all the same, and publishes to it', async () => {
    await workbench.run('RabbitMQ: Add Queue by Name…');
    await workbench.quickInput.fill('orders');
    await workbench.tree.row('orders').waitFor();
    await workbench.run('View: Close All Editors');
    await workbench.tree.action('orders', 'Publish Message');
    await workbench.quickInput.fill('Hello');
    await waitFor(async () => (await workbench.tree.description('orders')) === '1 ready', { describe: '1 ready' });
  });
});
