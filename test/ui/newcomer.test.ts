import assert from 'node:assert/strict';
import type { ChannelModel } from 'amqplib';
import { connect } from '../support/amqplib.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

/** Spaces alone look empty, and 255 bytes are the most that AMQP has. */
const odd = ['a/b #1 100% $(zap) <i>x</i>', ' ', 'ü'.repeat(127) + 'x'];

describe('a newcomer', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  let connection: ChannelModel;
  before(async () => {
    vhost = await freshVhost();
    connection = await connect(vhost.amqpUrl);
    workbench = await Workbench.open({ height: 1400, settings: { 'warren.refreshInterval': 1 } });
  });
  after(async () => {
    await workbench.dispose();
    await connection.close();
    await vhost.dispose();
  });

  it('is led through the tutorial from the welcome view', async () => {
    await workbench.show('RabbitMQ');
    await workbench.tree.welcomeButton('Start Tutorial');
    await workbench.page.getByText('Get a message through').first().waitFor();
    await workbench.screenshot('newcomer tutorial');
    // Out of the tutorial's page, which takes keys for itself.
    await workbench.page.locator('.part.sidebar .composite.title h2').click();
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.row('No queues').waitFor();
    await workbench.screenshot('newcomer no queues');
    await workbench.tree.click('No queues');
    await workbench.quickInput.title.filter({ hasText: '1/4' }).waitFor();
    await workbench.quickInput.fill('hello');
    for (const position of ['2/4', '3/4', '4/4']) {
      await workbench.quickInput.title.filter({ hasText: position }).waitFor();
      await workbench.quickInput.accept();
    }
    await workbench.tree.row('hello').waitFor();
  });

  it('publishes a typed text when no editor is open', async () => {
    await workbench.run('View: Close All Editors');
    await workbench.tree.action('hello', 'Publish Message');
    await workbench.quickInput.fill('Hello World!');
    await vhost.hasCounts('hello', 1, 0);
  });

  it('tails from the palette by the name of the queue, ten messages at a time', async () => {
    const channel = await connection.createChannel();
    for (let i = 2; i <= 12; i++) channel.sendToQueue('hello', Buffer.from(`Hello ${i}`));
    await channel.close();
    await vhost.hasCounts('hello', 12, 0);
    await workbench.run('RabbitMQ: Tail Queue…');
    await workbench.quickInput.fill('hello');
    await workbench.quickInput.pick('Hold');
    await vhost.hasCounts('hello', 2, 10);
    await waitFor(
      async () => (await workbench.tree.description('hello')).startsWith('2 ready · 10 unacked · tailing'),
      {
        describe: 'unacked and consumers in the tree',
      },
    );
    await workbench.output.hasLens(1, 'Reject (drop)');
    await workbench.screenshot('newcomer tail');
  });

  it('opens the whole of a body that was cut, by its link', async () => {
    const channel = await connection.createChannel();
    await channel.assertQueue('long');
    channel.sendToQueue('long', Buffer.from(`${'x'.repeat(6000)} the end`));
    await channel.close();
    await workbench.tree.row('long').waitFor();
    await workbench.tree.action('long', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    const link = workbench.output.editor.getByText('open the whole body', { exact: true });
    const tab = workbench.page.locator('.tab', { hasText: '#1 long' });
    // VS Code looks for links a moment after the text has come.
    await waitFor(
      async () => {
        await link.click({ modifiers: ['Control'], timeout: 2_000 });
        return tab.waitFor({ timeout: 1_000 }).then(
          () => true,
          () => false,
        );
      },
      { describe: 'the body in an editor', timeoutMs: 20_000 },
    );
    await workbench.page.keyboard.press('Control+End');
    await waitFor(async () => (await workbench.editorText()).includes('the end'), { describe: 'the end of the body' });
  });

  it('has two tails at once, and switches between them', async () => {
    await workbench.statusBar('2 tails · 11 held').waitFor();
    await workbench.run('RabbitMQ: Show Tail…');
    await workbench.quickInput.pick('hello');
    await waitFor(async () => / > hello /.test(await workbench.output.text()), {
      describe: 'the tail of hello',
    });
    await workbench.output.clickTitleButton('Stop Tail');
    await vhost.hasCounts('hello', 12, 0);
    await vhost.hasCounts('long', 0, 1);
  });

  it('copies the name of a queue', async () => {
    await workbench.tree.menu('hello', 'Copy Queue Name');
    await waitFor(async () => (await workbench.page.evaluate('navigator.clipboard.readText()')) === 'hello', {
      describe: 'the name on the clipboard',
    });
  });

  it('publishes to and tails queues whatever their names are', async () => {
    const channel = await connection.createChannel();
    for (const name of odd) await channel.assertQueue(name);
    await workbench.run('View: Close All Editors');
    for (const name of odd) {
      await workbench.run('RabbitMQ: Publish Message');
      await workbench.quickInput.fill(`for ${name}`);
      await workbench.quickInput.title.filter({ hasText: 'Publish the text to local' }).waitFor();
      await workbench.quickInput.fill(name);
      await waitFor(async () => (await channel.checkQueue(name)).messageCount === 1, {
        describe: `a message in ${name}`,
      });
      await workbench.run('RabbitMQ: Tail Queue…');
      await workbench.quickInput.fill(name);
      await workbench.quickInput.pick('Drain');
      await waitFor(async () => (await channel.checkQueue(name)).messageCount === 0, { describe: `${name} drained` });
      await workbench.output.clickTitleButton('Stop Tail');
    }
    await workbench.screenshot('newcomer odd names');
    await channel.close();
    assert.deepEqual(await workbench.notifications(), []);
  });
});
