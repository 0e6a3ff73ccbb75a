import assert from 'node:assert/strict';
import { QueueAdmin } from '../../src/broker/admin.ts';
import type { BrokerConnection } from '../../src/broker/connection/connection.ts';
import { Publisher } from '../../src/broker/publish/publisher.ts';
import { freshVhost, ownBroker, type FreshVhost, type OwnBroker } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { codeOf, Core, received, tailOf } from './support/core.ts';

const callTimeoutMs = 1_000;

describe('a tail whose queue does not answer', function () {
  this.timeout(60_000);
  let broker: OwnBroker;
  let vhost: FreshVhost;
  let core: Core;
  let connection: BrokerConnection;
  let admin: QueueAdmin;

  before(async () => {
    broker = await ownBroker();
    vhost = await freshVhost(broker);
  });

  beforeEach(async () => {
    core = new Core(vhost.amqpUrl);
    connection = await core.connected({}, callTimeoutMs);
    const others = await core.connected();
    admin = new QueueAdmin(others);
    await admin.declare({ name: 'q', durable: true, arguments: {} });
    await admin.purge('q');
    const draft = { exchange: '', routingKey: 'q', content: Buffer.from('x'), properties: {} };
    await new Publisher(others).publishMany([draft, draft, draft], { onOutcome: () => undefined });
  });

  afterEach(() => core.dispose());
  after(() => broker.dispose());

  /** The queue's process handles nothing until it is resumed, and then all of it. */
  async function tellQueue(what: 'suspend' | 'resume'): Promise<void> {
    const name = `rabbit_misc:r(<<"${vhost.vhost}">>, queue, <<"q">>)`;
    await broker.ctl('eval', `{ok, Q} = rabbit_amqqueue:lookup(${name}), sys:${what}(amqqueue:get_pid(Q)).`);
  }

  /** Nothing is held, and nobody consumes. */
  async function allBack(): Promise<void> {
    let last: unknown;
    await waitFor(
      async () => {
        const counts = await vhost.management.queueCounts(vhost.vhost, 'q');
        last = { ...counts, ...(await admin.check('q')) };
        return counts?.ready === 3 && counts.unacknowledged === 0 && (await admin.check('q')).consumers === 0;
      },
      { timeoutMs: 20_000, describe: () => `3 ready, not ${JSON.stringify(last)}` },
    );
  }

  it('does not start, and holds nothing when the queue answers after all', async () => {
    await tellQueue('suspend');
    const tail = tailOf(connection, 'q');
    assert.equal(await codeOf(tail.start()), 'timeout');
    assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'timeout');
    await tellQueue('resume');
    await allBack();
  });

  it('ends when it cannot be resumed, instead of running without a consumer', async () => {
    const tail = tailOf(connection, 'q', { prefetch: 2 });
    await tail.start();
    await received(tail, 2);
    await tail.pause();
    // There is room for more.
    tail.settle([1], 'requeued');
    await waitFor(() => tail.holding?.isConfirmed(1), { describe: 'confirmed' });
    await tellQueue('suspend');
    assert.equal(await codeOf(tail.resume()), 'timeout');
    assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'timeout');
    assert.equal(tail.heldCount, 0);
    await tellQueue('resume');
    await allBack();
  });

  it('says when it stops that the broker may go on holding, and drops the connection, so that it does not', async () => {
    const tail = tailOf(connection, 'q', { prefetch: 2 });
    await tail.start();
    await received(tail, 2);
    await tellQueue('suspend');
    const states: string[] = [];
    connection.onDidChangeState(({ kind }) => states.push(kind));
    await tail.stop();
    assert.deepEqual(tail.status, { kind: 'ended', returned: 2, isUnconfirmed: true });
    await waitFor(() => states[0] === 'waiting', { describe: 'the connection was dropped' });
    await tellQueue('resume');
    await allBack();
  });

  it('leaves the connection to another tail that uses it', async () => {
    await admin.declare({ name: 'other', durable: true, arguments: {} });
    const other = tailOf(connection, 'other');
    await other.start();
    const tail = tailOf(connection, 'q', { prefetch: 2 });
    await tail.start();
    await received(tail, 2);
    await tellQueue('suspend');
    await tail.stop();
    assert.equal(tail.status.kind === 'ended' && tail.status.isUnconfirmed, true);
    assert.equal(other.status.kind, 'running');
    assert.equal(connection.state.kind, 'open');
    await tellQueue('resume');
    await allBack();
  });
});
