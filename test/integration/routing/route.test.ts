import assert from 'node:assert/strict';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import { ManagementClient } from '../../../src/broker/management/client.ts';
import { routeOf } from '../../../src/broker/routing/route.ts';
import { toTopology } from '../../../src/broker/routing/topology.ts';
import { Scene } from '../consume/scene.ts';
import { onEachVersion } from '../faults/versions.ts';
import { Random } from '../../support/random.ts';
import { connect } from '../../support/amqplib.ts';
import type { FreshVhost } from '../../support/broker.ts';
import {
  declareQueues,
  declareTopology,
  deleteTopology,
  randomTopology,
  type RandomTopology,
} from './randomTopology.ts';

/** So many at a time. */
const atOnce = 125;
/** A channel of amqplib's asks one thing at a time, a broker answers several at once. */
const channelCount = 5;

onEachVersion('the preview of a route', (version) => {
  const scene = new Scene(version);
  const topologies = version.major >= 4 ? 500 : 5_000;
  let vhost: FreshVhost;
  let model: ChannelModel;
  let channel: ConfirmChannel;
  let channels: readonly Channel[];
  let client: ManagementClient;
  const returned = new Set<string>();

  before(async () => {
    await scene.open();
    vhost = scene.vhost;
    model = await connect(vhost.amqpUrl, { noDelay: true });
    channel = await model.createConfirmChannel();
    channels = await Promise.all(Array.from({ length: channelCount }, () => model.createChannel()));
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

  async function forEach<T>(
    batch: readonly RandomTopology[],
    run: (on: Channel, topology: RandomTopology) => Promise<T>,
  ): Promise<T[]> {
    return await Promise.all(batch.map((topology, i) => run(channels[i % channelCount] ?? channel, topology)));
  }

  /** The queues that each message is in, which is taken out; those that nobody may publish are left out. */
  async function publishAll(
    batch: readonly RandomTopology[],
    first: number,
    mayPublish: (exchange: string) => boolean,
  ): Promise<string[][]> {
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
    return await forEach(batch, async (on, { queues }) => {
      const got = await Promise.all(queues.map((queue) => on.get(queue, { noAck: true })));
      return queues.filter((_, i) => got[i] !== false).toSorted();
    });
  }

  it(`is what the broker did, in ${topologies} random topologies with a random message each`, async function () {
    this.timeout(300_000);
    const seed = Number(process.env['WARREN_TEST_SEED'] ?? Date.now() % 1e9);
    const random = new Random(seed);
    const seen = { routed: 0, returned: 0, several: 0, refused: 0 };
    const prefixes = Array.from({ length: atOnce }, (_, i) => `t${i}.`);
    await Promise.all(prefixes.map((prefix) => declareQueues(channel, prefix)));
    for (let done = 0; done < topologies; done += atOnce) {
      const batch = prefixes.map((prefix) => randomTopology(random, prefix));
      await forEach(batch, declareTopology);
      const [exchanges, bindings] = await Promise.all([client.exchanges(vhost.vhost), client.bindings(vhost.vhost)]);
      const queues = batch.flatMap((topology) => topology.queues);
      const known = toTopology({ exchanges, bindings, policies: undefined, queues });
      const actual = await publishAll(batch, done, (name) => known.exchanges.get(name)?.internal !== true);
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
      await forEach(batch, deleteTopology);
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
