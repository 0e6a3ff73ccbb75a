import assert from 'node:assert/strict';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { ManagementClient } from '../../../src/broker/management/client.ts';
import { routeOf } from '../../../src/broker/routing/route.ts';
import { toTopology } from '../../../src/broker/routing/topology.ts';
import { Scene } from '../consume/scene.ts';
import { onEachVersion } from '../faults/versions.ts';
import { Random } from '../../support/random.ts';
import { connect } from '../../support/amqplib.ts';
import type { FreshVhost } from '../../support/broker.ts';
import { declareTopology, deleteTopology, randomTopology, type RandomTopology } from './randomTopology.ts';

/** So many at a time. */
const atOnce = 125;

onEachVersion('the preview of a route', (version) => {
  const scene = new Scene(version);
  const topologies = version.major >= 4 ? 500 : 5_000;
  let vhost: FreshVhost;
  let model: ChannelModel;
  let channel: ConfirmChannel;
  let client: ManagementClient;
  const returned = new Set<string>();

  before(async () => {
    await scene.open();
    vhost = scene.vhost;
    model = await connect(vhost.amqpUrl, { noDelay: true });
    channel = await model.createConfirmChannel();
    channel.on('return', ({ properties }) => returned.add(String(properties.messageId)));
    client = new ManagementClient({
      baseUrl: new URL(vhost.managementUrl),
      credentials: { username: vhost.user, password: vhost.password },
    });
  });

  after(async () => {
    client.dispose();
    await model.close();
    await scene.close();
  });

  /** The queues that each message is in; those that nobody may publish are left out. */
  async function publishAll(
    batch: readonly RandomTopology[],
    mayPublish: (exchange: string) => boolean,
  ): Promise<string[][]> {
    const first = Number(/^t(\d+)/.exec(batch[0]?.queues[0] ?? '')?.[1]);
    for (const [i, { message }] of batch.entries()) {
      const { exchange, routingKey, headers } = message;
      if (!mayPublish(exchange)) continue;
      channel.publish(exchange, routingKey, Buffer.from('x'), {
        mandatory: true,
        messageId: idOf(first + i),
        headers: { ...headers },
      });
    }
    await channel.waitForConfirms();
    return await Promise.all(
      batch.map(async ({ queues }) => {
        const counts = await Promise.all(queues.map((queue) => channel.checkQueue(queue)));
        return counts
          .filter(({ messageCount }) => messageCount > 0)
          .map(({ queue }) => queue)
          .toSorted();
      }),
    );
  }

  it(`is what the broker did, in ${topologies} random topologies with a random message each`, async function () {
    this.timeout(300_000);
    const seed = Number(process.env['WARREN_TEST_SEED'] ?? Date.now() % 1e9);
    const random = new Random(seed);
    const seen = { routed: 0, returned: 0, several: 0, refused: 0 };
    for (let done = 0; done < topologies; done += atOnce) {
      const batch = Array.from({ length: atOnce }, (_, i) => randomTopology(random, `t${done + i}.`));
      await Promise.all(batch.map((topology) => declareTopology(channel, topology)));
      const [exchanges, bindings] = await Promise.all([client.exchanges(vhost.vhost), client.bindings(vhost.vhost)]);
      const queues = batch.flatMap((topology) => topology.queues);
      const known = toTopology({ exchanges, bindings, policies: undefined, queues });
      const actual = await publishAll(batch, (name) => known.exchanges.get(name)?.internal !== true);
      for (const [i, topology] of batch.entries()) {
        const route = routeOf(topology.message, known);
        const told = `seed ${seed}: ${JSON.stringify(topology)}`;
        assert.deepEqual(route.unsure, [], told);
        if (route.refusal !== undefined) {
          assert.equal(route.refusal, 'exchangeInternal', told);
          seen.refused++;
          continue;
        }
        assert.deepEqual(route.queues, actual[i], told);
        assert.equal(returned.has(idOf(done + i)), route.queues.length === 0, told);
        if (route.queues.length === 0) seen.returned++;
        else seen.routed++;
        if (route.queues.length > 1) seen.several++;
      }
      await Promise.all(batch.map((topology) => deleteTopology(channel, topology)));
    }
    // What never happens proves nothing.
    for (const [kind, count] of Object.entries(seen)) assert.ok(count > topologies / 100, `${kind}: ${count}`);
  });

  it('says that a policy may send on what an exchange cannot route, where it cannot be read', async () => {
    const { management } = vhost;
    await channel.assertExchange('lonely', 'direct', { durable: false });
    await channel.assertExchange('spare', 'fanout', { durable: false });
    await channel.assertQueue('spares', { durable: false, exclusive: true });
    await channel.bindQueue('spares', 'spare', '');
    await management.request('PUT', `policies/${vhost.vhost}/ae`, {
      pattern: '^lonely$',
      'apply-to': 'exchanges',
      definition: { 'alternate-exchange': 'spare' },
    });
    const [exchanges, bindings, policies] = await Promise.all([
      client.exchanges(vhost.vhost),
      client.bindings(vhost.vhost),
      client.policies(vhost.vhost),
    ]);
    const message = { exchange: 'lonely', routingKey: 'k', headers: {} };
    const queues = ['spares'];
    const blind = routeOf(message, toTopology({ exchanges, bindings, policies: undefined, queues }));
    assert.deepEqual(blind, { queues: [], unsure: ['lonely'] });
    const seeing = routeOf(message, toTopology({ exchanges, bindings, policies, queues }));
    assert.deepEqual(seeing, { queues: ['spares'], unsure: [] });
    channel.publish('lonely', 'k', Buffer.from('x'), { mandatory: true });
    await channel.waitForConfirms();
    assert.equal((await channel.checkQueue('spares')).messageCount, 1);
  });
});

function idOf(index: number): string {
  return `m${index}`;
}
