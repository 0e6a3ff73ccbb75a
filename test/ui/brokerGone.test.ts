import assert from 'node:assert/strict';
import { connect } from 'amqplib';
import { ownBroker, type OwnBroker } from '../support/broker.ts';
import { Management } from '../support/management.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

const channel = 'RabbitMQ: orders';

describe('a broker that goes away under an open tail', () => {
  let broker: OwnBroker;
  let workbench: Workbench;
  before(async () => {
    broker = await ownBroker();
    const connection = await connect(broker.amqpUrl);
    const confirming = await connection.createConfirmChannel();
    await confirming.assertQueue('orders', { durable: true });
    for (let id = 1; id <= 3; id++) confirming.sendToQueue('orders', Buffer.from(`order ${id}`), { persistent: true });
    await confirming.waitForConfirms();
    await connection.close();
    workbench = await Workbench.open({ height: 1400, settings: { 'warren.refreshInterval': 1 } });
    await addConnection(workbench, { name: 'local', broker, vhost: '/', management: true });
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await workbench.output.hasLens(3, /^Ack$/);
  });
  after(async () => {
    await workbench.dispose();
    await broker.dispose();
  });

  const says = (text: string): Promise<unknown> =>
    waitFor(async () => (await workbench.output.wholeText(channel)).includes(text), {
      describe: `a line with ${text}`,
    });

  it('is shown as gone in the tree, the status bar and the output, and its messages as lost', async () => {
    await workbench.output.clickLens(1, /^Ack$/);
    await workbench.output.hasLens(1, '✓ acked');
    await broker.kill();
    await says('Interrupted: ');
    await says('2 messages went back to the queue');
    await says('may come again');
    await workbench.output.hasLens(2, 'lost: the broker has requeued it');
    await waitFor(async () => (await workbench.tree.description('local')).match(/^attempt \d+ at \d\d:\d\d:\d\d · /), {
      describe: 'the next attempt in the tree',
    });
    await workbench.screenshot('broker gone');
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('is connected to again by itself, and the tail goes on with what was not acked', async () => {
    await broker.start();
    await says('Connected again');
    await waitFor(async () => (await workbench.output.wholeText(channel)).match(/^#\d+ .*redelivered$/gm)?.length, {
      describe: 'redelivered messages',
    });
    await workbench.tree.row('orders').waitFor();
    await workbench.screenshot('broker back');
    const bodies = (await workbench.output.wholeText(channel)).match(/^ {5}order \d$/gm) ?? [];
    assert.deepEqual(bodies.filter((body) => body.endsWith('2')).length, 2);
    assert.deepEqual(bodies.filter((body) => body.endsWith('3')).length, 2);
  });

  it('takes back what is held when the tail stops', async () => {
    await workbench.output.clickTitleButton('Stop Tail');
    await says('Stopped.');
    const management = new Management(broker.managementUrl, broker.user, broker.password);
    await waitFor(async () => (await management.queueCounts('/', 'orders'))?.unacknowledged === 0, {
      describe: 'nothing unacknowledged',
    });
    assert.ok(((await management.queueCounts('/', 'orders'))?.ready ?? 0) >= 2);
  });
});
