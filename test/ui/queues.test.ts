import assert from 'node:assert/strict';
import { connect } from '../support/amqplib.ts';
import { shortName } from '../../src/common/visibleText.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { countRequests } from '../support/countRequests.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

/** Queue names are bytes that someone else chose. */
const odd = [
  'with space',
  'a/b',
  '50%20off',
  '#hash?x=1',
  `"quoted" 'n' <b>bold</b>`,
  '🐇 burrow',
  'ü'.repeat(127),
  '..',
];

describe('queues in the workbench', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    await declare('orders', { durable: true });
    await declare('quorum', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await declare('stream', { durable: true, arguments: { 'x-queue-type': 'stream' } });
    workbench = await Workbench.open({ settings: { 'warren.refreshInterval': 1 } });
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  async function declare(name: string, properties: Record<string, unknown>): Promise<void> {
    await vhost.management.request('PUT', `queues/${vhost.vhost}/${encodeURIComponent(name)}`, properties);
  }

  async function publish(queue: string, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await vhost.management.request('POST', `exchanges/${vhost.vhost}/amq.default/publish`, {
        properties: {},
        routing_key: queue,
        payload: `{"n":${i}}`,
        payload_encoding: 'string',
      });
    }
  }

  async function withConsumer(queue: string, run: () => Promise<void>): Promise<void> {
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createChannel();
    await channel.prefetch(1);
    await channel.consume(queue, () => undefined);
    try {
      await run();
    } finally {
      await connection.close();
    }
  }

  const isDescribed = (name: string, text: string): Promise<unknown> =>
    waitFor(async () => (await workbench.tree.description(name)) === text, {
      describe: `${name} described by ${text}`,
    });

  it('are shown with their counts, which follow the broker by themselves', async () => {
    await isDescribed('orders', '0 ready');
    await publish('orders', 3);
    await isDescribed('orders', '3 ready');
    await workbench.screenshot('queues counts');
  });

  it('are drawn anew where they look different, and nowhere else: who clicks another row is not disturbed', async () => {
    const drawn = await workbench.tree.watchDrawing();
    for (const ready of [4, 5, 6]) {
      await publish('orders', 1);
      await isDescribed('orders', `${ready} ready`);
    }
    assert.deepEqual(await drawn(), ['orders']);
    await vhost.management.request('DELETE', `queues/${vhost.vhost}/orders/contents`);
    await publish('orders', 3);
    await isDescribed('orders', '3 ready');
  });

  it('show those that others declare, and forget those that others delete', async () => {
    await declare('later', {});
    await workbench.tree.row('later').waitFor();
    await vhost.management.request('DELETE', `queues/${vhost.vhost}/later`);
    await workbench.tree.row('later').waitFor({ state: 'detached' });
  });

  it('tell everything in the tooltip', async () => {
    const tooltip = await workbench.hover(workbench.tree.row('quorum').locator('.label-name'), 'Features');
    await workbench.screenshot('queues tooltip');
    assert.match(await tooltip.innerText(), /Type\s+quorum\s+Features\s+durable/);
  });

  it('can be filtered by name, and all shown again', async () => {
    await workbench.tree.menu('local', 'Filter Queues…');
    await workbench.quickInput.fill('ORD');
    await workbench.tree.row('quorum').waitFor({ state: 'detached' });
    await workbench.tree.row('Filter: ORD').waitFor();
    await workbench.screenshot('queues filtered');
    await isDescribed('Filter: ORD', '1 of 3');
    await declare('later', {});
    await isDescribed('Filter: ORD', '1 of 4');
    await vhost.management.request('DELETE', `queues/${vhost.vhost}/later`);
    await isDescribed('Filter: ORD', '1 of 3');
    await workbench.tree.action('Filter: ORD', 'Clear Filter');
    await workbench.tree.row('quorum').waitFor();
  });

  it('are declared step by step, and declaring the same again succeeds', async () => {
    for (let time = 0; time < 2; time++) {
      await workbench.tree.menu('local', 'Declare Queue…');
      await declareSteps('tasks', 'classic', 'Durable', '{ "x-max-length": 100 }');
      await workbench.tree.row('tasks').waitFor();
    }
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('say which property differs when one exists otherwise', async () => {
    await workbench.tree.menu('local', 'Declare Queue…');
    await declareSteps('tasks', 'classic', 'Not durable', '');
    await workbench.notification('tasks exists already with durable true, not false').waitFor();
    await workbench.screenshot('queues declared otherwise');
    await workbench.page.keyboard.press('Escape');
  });

  it('are offered to be declared when one that is added by name is not there', async () => {
    await workbench.run('RabbitMQ: Add Queue by Name…');
    await workbench.quickInput.fill('nosuch');
    await workbench.notification('local: Queue nosuch does not exist.').waitFor();
    await workbench.notificationButton('Queue nosuch does not exist', 'Declare Queue…');
    await workbench.quickInput.title.filter({ hasText: 'Declare Queue on local (1/4)' }).waitFor();
    assert.equal(await workbench.quickInput.input.inputValue(), 'nosuch');
    await workbench.quickInput.cancel();
  });

  it('are purged only when that is confirmed, with name and count', async () => {
    await workbench.tree.menu('orders', 'Purge Queue…');
    await workbench.modal.filter({ hasText: 'Purge orders?' }).filter({ hasText: '3 messages' }).waitFor();
    await workbench.screenshot('queues purge');
    await workbench.modalButton('Cancel');
    assert.equal((await vhost.management.queueCounts(vhost.vhost, 'orders'))?.ready, 3);
    await workbench.tree.menu('orders', 'Purge Queue…');
    await workbench.modal.waitFor();
    await workbench.modalButton('Purge orders');
    await isDescribed('orders', '0 ready');
    assert.equal((await vhost.management.queueCounts(vhost.vhost, 'orders'))?.total, 0);
  });

  it('are not deleted if they are not empty and that was asked for', async () => {
    await publish('tasks', 1);
    await workbench.tree.menu('tasks', 'Delete Queue…');
    await workbench.modal.waitFor();
    await workbench.screenshot('queues delete');
    await workbench.modalButton('Delete If Empty');
    await workbench.notification('Queue tasks is not empty').waitFor();
    assert.equal((await vhost.management.queueCounts(vhost.vhost, 'tasks'))?.ready, 1);
    await workbench.page.keyboard.press('Escape');
  });

  it('are not deleted if they have consumers and that was asked for', async () => {
    await withConsumer('tasks', async () => {
      await workbench.tree.menu('tasks', 'Delete Queue…');
      await workbench.modal.filter({ hasText: /(?:has|and) 1 consumer\./ }).waitFor();
      await workbench.modalButton('Delete If Unused');
      await workbench.notification('Queue tasks has consumers').waitFor();
      assert.ok((await vhost.management.queueNames(vhost.vhost)).includes('tasks'));
      await workbench.page.keyboard.press('Escape');
    });
  });

  it('are deleted if they are empty, or have no consumers, and that was asked for', async () => {
    await declare('unused', { durable: true });
    await publish('unused', 1);
    await declare('empty', { durable: true });
    await withConsumer('empty', async () => {
      for (const [queue, condition] of [
        ['unused', 'Delete If Unused'],
        ['empty', 'Delete If Empty'],
      ] as const) {
        await workbench.tree.row(queue).waitFor();
        await workbench.tree.menu(queue, 'Delete Queue…');
        await workbench.modal.waitFor();
        await workbench.modalButton(condition);
        await workbench.tree.row(queue).waitFor({ state: 'detached' });
        assert.equal((await vhost.management.queueNames(vhost.vhost)).includes(queue), false);
      }
    });
  });

  it('are deleted when that is confirmed', async () => {
    await workbench.tree.menu('tasks', 'Delete Queue…');
    await workbench.modal.waitFor();
    await workbench.modalButton('Delete tasks');
    await workbench.tree.row('tasks').waitFor({ state: 'detached' });
    assert.equal((await vhost.management.queueNames(vhost.vhost)).includes('tasks'), false);
  });

  it('never offer what their type cannot do', async () => {
    await workbench.tree.menu('quorum', 'Delete Queue…');
    await workbench.modal.waitFor();
    await workbench.screenshot('queues delete quorum');
    assert.equal((await workbench.modal.innerText()).includes('Delete If'), false);
    await workbench.modalButton('Cancel');
    assert.equal((await workbench.tree.menuLabels('stream')).includes('Purge Queue…'), false);
    assert.equal((await workbench.tree.menuLabels('orders')).includes('Purge Queue…'), true);
    await workbench.run('RabbitMQ: Purge Queue…');
    await workbench.quickInput.fill('stream');
    await workbench.notification('Queue stream is a stream, which is read by offset').waitFor();
  });

  it('with odd names are shown as they are and can be used', async () => {
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createChannel();
    for (const name of odd) await channel.assertQueue(name);
    await connection.close();
    for (const name of odd) await workbench.tree.row(name).waitFor();
    await workbench.screenshot('queues odd names');
    for (const name of odd) {
      await workbench.tree.menu(name, 'Delete Queue…');
      await workbench.modal.waitFor();
      const box = await workbench.modal.boundingBox();
      const width = workbench.page.viewportSize()?.width ?? 0;
      assert.ok(box && box.x >= 0 && box.x + box.width <= width, `the dialog is in the window: ${JSON.stringify(box)}`);
      await workbench.modalButton(`Delete ${shortName(name)}`);
      await workbench.tree.row(name).waitFor({ state: 'detached' });
    }
    assert.deepEqual((await vhost.management.queueNames(vhost.vhost)).toSorted(), ['orders', 'quorum', 'stream']);
  });

  it('are asked for while the tree is visible, and never while it is hidden', async () => {
    const counted = await countRequests(vhost.managementUrl);
    try {
      const broker = { ...vhost, managementUrl: counted.url };
      await addConnection(workbench, { name: 'counted', broker, vhost: vhost.vhost, management: true });
      const shown = counted.requests();
      await waitFor(() => counted.requests() > shown + 2, { describe: 'two refreshes' });
      await workbench.show('Explorer');
      await workbench.tree.row('.vscode').waitFor();
      await waitFor(() => counted.quietMs() > 3_000, { describe: 'three intervals without a request' });
      const hidden = counted.requests();
      await workbench.show('RabbitMQ');
      await waitFor(() => counted.requests() > hidden, { describe: 'a refresh at once when it is shown again' });
    } finally {
      counted.dispose();
    }
  });

  it('and connections that were there before the tutorial are ticked in it', async () => {
    await workbench.run('RabbitMQ: Start Tutorial');
    for (const step of ['connect', 'declare']) {
      await workbench.page.locator(`[data-done-step-id$="#${step}"][aria-checked=true]`).waitFor();
    }
    assert.equal(await workbench.page.locator('[data-done-step-id$="#ack"][aria-checked=true]').count(), 0);
    await workbench.screenshot('queues tutorial');
  });

  async function declareSteps(name: string, type: string, durability: string, args: string): Promise<void> {
    const { quickInput } = workbench;
    await quickInput.title.filter({ hasText: '1/4' }).waitFor();
    await quickInput.fill(name);
    await quickInput.title.filter({ hasText: '2/4' }).waitFor();
    await quickInput.pick(type);
    await quickInput.title.filter({ hasText: '3/4' }).waitFor();
    await quickInput.pick(durability);
    await quickInput.title.filter({ hasText: '4/4' }).waitFor();
    await quickInput.fill(args);
  }
});
