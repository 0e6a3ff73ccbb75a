import assert from 'node:assert/strict';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import type { MessagesPanel } from './pages/messagesPanel.ts';
import { Workbench } from './pages/workbench.ts';

describe('the Messages panel', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  let panel: MessagesPanel;
  before(async () => {
    vhost = await freshVhost();
    const { management, vhost: name } = vhost;
    const deadLetter = { 'x-dead-letter-exchange': 'orders.dlx' };
    await management.request('PUT', `exchanges/${name}/orders.dlx`, { type: 'fanout', durable: true });
    await management.request('PUT', `queues/${name}/orders`, { durable: true, arguments: deadLetter });
    await management.request('PUT', `queues/${name}/orders.dead`, { durable: true });
    await management.request('POST', `bindings/${name}/e/orders.dlx/q/orders.dead`, {});
    workbench = await Workbench.open({
      height: 1000,
      settings: { 'warren.refreshInterval': 1, 'warren.tail.prefetch': 20 },
    });
    panel = workbench.messages;
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.row('orders').waitFor();
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
        payload: JSON.stringify({ id, order: { total: id * 10 } }),
        payload_encoding: 'string',
      });
    }
  }

  /** The broker's own counts, once they are these. */
  async function hasCounts(queue: string, ready: number, unacknowledged: number): Promise<void> {
    let seen: unknown;
    await waitFor(
      async () => {
        const counts = await vhost.management.queueCounts(vhost.vhost, queue);
        seen = counts;
        return counts?.ready === ready && counts.unacknowledged === unacknowledged;
      },
      { describe: () => `${queue}: ${ready} ready, ${unacknowledged} unacknowledged, not ${JSON.stringify(seen)}` },
    );
  }

  it('says what to do while there is no tail', async () => {
    await workbench.run('RabbitMQ: Show in Messages Panel');
    await panel.button('Tail Queue…').waitFor();
    await workbench.screenshot('messages empty');
  });

  it('shows a tail that is started while it is in view', async () => {
    await publish(1, 12);
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await hasCounts('orders', 0, 12);
    await panel.row(12).waitFor();
    await panel.says('12 messages · 12 held');
    await panel.cell(12, 'preview').filter({ hasText: '{ "id": 12, "order": { "total": 120 } }' }).waitFor();
    await workbench.screenshot('messages held');
  });

  it('filters as one types, and says how many of how many', async () => {
    await panel.filter('$.order.total>100');
    await panel.says('2 of 12');
    assert.equal(await panel.rows.count(), 2);
    await panel.filter('$.order.');
    await panel.frame.locator('.filter-error').waitFor();
    await workbench.screenshot('messages filter error');
    await panel.filter('');
    await panel.says('12 messages');
  });

  it('acks what is selected, and says so when the broker has confirmed it', async () => {
    await panel.row(1).click();
    await panel.button('Ack').click();
    await panel.hasState(1, 'acked');
    await hasCounts('orders', 0, 11);
    await workbench.screenshot('messages acked');
  });
});
