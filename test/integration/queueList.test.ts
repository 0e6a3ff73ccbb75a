import assert from 'node:assert/strict';
import { QueueAdmin } from '../../src/broker/admin.ts';
import { ManagementClient } from '../../src/broker/management/client.ts';
import { QueueList } from '../../src/broker/queueList.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { Core, received, tailOf } from './support/core.ts';

const oddNames = [' ', 'a/b', '%2F', '#', `"'<b>`, '🐇', '..', 'z'.repeat(255)];

describe('the list of queues of a real broker', () => {
  let vhost: FreshVhost;
  let core: Core;
  let admin: QueueAdmin;
  let management: ManagementClient;

  before(async () => {
    vhost = await freshVhost();
    core = new Core(vhost.amqpUrl);
    admin = new QueueAdmin(await core.connected());
    const { user: username, password, managementUrl } = vhost;
    management = new ManagementClient({ baseUrl: new URL(managementUrl), credentials: { username, password } });
    for (const name of oddNames) await admin.declare({ name, durable: true, arguments: {} });
  });

  after(async () => {
    management.dispose();
    await core.dispose();
    await vhost.dispose();
  });

  it('without management is the names that are known, with their counts, and says that it is not all', async () => {
    const list = new QueueList(admin, vhost.vhost, ['a/b', 'missing']);
    await list.refresh([]);
    assert.equal(list.isComplete, false);
    assert.equal(list.failure, undefined);
    assert.deepEqual(list.entries(), [
      { name: 'a/b', info: undefined, ready: 0, unacknowledged: undefined, consumers: 0, missing: false },
      {
        name: 'missing',
        info: undefined,
        ready: undefined,
        unacknowledged: undefined,
        consumers: undefined,
        missing: true,
      },
    ]);
  });

  it('without management knows queues of all names', async () => {
    const list = new QueueList(admin, vhost.vhost, oddNames);
    await list.refresh([]);
    assert.deepEqual(new Set(list.entries().map((entry) => entry.name)), new Set(oddNames));
    assert.ok(list.entries().every((entry) => !entry.missing && entry.ready === 0));
  });

  it('sees a queue come and go', async () => {
    const list = new QueueList(admin, vhost.vhost, ['comes']);
    await list.refresh([]);
    assert.equal(list.get('comes')?.missing, true);
    await admin.declare({ name: 'comes', durable: false, arguments: {} });
    await list.refresh([]);
    assert.equal(list.get('comes')?.missing, false);
    await admin.delete('comes');
    await list.refresh([]);
    assert.equal(list.get('comes')?.missing, true);
  });

  it('with management is all queues, and live counts for those looked at', async () => {
    const connection = await core.connected();
    const channel = await connection.openChannel();
    for (let i = 0; i < 3; i++) channel.raw.sendToQueue('a/b', Buffer.from('x'));
    await channel.call('sync', {}, (raw) => raw.checkQueue('a/b'));
    const tail = tailOf(connection, 'a/b', { prefetch: 2 });
    await tail.start();
    await received(tail, 2);
    const list = new QueueList(admin, vhost.vhost, []);
    list.useManagement(management);
    await list.refresh(oddNames);
    assert.equal(list.failure, undefined);
    assert.equal(list.isComplete, true);
    assert.deepEqual(new Set(list.entries().map((entry) => entry.name)), new Set(oddNames));
    const entry = list.get('a/b');
    assert.deepEqual([entry?.ready, entry?.unacknowledged, entry?.consumers], [1, 2, 1]);
    assert.equal(entry?.info?.type, 'classic');
    assert.equal(entry.info.durable, true);
    await tail.stop();
    await admin.purge('a/b');
  });

  it('goes back to the known names when management goes', async () => {
    const list = new QueueList(admin, vhost.vhost, ['a/b']);
    list.useManagement(management);
    await list.refresh([]);
    assert.equal(list.entries().length, oddNames.length);
    list.useManagement(undefined);
    await list.refresh([]);
    assert.deepEqual(
      list.entries().map((entry) => entry.name),
      ['a/b'],
    );
  });
});
