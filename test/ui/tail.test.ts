import assert from 'node:assert/strict';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Orders } from './pages/orders.ts';
import { Workbench } from './pages/workbench.ts';

const channel = 'RabbitMQ: orders';

describe('a tail in the Output panel', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    await Orders.declared(vhost);
    // Tall, so that every message of this story stays in view.
    workbench = await Workbench.open({
      height: 2600,
      settings: { 'warren.refreshInterval': 1, 'warren.tail.prefetch': 4 },
    });
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  async function publish(from: number, to: number): Promise<void> {
    for (let id = from; id <= to; id++) {
      await vhost.management.request('POST', `exchanges/${vhost.vhost}/amq.default/publish`, {
        properties: { content_type: 'application/json', delivery_mode: 2, headers: { 'x-tenant': 'acme' } },
        routing_key: 'orders',
        payload: JSON.stringify({ id }),
        payload_encoding: 'string',
      });
    }
  }

  const saysLine = (text: string): Promise<unknown> =>
    waitFor(async () => (await workbench.output.wholeText(channel)).includes(text), {
      describe: `a line with ${text}`,
    });

  it('is offered with the cost of each mode, and Escape leaves everything as it was', async () => {
    await publish(1, 6);
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.row('Hold').waitFor();
    assert.deepEqual(await workbench.quickInput.labels(), ['Peek', 'Hold', 'Drain', 'Tap']);
    const offered = await workbench.quickInput.widget.innerText();
    assert.match(offered, /Up to 4 held; unsettled ones go back, marked redelivered/);
    assert.match(offered, /Takes messages off the queue for good/);
    await workbench.screenshot('tail modes');
    await workbench.quickInput.cancel();
    await vhost.hasCounts('orders', 6, 0);
  });

  it('shows what it holds, and holds no more than the prefetch', async () => {
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await vhost.hasCounts('orders', 2, 4);
    await workbench.output.hasLens(4, 'Reject to orders.dlx');
    await workbench.screenshot('tail hold');
    const text = await workbench.output.wholeText(channel);
    assert.match(
      text,
      /^#1 {2}\d\d:\d\d:\d\d\.\d{3} {2}\(default\) > orders {3}application\/json {2}8 B {2}persistent$/m,
    );
    assert.match(text, /^ {5}x-tenant: acme\n {5}\{ "id": 1 \}$/m);
    assert.equal(text.includes('#5'), false);
    await workbench.statusBar('1 tail · 4 held').waitFor();
  });

  it('acks one by its lens, and the next message comes', async () => {
    await workbench.output.clickLens(1, /^Ack$/);
    await vhost.hasCounts('orders', 1, 4);
    await workbench.output.hasLens(1, '✓ acked');
    await workbench.screenshot('tail acked');
  });

  it('rejects one by its lens to the dead-letter exchange', async () => {
    await workbench.output.clickLens(2, 'Reject to orders.dlx');
    await vhost.hasCounts('orders.dead', 1, 0);
    await vhost.hasCounts('orders', 0, 4);
    await workbench.output.hasLens(2, '✗ rejected');
  });

  it('requeues one by its lens, and it comes back redelivered', async () => {
    await workbench.output.clickLens(3, /^Requeue$/);
    await saysLine('redelivered');
    await vhost.hasCounts('orders', 0, 4);
    await workbench.output.hasLens(3, '↩ requeued');
  });

  it('acks all older ones by the lens of one', async () => {
    await publish(7, 8);
    await vhost.hasCounts('orders', 2, 4);
    // Held are #4, #5, #6 and #7.
    await workbench.output.clickLens(5, 'Ack up to here');
    await vhost.hasCounts('orders', 0, 4);
    await workbench.output.hasLens(4, '✓ acked');
    await workbench.output.hasLens(6, /^Ack$/);
  });

  it('opens a whole body in an editor of its language', async () => {
    await workbench.output.clickLens(9, /^Open$/);
    await workbench.page.locator('.editor-group-container.active .monaco-editor .view-line').first().waitFor();
    await waitFor(async () => (await workbench.editorText()).includes('"id": '), { describe: 'the body' });
    await workbench.page.locator('.statusbar-item', { hasText: 'JSON' }).waitFor();
    await workbench.screenshot('tail opened body');
  });

  it('pauses and resumes delivery by the title bar', async () => {
    await workbench.output.clickTitleButton('Pause Delivery');
    await workbench.output.titleButton('Resume Delivery').waitFor();
    await publish(9, 10);
    await workbench.output.clickTitleButton('Ack All');
    await vhost.hasCounts('orders', 2, 0);
    await saysLine('Delivery paused');
    await workbench.screenshot('tail paused');
    await workbench.output.clickTitleButton('Resume Delivery');
    await vhost.hasCounts('orders', 0, 2);
    await saysLine('Delivery resumed');
  });

  it('requeues all by the title bar, and they come again', async () => {
    const before = (await workbench.output.wholeText(channel)).split('redelivered').length;
    await workbench.output.clickTitleButton('Requeue All');
    await waitFor(async () => (await workbench.output.wholeText(channel)).split('redelivered').length >= before + 2, {
      describe: 'both redelivered',
    });
    await vhost.hasCounts('orders', 0, 2);
  });

  it('acks by a key when the output has the focus', async () => {
    await workbench.output.focus();
    await workbench.page.keyboard.press('Control+End');
    await workbench.page.keyboard.press('Alt+a');
    await vhost.hasCounts('orders', 0, 1);
  });

  it('gives back what it holds when it is stopped', async () => {
    await workbench.output.clickTitleButton('Stop Tail');
    await vhost.hasCounts('orders', 1, 0);
    await saysLine('Stopped. 1 message went back to the queue.');
    await workbench.statusBar('1 tail').waitFor({ state: 'detached' });
    await workbench.screenshot('tail stopped');
  });

  it('is tailed again by the title bar, in the same mode, and nothing is asked', async () => {
    await workbench.output.clickTitleButton('Tail Again');
    await vhost.hasCounts('orders', 0, 1);
    await workbench.output.titleButton('Stop Tail').waitFor();
    await workbench.output.titleButton('Tail Again').waitFor({ state: 'hidden' });
    await saysLine('hold (prefetch 4)');
    await workbench.screenshot('tail again');
    await workbench.output.clickTitleButton('Stop Tail');
    await vhost.hasCounts('orders', 1, 0);
    await workbench.output.titleButton('Tail Again').waitFor();
  });

  it('drains for good, and can be paused meanwhile', async () => {
    await publish(11, 13);
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Drain');
    await vhost.hasCounts('orders', 0, 0);
    await saysLine('drain: messages are taken off the queue for good');
    await workbench.output.clickTitleButton('Pause Delivery');
    await workbench.output.titleButton('Resume Delivery').waitFor();
    await publish(14, 15);
    await vhost.hasCounts('orders', 0, 2);
    await workbench.screenshot('tail drain paused');
    await workbench.output.clickTitleButton('Stop Tail');
    await vhost.hasCounts('orders', 2, 0);
  });

  it('says so when its queue is deleted', async () => {
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await vhost.hasCounts('orders', 0, 2);
    await vhost.management.request('DELETE', `queues/${vhost.vhost}/orders`);
    await saysLine('Ended: queue orders is gone. 2 held messages went with it.');
    await workbench.screenshot('tail queue deleted');
  });

  it('says so when its queue is deleted while it is paused', async () => {
    await vhost.management.request('PUT', `queues/${vhost.vhost}/parked`, { durable: true });
    await workbench.tree.row('parked').waitFor();
    await workbench.tree.action('parked', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await workbench.output.clickTitleButton('Pause Delivery');
    await workbench.output.titleButton('Resume Delivery').waitFor();
    await vhost.management.request('DELETE', `queues/${vhost.vhost}/parked`);
    await waitFor(
      async () => (await workbench.output.wholeText('RabbitMQ: parked')).includes('Ended: queue parked is gone.'),
      { describe: 'a line that says that the queue is gone' },
    );
    await workbench.output.titleButton('Tail Again').waitFor();
  });

  it('gives back what it holds when the window is closed', async () => {
    await vhost.management.request('PUT', `queues/${vhost.vhost}/orders`, { durable: true });
    await publish(1, 3);
    await workbench.tree.row('orders').waitFor();
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await vhost.hasCounts('orders', 0, 3);
    await workbench.dispose();
    await vhost.hasCounts('orders', 3, 0);
  });
});
