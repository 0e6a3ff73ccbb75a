import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { Workbench } from './pages/workbench.ts';

describe('connections in the settings of a workspace', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    await vhost.management.request('PUT', `queues/${vhost.vhost}/orders`, { durable: true });
    workbench = await Workbench.open({
      settings: settings([team(), { name: 'careless', host: 'h', password: 'hunter2-secret' }]),
    });
    await workbench.show('RabbitMQ');
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  const team = (more: object = {}): object => {
    const { host, amqpPort: port, user: username, managementUrl } = vhost;
    return { name: 'team', host, port, vhost: vhost.vhost, username, managementUrl, ...more };
  };
  const target = (): string => `${vhost.user}@${vhost.host}:${vhost.amqpPort}/${vhost.vhost}`;

  it('are in the tree, and one with a password in it is refused without repeating it', async () => {
    await workbench.tree.row('team').waitFor();
    await workbench.notification('warren.connections[1] (careless) in the workspace settings').waitFor();
    await workbench.screenshot('shared refused');
    const [told = ''] = await workbench.notifications();
    assert.match(told, /has a field "password", which must not stand there/);
    assert.doesNotMatch(await workbench.page.locator('body').innerText(), /hunter2/);
    assert.deepEqual(await workbench.tree.labels(), ['team']);
    assert.match(await workbench.tree.description('team'), /^not connected · workspace settings · /);
  });

  it('can be corrected where they stand', async () => {
    await workbench.notificationButton('(careless)', 'Open Settings');
    await workbench.editorTab('settings.json').waitFor();
    await writeSettings([team()]);
    await workbench.page.keyboard.press('Control+W');
    assert.ok(!(await workbench.tree.menuLabels('team')).includes('Edit Connection…'));
    assert.ok((await workbench.tree.menuLabels('team')).includes('Open Settings of Connection'));
  });

  it('connect to nothing by themselves, and ask before they do, naming the host', async () => {
    await workbench.tree.expand('team');
    await workbench.tree.row('Disconnected').waitFor();
    assert.equal(await workbench.modal.count(), 0);
    await workbench.tree.click('Disconnected');
    await workbench.modal.waitFor();
    await workbench.screenshot('shared asks');
    const text = await workbench.modal.innerText();
    assert.ok(text.includes(`Connect to ${target()}?`), text);
    assert.ok(text.includes(`${vhost.host}, port ${vhost.amqpPort}`), text);
    await workbench.modalButton('Cancel');
    await workbench.tree.row('Disconnected').waitFor();
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('ask for the password once, and then connect', async () => {
    await workbench.tree.click('Disconnected');
    await workbench.modal.waitFor();
    await workbench.modalButton('Connect');
    await workbench.quickInput.title.filter({ hasText: 'Password for team' }).waitFor();
    assert.equal(await workbench.quickInput.input.getAttribute('type'), 'password');
    await workbench.screenshot('shared password');
    await workbench.quickInput.fill(vhost.password);
    await workbench.tree.row('orders').waitFor();
    await workbench.screenshot('shared connected');
  });

  it('are there after the window is loaded again, and need no question', async () => {
    await workbench.reload();
    await workbench.show('RabbitMQ');
    await workbench.tree.expand('team');
    await workbench.tree.row('orders').waitFor();
    assert.equal(await workbench.modal.count(), 0);
  });

  it('say which tails a change of the settings has stopped, and start them again', async () => {
    const { management, vhost: name } = vhost;
    const message = { routing_key: 'orders', payload: 'held', payload_encoding: 'string', properties: {} };
    await management.request('POST', `exchanges/${name}/amq.default/publish`, message);
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await vhost.hasCounts('orders', 0, 1);
    await writeSettings([team({ managementUrl: vhost.managementUrl.replace('127.0.0.1', 'localhost') })]);
    const told = 'team: it was changed in the settings, and its tail of orders has stopped. 1 held message went back.';
    await workbench.notification(told).waitFor();
    await workbench.screenshot('shared tail stopped');
    await vhost.hasCounts('orders', 1, 0);
    await workbench.notificationButton(told, 'Tail Again');
    await workbench.modal.waitFor();
    await workbench.modalButton('Connect');
    await workbench.quickInput.title.filter({ hasText: 'Password for team' }).waitFor();
    await workbench.quickInput.fill(vhost.password);
    await vhost.hasCounts('orders', 0, 1);
    await writeSettings([]);
    const gone = 'team: it was removed from the settings, and its tail of orders has stopped.';
    await workbench.notification(gone).waitFor();
    await vhost.hasCounts('orders', 1, 0);
    await writeSettings([team()]);
    await workbench.tree.row('team').waitFor();
  });

  it('follow a change of the settings at once, and never send the password elsewhere', async () => {
    await writeSettings([team({ host: 'localhost' }), team({ name: 'second', vhost: 'elsewhere' })]);
    await workbench.tree.row('second').waitFor();
    await waitFor(async () => (await workbench.tree.description('team')).includes('@localhost:'), {
      describe: 'the new host',
    });
    await workbench.tree.menu('team', 'Connect');
    await workbench.modal.waitFor();
    assert.match(await workbench.modal.innerText(), /Connect to guest@localhost:/);
    await workbench.modalButton('Connect');
    await workbench.quickInput.title.filter({ hasText: 'Password for team' }).waitFor();
    await workbench.quickInput.cancel();
    await writeSettings([]);
    await workbench.page.locator('.welcome-view .monaco-button').first().waitFor();
  });

  async function writeSettings(connections: object[]): Promise<void> {
    await writeFile(join(workbench.folder, '.vscode', 'settings.json'), JSON.stringify(settings(connections)));
  }
});

function settings(connections: object[]): Record<string, unknown> {
  return { 'warren.connections': connections };
}
