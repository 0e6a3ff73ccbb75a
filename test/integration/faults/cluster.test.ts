import assert from 'node:assert/strict';
import { BrokerConnection } from '../../../src/broker/connection/connection.ts';
import { Publisher } from '../../../src/broker/publish/publisher.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { resultText } from '../../../src/ui/publish/resultText.ts';
import { ownBroker, type OwnBroker } from '../../support/broker.ts';
import { Management } from '../../support/management.ts';
import { waitFor } from '../../support/waitFor.ts';
import { received } from '../support/core.ts';
import { endOf, errorIn, failureOf, isTold, nothingUnhandled, Scene, tailComesTo } from './scene.ts';
import { onEachVersion } from './versions.ts';

onEachVersion('25: a cluster of three nodes', ({ rabbitmq, major }) => {
  nothingUnhandled();
  let nodes: OwnBroker[] = [];
  let scene: Scene;

  before(async function () {
    this.timeout(120_000);
    const names = ['a', 'b', 'c'].map((name) => `${name}${major}-${process.pid}@localhost`);
    const config = [
      'cluster_formation.peer_discovery_backend = classic_config',
      ...names.map((name, i) => `cluster_formation.classic_config.nodes.${i + 1} = ${name}`),
    ];
    const start = (nodename: string): Promise<OwnBroker> =>
      ownBroker({ nodename, config, ...(rabbitmq && { rabbitmq }) });
    // They find each other, and one of them founds the cluster.
    nodes = await Promise.all(names.map(start));
    const { managementUrl, user, password } = node(0);
    const management = new Management(managementUrl, user, password);
    await waitFor(async () => ((await management.request('GET', 'nodes')) as unknown[]).length === 3, {
      timeoutMs: 30_000,
      describe: 'three nodes',
    });
  });
  beforeEach(async () => (scene = await Scene.on(node(0))));
  afterEach(() => scene.dispose());
  after(() => Promise.all(nodes.map((each) => each.dispose())));

  function node(index: number): OwnBroker {
    const found = nodes[index];
    assert.ok(found);
    return found;
  }

  it('says that the node of a queue is down, that a message for it was returned, and loses nothing', async function () {
    this.timeout(90_000);
    const session = await scene.connected();
    const onB = await scene.connected({ port: node(1).amqpPort, managementUrl: node(1).managementUrl });
    // A classic queue lives on the node where it is declared.
    await scene.fill(onB, 'q', 3);
    const tail = await scene.tail(session, 'q');
    await received(tail, 3);
    assert.equal(scene.ack(tail, [1]), 1);
    await onB.close();
    await node(1).stop();
    await tailComesTo(tail, 'ended', 20_000);
    isTold(endOf(tail), 'homeNodeDown', /^The node that hosts queue q is down/);
    isTold(await failureOf(session.admin.check('q')), 'homeNodeDown', /^The node that hosts queue q is down/);
    const [returned] = await scene.publish(session, scene.drafts('q', 1));
    // 3.10 says that there is no route, 4.0 that it takes no responsibility.
    assert.equal(returned?.kind, major < 4 ? 'unroutable' : 'refused');
    const target = { exchange: '', routingKey: 'q' };
    const batch = { count: 1, label: '', target, drafts: noDrafts };
    assert.match(
      resultText({ batch, outcomes: [{ kind: 'unroutable' }], error: undefined }),
      /queue q does not exist, or the node that hosts it is down/,
    );
    assert.equal(session.state.kind, 'open');
    await node(1).start();
    await waitFor(async () => (await session.admin.check('q')).ready === 2, {
      timeoutMs: 30_000,
      describe: 'the queue is back',
    });
    const again = await scene.tail(session, 'q');
    await received(again, 2);
    assert.equal(scene.ack(again, [1, 2]), 2);
    await again.stop();
    const balance = await scene.balance('q');
    assert.deepEqual([balance.acked, balance.inQueues], [3, 0]);
  });

  it('waits for no confirm that a quorum queue without its majority cannot give, and says that it is unknown', async function () {
    this.timeout(120_000);
    const session = await scene.connected();
    await scene.fill(session, 'quorum', 3, { 'x-queue-type': 'quorum', 'x-quorum-initial-group-size': 3 });
    await waitFor(async () => (await session.admin.check('quorum')).ready === 3, { describe: 'three messages' });
    const { profile } = session;
    const secrets = async (): Promise<{ password: string }> => ({ password: scene.vhost.password });
    const connection = new BrokerConnection(profile, secrets, 'test', systemClock);
    const publisher = new Publisher(connection, 1_500);
    await connection.connect();
    await Promise.all([node(1).kill(), node(2).kill()]);
    const [draft] = scene.drafts('quorum', 1);
    assert.ok(draft);
    const outcome = await publisher.publish(draft);
    scene.note(draft, outcome);
    isTold(errorIn(outcome), 'timeout', /^No answer within 2 s \(confirm\)/);
    assert.equal(outcome.kind, 'unknown');
    await connection.dispose();
    // One after the other: two that merge their schemas at once have been seen to fail over it.
    await node(1).start();
    await node(2).start();
    await waitFor(async () => (await session.admin.check('quorum')).ready >= 3, {
      timeoutMs: 30_000,
      describe: 'a majority again',
    });
    const balance = await scene.balance('quorum');
    assert.ok(balance.inQueues >= 3);
    assert.equal(balance.unknown, 1);
  });
});

async function* noDrafts(): AsyncGenerator<never> {}
