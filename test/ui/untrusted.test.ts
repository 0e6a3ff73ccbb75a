import assert from 'node:assert/strict';
import { startCodeServer, type Editor } from '../../scripts/lib/editor.mjs';
import { PACKAGE } from '../../scripts/lib/package.mjs';
import { root } from '../../scripts/lib/run.mjs';
import { Workbench } from './pages/workbench.ts';

describe('a workspace that is not trusted', () => {
  let editor: Editor;
  let workbench: Workbench;
  before(async function () {
    this.timeout(120_000);
    editor = await startCodeServer({ folder: root, vsix: PACKAGE, asksForTrust: true });
    workbench = await Workbench.open({
      port: editor.port,
      files: {
        '.env': 'AMQP_URL=amqp://ann:x@broker.example/shop\n',
        'env.amqp': 'orders\n\n{{$env HOME}}\n',
        'file.amqp': 'orders\n\n< /etc/passwd\n',
      },
      settings: { 'warren.connections': [{ name: 'team', host: 'broker.example' }] },
    });
  });
  after(async () => {
    await workbench?.dispose();
    await editor?.dispose();
  });

  it('adds no connection by its settings, and its files are not searched', async () => {
    await workbench.statusBar('Restricted Mode').waitFor();
    await workbench.show('RabbitMQ');
    await workbench.tree.welcomeButton('Add Connection');
    await workbench.quickInput.row('Enter step by step…').waitFor();
    // The search is over when nothing is busy any more.
    await workbench.quickInput.widget.locator('.quick-input-progress:not(.active)').waitFor({ state: 'attached' });
    await workbench.screenshot('untrusted');
    assert.deepEqual(await workbench.quickInput.labels(), ['Paste an AMQP URI…', 'Enter step by step…']);
    await workbench.quickInput.cancel();
    assert.equal(await workbench.tree.row('team').count(), 0);
  });

  it('has message files that take nothing from the environment and from other files', async () => {
    await workbench.openFile('env.amqp');
    await workbench.run('RabbitMQ: Publish Message in File');
    await workbench.notification('There is no variable HOME in the environment, or it may not be read here.').waitFor();
    await workbench.openFile('file.amqp');
    await workbench.run('RabbitMQ: Publish Message in File');
    const refusal = 'In an untrusted workspace no body is taken from a file.';
    await workbench.notification(refusal).waitFor();
    await workbench.screenshot('untrusted message file');
    await workbench.run('Notifications: Clear All Notifications');
    await workbench.run('RabbitMQ: Publish and Await Reply');
    await workbench.notification(refusal).waitFor();
    await workbench.run('Notifications: Clear All Notifications');
  });

  it('brings its connections once it is trusted, without another start', async () => {
    await workbench.run('Workspaces: Manage Workspace Trust');
    await workbench.page
      .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ })
      .first()
      .click();
    await workbench.page.keyboard.press('Escape');
    await workbench.tree.row('team').waitFor();
    await workbench.screenshot('untrusted then trusted');
    await workbench.run('RabbitMQ: Add Connection…');
    await workbench.quickInput.row('ann@broker.example/shop').waitFor();
    await workbench.quickInput.cancel();
  });
});
