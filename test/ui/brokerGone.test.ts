import assert from 'node:assert/strict';
import { connect } from '../support/amqplib.ts';
import { ownBroker, type BrokerAddress, type OwnBroker } from '../support/broker.ts';
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
    const management = new Management(broker.managementUrl, broker.user, broker.password);
    await management.createUser('ann', 'first', 'administrator');
    await management.grant('/', 'ann', { configure: '.*', write: '.*', read: '.*' });
    const connection = await connect(broker.amqpUrl);
    const confirming = await connection.createConfirmChannel();
    await confirming.assertQueue('orders', { durable: true });
    for (let id = 1; id <= 3; id++) confirming.sendToQueue('orders', Buffer.from(`order ${id}`), { persistent: true });
    await confirming.waitForConfirms();
    await connection.close();
    workbench = await Workbench.open({ height: 1400, settings: { 'warren.refreshInterval': 1 } });
    await addConnection(workbench, { name: 'local', broker: asAnn(broker), vhost: '/', management: true });
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

  const described = async (pattern: RegExp): Promise<RegExpMatchArray> =>
    waitFor(async () => (await workbench.tree.description('local')).match(pattern), {
      timeoutMs: 20_000,
      describe: `${pattern.source} beside the connection`,
    });
  const nextAttempt = async (): Promise<number> => Number((await described(/^attempt (\d+) at \d\d:\d\d:\d\d · /))[1]);

  it('is shown as blocked by an alarm before anything is published, and as open when that is over', async () => {
    await workbench.statusBar(/^\s*local\s*$/).waitFor();
    await broker.ctl('set_vm_memory_high_watermark', '0.00001');
    try {
      await described(/^publishing blocked, low on memory · /);
      await workbench.tree.row('Publishing is blocked').waitFor();
      assert.equal(await workbench.tree.description('Publishing is blocked'), 'the broker is low on memory');
      await workbench.statusBar('local: publishing blocked, low on memory').waitFor();
      await workbench.screenshot('broker blocked');
    } finally {
      await broker.ctl('set_vm_memory_high_watermark', '0.6');
    }
    await described(/^ann@/);
    await workbench.statusBar(/^\s*local\s*$/).waitFor();
  });

  it('is shown as gone in the tree, the status bar and the output, and its messages as lost', async () => {
    await workbench.output.clickLens(1, /^Ack$/);
    await workbench.output.hasLens(1, '✓ acked');
    await broker.kill();
    await says('Interrupted: ');
    await says('2 messages went back to the queue');
    await says('may come again');
    await workbench.output.hasLens(2, 'lost: the broker has requeued it');
    assert.ok((await nextAttempt()) > 0);
    await workbench.statusBar(/local: attempt \d+ at/).waitFor();
    await workbench.screenshot('broker gone');
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('is tried again at once when the person wants it', async () => {
    // By then it waits for two seconds at least.
    const before = await waitFor(async () => ((await nextAttempt()) >= 4 ? nextAttempt() : undefined), {
      timeoutMs: 30_000,
      describe: 'a fourth attempt',
    });
    await workbench.tree.action('local', 'Retry Now');
    await waitFor(async () => (await nextAttempt()) > before, { describe: 'one attempt more' });
    await workbench.tree.rows.filter({ hasText: 'Nothing listens on 127.0.0.1' }).waitFor();
    assert.match(await workbench.tree.description('Retry Now'), /^attempt \d+ at \d\d:\d\d:\d\d$/);
    await workbench.screenshot('broker waiting');
  });

  it('is connected to again by itself, and the tail goes on with what was not acked', async () => {
    await broker.start();
    const management = new Management(broker.managementUrl, broker.user, broker.password);
    const definition = { 'dead-letter-exchange': 'morgue' };
    await management.request('PUT', 'policies/%2F/dead', { pattern: '', definition });
    await says('Connected again');
    await waitFor(async () => (await workbench.output.wholeText(channel)).match(/^#\d+ .*redelivered$/gm)?.length, {
      describe: 'redelivered messages',
    });
    await workbench.tree.row('orders').waitFor();
    await workbench.screenshot('broker back');
    const bodies = (await workbench.output.wholeText(channel)).match(/^ {5}order \d$/gm) ?? [];
    assert.deepEqual(bodies.filter((body) => body.endsWith('2')).length, 2);
    assert.deepEqual(bodies.filter((body) => body.endsWith('3')).length, 2);
    // What is done with rejected messages may be otherwise now.
    await workbench.output.lenses('Reject to morgue').first().waitFor();
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

  it('is shown as failed, with why and what to do, when it does not take the password any more', async () => {
    await broker.ctl('change_password', 'ann', 'second');
    await broker.ctl('close_all_user_connections', 'ann', 'test');
    await described(/^failed · /);
    await workbench.statusBar('local: failed').waitFor();
    const notice = 'The broker refused user ann with this password.';
    await workbench.tree.row(notice).waitFor();
    await workbench.screenshot('broker failed');
    await workbench.tree.click('Enter Password…');
    await workbench.quickInput.title.filter({ hasText: 'Password for local' }).waitFor();
    await workbench.screenshot('broker failed, password');
    await workbench.quickInput.fill('second');
    await described(/^ann@/);
    await workbench.tree.row('orders').waitFor();
  });
});

/** As a user whose password may be changed: the one of the tests themselves must stay. */
function asAnn({ host, amqpPort, managementPort, managementUrl }: OwnBroker): BrokerAddress {
  const user = 'ann';
  const password = 'first';
  return { host, amqpPort, managementPort, managementUrl, amqpUrl: '', user, password };
}
