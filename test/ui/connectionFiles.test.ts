import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

describe('connections as files', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    await vhost.management.request('PUT', `queues/${vhost.vhost}/orders`, { durable: true });
    workbench = await Workbench.open();
    await addConnection(workbench, { name: 'team', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.row('orders').waitFor();
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  const fileName = (): string => join(workbench.folder, 'rabbitmq-connections.json');

  it('are kept for this workspace only when that is chosen, and stay connected', async () => {
    await workbench.tree.menu('team', 'Keep Connection in This Workspace Only');
    await isOffered('Use Connection in All Workspaces');
    await workbench.tree.row('orders').waitFor();
    await workbench.reload();
    await workbench.show('RabbitMQ');
    await workbench.tree.expand('team');
    await workbench.tree.row('orders').waitFor();
    await workbench.tree.menu('team', 'Use Connection in All Workspaces');
    await isOffered('Keep Connection in This Workspace Only');
  });

  it('are exported without their passwords and without ids', async () => {
    await workbench.run('RabbitMQ: Export Connections…');
    await workbench.quickInput.row('team').waitFor();
    await workbench.screenshot('files export');
    await workbench.quickInput.accept();
    await acceptFile(fileName());
    await workbench.statusBar('Exported 1 connection, without passwords').waitFor();
    const { host, amqpPort: port, user: username, managementUrl } = vhost;
    assert.deepEqual(JSON.parse(await readFile(fileName(), 'utf8')), {
      kind: 'warren.connections',
      version: 1,
      connections: [{ name: 'team', host, port, tls: false, vhost: vhost.vhost, username, managementUrl }],
    });
  });

  it('are imported beside one of the same name, and ask for the password when they connect', async () => {
    await importFile();
    await workbench.modal.waitFor();
    assert.match(await workbench.modal.innerText(), /There is a connection named "team" already\. Replace it\?/);
    await workbench.screenshot('files clash');
    await workbench.modalButton('Keep Both');
    await workbench.tree.row('team (2)').waitFor();
    await workbench.tree.menu('team (2)', 'Connect');
    await workbench.quickInput.title.filter({ hasText: 'Password for team (2)' }).waitFor();
    await workbench.quickInput.fill(vhost.password);
    await waitFor(async () => (await workbench.tree.labels()).filter((label) => label === 'orders').length === 2, {
      describe: 'the queue on both',
    });
    await workbench.screenshot('files imported');
  });

  it('that lead elsewhere than the one they replace do not get its password', async () => {
    const file = JSON.parse(await readFile(fileName(), 'utf8')) as { connections: [Record<string, unknown>] };
    file.connections[0]['host'] = 'localhost';
    await writeFile(fileName(), JSON.stringify(file));
    await importFile();
    await workbench.modal.waitFor();
    await workbench.modalButton('Replace');
    await waitFor(async () => (await workbench.tree.description('team')).includes('@localhost:'), {
      describe: 'the new host',
    });
    await workbench.tree.row(`There is no password stored for user ${vhost.user}.`).waitFor();
    await workbench.tree.click('Enter Password…');
    await workbench.quickInput.title.filter({ hasText: 'Password for team' }).waitFor();
    await workbench.screenshot('files replaced');
    await workbench.quickInput.cancel();
  });

  it('are refused as a whole with a secret in them, which is not repeated', async () => {
    const entry = { name: 'leak', uri: 'amqp://ann:hunter2-secret@h/' };
    const connections = [{ name: 'good', host: 'h' }, entry];
    await writeFile(fileName(), JSON.stringify({ kind: 'warren.connections', version: 1, connections }));
    await openFile();
    await workbench.notification('connection 2 (leak) has a password inside uri').waitFor();
    await workbench.screenshot('files refused');
    assert.doesNotMatch((await workbench.notifications()).join(), /hunter2/);
    assert.equal(await workbench.tree.row('good').count(), 0);
  });

  it('are refused when they are too large to be one', async () => {
    await writeFile(fileName(), ' '.repeat(10_000_000));
    await openFile();
    await workbench.notification('The file is larger than 1 MB').waitFor();
  });

  async function isOffered(label: string): Promise<void> {
    await waitFor(async () => (await workbench.tree.menuLabels('team')).includes(label), { describe: label });
  }

  async function importFile(): Promise<void> {
    await openFile();
    await workbench.quickInput.row('team').waitFor();
    await workbench.quickInput.accept();
  }

  async function openFile(): Promise<void> {
    await workbench.run('RabbitMQ: Import Connections…');
    await acceptFile(fileName());
  }

  /** Answers the editor's own file dialog. */
  async function acceptFile(path: string): Promise<void> {
    const { input, title, widget } = workbench.quickInput;
    await title.filter({ hasText: /(Ex|Im)port Connections/ }).waitFor();
    await waitFor(async () => (await input.inputValue()).startsWith('/'), { describe: 'the file dialog' });
    let looks = 0;
    // The dialog may put a folder of its own into the box just after it has opened.
    await waitFor(
      async () => {
        if ((await input.inputValue()) === path) return ++looks > 5;
        looks = 0;
        await workbench.quickInput.type(path);
        return false;
      },
      { describe: 'the path to stay' },
    );
    await widget.locator('.monaco-button', { hasText: /^(OK|Import)$/ }).click();
  }
});
