import assert from 'node:assert/strict';
import { QueueAdmin } from '../../src/broker/admin.ts';
import { Publisher } from '../../src/broker/publish/publisher.ts';
import { systemClock } from '../../src/common/clock.ts';
import { freshVhost, ownBroker, type FreshVhost, type OwnBroker } from '../support/broker.ts';
import { python } from '../support/python.ts';
import { waitFor } from '../support/waitFor.ts';
import { Core, received, tailOf, type ReadTail } from './support/core.ts';

const count = 1_000;

function idsOf(tail: ReadTail, from: number): string[] {
  const ids: string[] = [];
  for (let number = from; number <= tail.buffer.lastNumber; number++) {
    ids.push(String(tail.buffer.get(number)?.properties.messageId));
  }
  return ids;
}

/** A broker that goes down under a tail that holds 1,000 messages, half of them acked. */
class Outage {
  /** Added to the time of the tail, in milliseconds. */
  later = { ms: 0 };
  readonly core: Core;
  readonly tail: ReadTail;
  readonly acked: ReadonlySet<string>;
  readonly unacked: ReadonlySet<string>;
  readonly #vhost: FreshVhost;

  private constructor(vhost: FreshVhost, core: Core, tail: ReadTail, acked: Set<string>, unacked: Set<string>) {
    this.#vhost = vhost;
    this.core = core;
    this.tail = tail;
    this.acked = acked;
    this.unacked = unacked;
  }

  static async prepare(broker: OwnBroker): Promise<Outage> {
    const vhost = await freshVhost(broker);
    const core = new Core(vhost.amqpUrl);
    const connection = await core.connected();
    await new QueueAdmin(connection).declare({ name: 'ledger', durable: true, arguments: {} });
    const drafts = Array.from({ length: count }, (_, i) => ({
      exchange: '',
      routingKey: 'ledger',
      content: Buffer.from(`body ${i}`),
      properties: { persistent: true, messageId: `id-${i}` },
    }));
    await new Publisher(connection).publishMany(drafts, {
      onOutcome: (_i, outcome) => assert.equal(outcome.kind, 'routed'),
    });
    const later = { ms: 0 };
    const clock = { ...systemClock, now: () => Date.now() + later.ms };
    const tail = tailOf(await core.connected(), 'ledger', { prefetch: count }, clock);
    await tail.start();
    await received(tail, count);
    const ids = idsOf(tail, 1);
    // A quarter in one frame, a quarter each by itself.
    tail.settleUpTo(count / 4, 'acked');
    const single = Array.from({ length: count / 4 }, (_, i) => count / 2 + i);
    assert.equal(tail.settle(single, 'acked'), count / 4);
    const acked = new Set(ids.filter((_id, i) => tail.stateOf(i + 1) === 'acked'));
    const outage = new Outage(vhost, core, tail, acked, new Set(ids.filter((id) => !acked.has(id))));
    outage.later = later;
    assert.equal(acked.size, count / 2);
    await vhost.hasCounts('ledger', 0, count / 2);
    return outage;
  }

  /** The ids that came again, once all of them have. */
  async comeBack(): Promise<string[]> {
    await waitFor(() => this.tail.status.kind === 'running' && this.tail.buffer.lastNumber > count, {
      timeoutMs: 40_000,
      describe: () => `running again; it is ${JSON.stringify(this.tail.status)}`,
    });
    let held = 0;
    await waitFor(
      async () => {
        const now = await this.#vhost.management.queueCounts(this.#vhost.vhost, 'ledger');
        held = now?.unacknowledged ?? -1;
        return now?.ready === 0 && held >= this.unacked.size && this.tail.heldCount === held;
      },
      { describe: () => `all held again; ${held} of ${this.tail.heldCount}` },
    );
    return idsOf(this.tail, count + 1);
  }
}

describe('a broker that goes down', function () {
  this.timeout(90_000);
  let stopped: OwnBroker;
  let killed: OwnBroker;
  const cores: Core[] = [];

  before(async () => {
    [stopped, killed] = await Promise.all([ownBroker(), ownBroker()]);
  });

  after(async () => {
    await Promise.all(cores.map((core) => core.dispose()));
    await Promise.all([stopped.dispose(), killed.dispose()]);
  });

  async function outageOf(broker: OwnBroker): Promise<Outage> {
    const outage = await Outage.prepare(broker);
    cores.push(outage.core);
    return outage;
  }

  it('in order: no message is lost, no acked one comes again, persistent ones survive and transient ones do not', async () => {
    const outage = await outageOf(stopped);
    const { tail, unacked } = outage;
    const connection = await outage.core.connected();
    const admin = new QueueAdmin(connection);
    const publisher = new Publisher(connection);
    await admin.declare({ name: 'task_queue', durable: true, arguments: {} });
    await admin.declare({ name: 'hello', durable: false, arguments: {} });
    for (const persistent of [true, false]) {
      const content = Buffer.from(persistent ? 'persistent' : 'transient');
      await publisher.publish({ exchange: '', routingKey: 'task_queue', content, properties: { persistent } });
    }
    const fleeting = tailOf(connection, 'hello');
    await fleeting.start();

    outage.later.ms = 10_000;
    await stopped.restart();

    const again = await outage.comeBack();
    assert.deepEqual(again.toSorted(), [...unacked].toSorted());
    assert.deepEqual(tail.notices, []);
    assert.equal(tail.stateOf(count), 'lost');
    assert.equal(tail.settle([count], 'acked'), 0);
    assert.equal(tail.buffer.get(count + 1)?.redelivered, true);

    await waitFor(() => connection.state.kind === 'open', { describe: 'open again' });
    const script = `import pika,sys
c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel()
ch.queue_declare('task_queue', durable=True)
while True:
    m,p,b=ch.basic_get('task_queue', auto_ack=True)
    if m is None: break
    print(b.decode())
c.close()`;
    const url = `${stopped.amqpUrl}/${outage.core.target.vhost}`;
    assert.equal((await python(script, [url])).trim(), 'persistent');
    // A queue that is not durable is gone with the broker, and its tail says so.
    await waitFor(() => fleeting.status.kind === 'ended', { describe: 'ended' });
    assert.equal(fleeting.status.kind === 'ended' && fleeting.status.error?.code, 'queueNotFound');
  });

  it('by kill -9: no message is lost; acked ones may come again, and the tail says so', async () => {
    const outage = await outageOf(killed);
    await killed.kill();
    await killed.start();
    const again = await outage.comeBack();
    const ids = new Set(again);
    assert.equal(ids.size, again.length);
    const lost = [...outage.unacked].filter((id) => !ids.has(id));
    assert.deepEqual(lost, []);
    assert.ok(again.every((id) => outage.unacked.has(id) || outage.acked.has(id)));
    assert.deepEqual(outage.tail.notices, [{ kind: 'acksUnconfirmed' }]);
  });

  it('is told apart from one that closes a channel because acknowledgements take too long', async () => {
    const outage = await outageOf(stopped);
    const evaluate = (name: string, ms: number): Promise<string> =>
      stopped.ctl('eval', `application:set_env(rabbit, ${name}, ${ms}).`);
    await Promise.all([evaluate('consumer_timeout', 1_000), evaluate('channel_tick_interval', 500)]);
    try {
      const connection = await outage.core.connected();
      const admin = new QueueAdmin(connection);
      await admin.declare({ name: 'slow', durable: false, arguments: {} });
      const draft = { exchange: '', routingKey: 'slow', content: Buffer.from('x'), properties: {} };
      await new Publisher(connection).publish(draft);
      const tail = tailOf(connection, 'slow');
      await tail.start();
      await received(tail, 1);
      await waitFor(() => tail.status.kind === 'ended', { timeoutMs: 20_000, describe: 'ended' });
      assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'consumerTimeout');
      assert.equal(tail.stateOf(1), 'lost');
      assert.equal(tail.settle([1], 'acked'), 0);
      assert.equal(connection.state.kind, 'open');
      await waitFor(async () => (await admin.check('slow')).ready === 1, { describe: 'it went back' });
    } finally {
      await Promise.all([evaluate('consumer_timeout', 1_800_000), evaluate('channel_tick_interval', 60_000)]);
    }
  });
});
