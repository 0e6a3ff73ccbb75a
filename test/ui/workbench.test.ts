import assert from 'node:assert/strict';
import { waitFor } from '../support/waitFor.ts';
import { Workbench } from './pages/workbench.ts';

describe('the workbench with the packaged extension', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ files: { 'orders/one.json': '{ "id": 1 }\n' } });
  });
  after(() => workbench.dispose());

  it('shows a file of the workspace', async () => {
    await workbench.openFile('orders/one.json');
    assert.equal(await workbench.editorText(), '{ "id": 1 }\n');
    await workbench.screenshot('workbench');
  });

  it('shows an output channel', async () => {
    await workbench.output.choose('Extension Host (Remote)');
    await waitFor(async () => /\[info\]/.test(await workbench.output.text()), {
      describe: 'the log',
    });
    await workbench.screenshot('output');
  });

  it('has Warren installed', async () => {
    await workbench.run('Extensions: Show Installed Extensions');
    await workbench.page.locator('.extension-list-item .name', { hasText: 'Warren: RabbitMQ in VS Code' }).waitFor();
  });

  it('goes through a context menu of the explorer', async () => {
    await workbench.show('Explorer');
    await workbench.tree.expand('orders');
    assert.ok((await workbench.tree.labels()).includes('one.json'));
    assert.ok((await workbench.tree.menuLabels('one.json')).includes('Copy Path'));
    await workbench.tree.menu('one.json', 'Delete Permanently');
    await workbench.modal.waitFor();
    await workbench.modalButton('Cancel');
  });
});
