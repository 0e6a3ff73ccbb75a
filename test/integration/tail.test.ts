import assert from 'node:assert/strict';
import { QueueAdmin } from '../../src/broker/admin.ts';
import type { BrokerConnection } from '../../src/broker/connection/connection.ts';
import type { TailOptions } from '../../src/broker/consume/tail.ts';
import { Publisher } from '../../src/broker/publish/publisher.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { python } from '../support/python.ts';
import { waitFor } from '../support/waitFor.ts';
import { codeOf, Core, received, tailOf, textsOf, type ReadTail } from './support/core.ts';

describe('a tail', () => {
  let vhost: FreshVhost;
  let core: Core;
  let connection: BrokerConnection;
  let admin: QueueAdmin;
  let publisher: Publisher;
  let queue = '';
  let queues = 0;

  before(async () => {
    vhost = await freshVhost();
    core = new Core(vhost.amqpUrl);
  });

  beforeEach(async () => {
    connection = await core.connected();
    const others = await core.connected();
    admin = new QueueAdmin(others);
    publisher = new Publisher(others);
    queue = `q${++queues}`;
    await admin.declare({ name: queue, durable: true, arguments: {} });
  });

  afterEach(() => core.dispose());
  after(() => vhost.dispose());

  /** Publishes texts `1` to `count`, persistent. */
  async function fill(count: number, from = 1, to = queue): Promise<void> {
    const drafts = Array.from({ length: count }, (_, i) => ({
      exchange: '',
      routingKey: to,
      content: Buffer.from(String(from + i)),
      properties: { persistent: true },
    }));
    await publisher.publishMany(drafts, { onOutcome: (_i, { kind }) => assert.equal(kind, 'routed') });
  }

  async function started(options: Partial<TailOptions> = {}, on = connection): Promise<ReadTail> {
    const tail = tailOf(on, queue, options);
    await tail.start();
    return tail;
  }

  /** Waits for the broker's own counts. */
  async function counts(ready: number, unacknowledged: number, of = queue): Promise<void> {
    let last: unknown;
    await waitFor(
      async () => {
        const now = (last = await vhost.management.queueCounts(vhost.vhost, of));
        return now?.ready === ready && now.unacknowledged === unacknowledged;
      },
      { describe: () => `${ready} ready and ${unacknowledged} unacknowledged, not ${JSON.stringify(last)}` },
    );
  }

  describe('that holds', () => {
    it('takes no more than its prefetch, and nothing leaves the queue', async () => {
      await fill(25);
      const tail = await started({ prefetch: 10 });
      await received(tail, 10);
      await counts(15, 10);
      assert.equal(tail.buffer.lastNumber, 10);
      assert.equal(tail.heldCount, 10);
      assert.deepEqual(textsOf(tail).slice(0, 3), ['1', '2', '3']);
    });

    it('acks, requeues and rejects as it is told, by the broker’s counts', async () => {
      const dlx = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' };
      await admin.declare({ name: 'dead', durable: true, arguments: {} });
      await admin.declare({ name: 'settled', durable: true, arguments: dlx });
      queue = 'settled';
      await fill(6);
      const tail = await started({ prefetch: 4 });
      await received(tail, 4);
      await counts(2, 4);
      await tail.pause();
      assert.equal(tail.settle([2], 'acked'), 1);
      await counts(2, 3);
      assert.equal(tail.settle([1], 'requeued'), 1);
      await counts(3, 2);
      assert.equal(tail.settle([4], 'rejected'), 1);
      await counts(3, 1);
      await counts(1, 0, 'dead');
      assert.deepEqual(
        [1, 2, 3, 4].map((number) => tail.stateOf(number)),
        ['requeued', 'acked', 'held', 'rejected'],
      );
      await tail.resume();
      await received(tail, 7);
      assert.equal(tail.buffer.get(5)?.redelivered, true);
      assert.deepEqual(textsOf(tail), ['1', '2', '3', '4', '1', '5', '6']);
    });

    it('settles up to a message, held ones only, and leaves the later ones', async () => {
      await fill(10);
      const tail = await started({ prefetch: 10 });
      await received(tail, 10);
      tail.settle([3], 'rejected');
      assert.equal(tail.settleUpTo(6, 'acked'), 5);
      await counts(0, 4);
      assert.equal(tail.stateOf(3), 'rejected');
      assert.deepEqual(tail.heldNumbers(), [7, 8, 9, 10]);
      assert.equal(tail.settleUpTo(6, 'acked'), 0);
      assert.equal(tail.settleAll('acked'), 4);
      await counts(0, 0);
    });

    it('requeues all that it holds at once, and gets it again as redelivered', async () => {
      await fill(5);
      const tail = await started({ prefetch: 5 });
      await received(tail, 5);
      assert.equal(tail.settleAll('requeued'), 5);
      await received(tail, 10);
      assert.deepEqual(textsOf(tail), ['1', '2', '3', '4', '5', '1', '2', '3', '4', '5']);
      assert.equal(tail.buffer.get(6)?.redelivered, true);
    });

    it('tells the broker of a message once, however often it is settled', async () => {
      await fill(3);
      const tail = await started();
      await received(tail, 3);
      const settled: number[] = [];
      tail.onDidSettle((numbers) => settled.push(...numbers));
      assert.equal(tail.settle([1, 1], 'acked'), 1);
      assert.equal(tail.settle([1], 'acked'), 0);
      assert.equal(tail.settle([1], 'requeued'), 0);
      assert.equal(tail.settle([99], 'acked'), 0);
      await counts(0, 2);
      assert.equal(tail.status.kind, 'running');
      assert.deepEqual(settled, [1]);
    });

    it('with prefetch 1 gets the next when this one is settled', async () => {
      await fill(4);
      const tail = await started({ prefetch: 1 });
      for (const [number, settlement] of [
        [1, 'acked'],
        [2, 'rejected'],
        [3, 'acked'],
      ] as const) {
        await received(tail, number);
        await counts(4 - number, 1);
        assert.equal(tail.buffer.lastNumber, number);
        tail.settle([number], settlement);
      }
      await received(tail, 4);
      await counts(0, 1);
    });

    it('gives everything back in order when it stops, to another client', async () => {
      await fill(20);
      const tail = await started({ prefetch: 15 });
      await received(tail, 15);
      tail.settle([2], 'acked');
      await received(tail, 16);
      await tail.stop();
      assert.deepEqual(tail.status, { kind: 'ended', returned: 15 });
      assert.equal(tail.stateOf(1), 'requeued');
      assert.equal(tail.settle([1], 'acked'), 0);
      await tail.stop();
      const script = `import pika,sys
c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel()
while True:
    m,p,b=ch.basic_get(sys.argv[2], auto_ack=True)
    if m is None: break
    print(b.decode())
c.close()`;
      const output = await python(script, [vhost.amqpUrl, queue]);
      const expected = Array.from({ length: 20 }, (_, i) => String(i + 1)).filter((text) => text !== '2');
      assert.deepEqual(output.trim().split('\n'), expected);
    });

    it('keeps a held message even when its buffer is far too small', async () => {
      await fill(30);
      const tail = await started({ prefetch: 30, buffer: { messages: 2, bytes: 1e9 } });
      await received(tail, 30);
      assert.equal(Buffer.from(tail.buffer.get(1)?.content ?? []).toString(), '1');
      tail.settle([1], 'acked');
      assert.equal(tail.buffer.get(1), undefined);
      assert.notEqual(tail.buffer.get(2), undefined);
    });

    it('pauses without a consumer, keeps what it holds, and resumes', async () => {
      await fill(3);
      const tail = await started();
      await received(tail, 3);
      await tail.pause();
      await fill(2, 4);
      assert.deepEqual(await admin.check(queue), { ready: 2, consumers: 0 });
      await counts(2, 3);
      assert.equal(tail.settle([1], 'acked'), 1);
      await counts(2, 2);
      assert.equal(tail.buffer.lastNumber, 3);
      await tail.resume();
      await received(tail, 5);
      assert.equal((await admin.check(queue)).consumers, 1);
    });

    it('has one consumer, or none, however quickly it is paused and resumed', async () => {
      await fill(50);
      const tail = tailOf(connection, queue, { prefetch: 5 });
      const starting = tail.start();
      const turns: Promise<void>[] = [];
      await waitFor(() => tail.status.kind === 'running', { describe: 'running' });
      for (let i = 0; i < 20; i++) turns.push(tail.pause(), tail.resume());
      await Promise.all([starting, ...turns]);
      assert.equal((await admin.check(queue)).consumers, 1);
      await received(tail, 5);
      await counts(45, 5);
      turns.push(tail.pause(), tail.resume(), tail.pause());
      await Promise.all(turns);
      assert.equal((await admin.check(queue)).consumers, 0);
      assert.equal(new Set(textsOf(tail)).size, 5);
    });

    it('pauses an auto-delete queue without its consumer going, so that the queue stays', async () => {
      queue = 'fleeting';
      await admin.declare({ name: queue, durable: false, autoDelete: true, arguments: {} });
      await fill(1);
      const tail = await started({ canCancel: false, prefetch: 3 });
      await received(tail, 1);
      await tail.pause();
      await fill(5, 2);
      await counts(3, 3);
      assert.equal(tail.buffer.lastNumber, 1);
      assert.equal(tail.heldCount, 3);
      await tail.resume();
      await received(tail, 3);
      assert.deepEqual(textsOf(tail), ['1', '2', '3']);
    });

    it('loses nothing that arrives while the broker is being told to pause', async () => {
      const tail = await started({ prefetch: 500 });
      const filling = fill(2_000);
      for (let i = 0; i < 10; i++) {
        await tail.pause();
        await tail.resume();
        tail.settleAll('acked');
      }
      await filling;
      await waitFor(
        () => {
          tail.settleAll('acked');
          return tail.buffer.lastNumber === 2_000;
        },
        { describe: () => `all, after ${tail.buffer.lastNumber}` },
      );
      assert.deepEqual(new Set(textsOf(tail)).size, 2_000);
      await counts(0, 0);
    });

    it('tells when the next return would be the last that a quorum queue allows', async function () {
      this.timeout(30_000);
      queue = 'careful';
      await admin.declare({
        name: queue,
        durable: true,
        arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 2 },
      });
      await fill(1);
      const tail = await started({ deliveryLimit: 2 });
      for (const number of [1, 2]) {
        await received(tail, number);
        assert.deepEqual(tail.notices, []);
        tail.settle([number], 'requeued');
      }
      await received(tail, 3);
      assert.deepEqual(tail.notices, [{ kind: 'lastReturn', number: 3, returns: 2 }]);
      tail.settle([3], 'requeued');
      await counts(0, 0);
    });
  });

  describe('that drains', () => {
    it('takes the messages for good, in order', async () => {
      await fill(3_500);
      const tail = await started({ mode: 'drain' });
      await received(tail, 3_500);
      await counts(0, 0);
      assert.deepEqual(
        textsOf(tail),
        Array.from({ length: 3_500 }, (_, i) => String(i + 1)),
      );
      assert.equal(tail.settle([1], 'requeued'), 0);
    });

    it('pauses: what was shown is gone for good, and what waits is bounded', async () => {
      await fill(100);
      const tail = await started({ mode: 'drain' });
      await received(tail, 100);
      await tail.pause();
      await fill(3_000, 101);
      await counts(2_000, 1_000);
      assert.equal(tail.buffer.lastNumber, 100);
      assert.equal(tail.heldCount, 1_000);
      await tail.stop();
      assert.deepEqual(tail.status, { kind: 'ended', returned: 1_000 });
      await counts(3_000, 0);
    });

    it('goes on where it paused', async () => {
      const tail = await started({ mode: 'drain' });
      const filling = fill(3_000);
      await received(tail, 10);
      await tail.pause();
      await filling;
      await tail.resume();
      await received(tail, 3_000);
      await counts(0, 0);
      assert.deepEqual(
        textsOf(tail),
        Array.from({ length: 3_000 }, (_, i) => String(i + 1)),
      );
    });

    it('leaves nothing half when it stops: each message is either shown or in the queue', async () => {
      await fill(20_000);
      const tail = await started({ mode: 'drain' });
      await received(tail, 1);
      await tail.stop();
      const { lastNumber } = tail.buffer;
      assert.ok(lastNumber < 20_000);
      await counts(20_000 - lastNumber, 0);
      assert.deepEqual(tail.notices, []);
      const rest = await started({ prefetch: 1 });
      await received(rest, 1);
      assert.deepEqual(textsOf(rest), [String(lastNumber + 1)]);
    });
  });

  describe('whose end it is not to choose', () => {
    it('does not start on a missing queue, and says so', async () => {
      const tail = tailOf(connection, 'no such queue');
      assert.equal(await codeOf(tail.start()), 'queueNotFound');
      assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'queueNotFound');
      assert.equal(connection.state.kind, 'open');
    });

    it('does not start on a queue that someone consumes exclusively', async () => {
      const channel = await connection.openChannel();
      await channel.call('consume', {}, (raw) => raw.consume(queue, () => undefined, { exclusive: true }));
      assert.equal(await codeOf(tailOf(connection, queue).start()), 'exclusiveConsumer');
    });

    it('can be stopped while it starts', async () => {
      await fill(5);
      const tail = tailOf(connection, queue);
      const starting = tail.start();
      await tail.stop();
      await starting;
      assert.deepEqual(tail.status, { kind: 'ended', returned: 0 });
      const second = tailOf(connection, queue);
      const again = second.start();
      await waitFor(() => second.status.kind === 'running', { describe: 'running' });
      await Promise.all([again, second.stop()]);
      await counts(5, 0);
      assert.equal((await admin.check(queue)).consumers, 0);
    });

    for (const mode of ['hold', 'drain'] as const) {
      it(`ends with its queue when that is deleted, in ${mode}`, async () => {
        await fill(3);
        const tail = await started({ mode });
        const other = tailOf(connection, 'other');
        await admin.declare({ name: 'other', durable: false, arguments: {} });
        await other.start();
        await received(tail, 3);
        await admin.delete(queue);
        await waitFor(() => tail.status.kind === 'ended', { describe: 'ended' });
        assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'queueNotFound');
        if (mode === 'hold') assert.equal(tail.stateOf(1), 'lost');
        assert.equal(tail.settle([1], 'acked'), 0);
        assert.equal(other.status.kind, 'running');
      });
    }

    it('is interrupted by a cut, and resumes with a notice', async () => {
      const proxy = await core.proxy();
      await fill(4);
      const tail = await started({}, await core.connected({ port: proxy.port }));
      const kinds: string[] = [];
      tail.onDidChangeStatus((status) => kinds.push(status.kind));
      await received(tail, 4);
      tail.settle([1], 'requeued');
      await received(tail, 5);
      proxy.cut();
      await waitFor(() => tail.notices.length === 1, { describe: 'a notice' });
      assert.deepEqual(tail.notices, [{ kind: 'resumed' }]);
      assert.deepEqual(kinds, ['interrupted', 'running']);
      assert.deepEqual(
        [1, 2, 5].map((number) => tail.stateOf(number)),
        ['requeued', 'lost', 'lost'],
      );
      await received(tail, 9);
      await counts(0, 4);
      assert.deepEqual(textsOf(tail).slice(5).toSorted(), ['1', '2', '3', '4']);
    });

    it('says after a cut that acknowledged messages may come again', async () => {
      const proxy = await core.proxy();
      await fill(2);
      const tail = await started({}, await core.connected({ port: proxy.port }));
      await received(tail, 2);
      proxy.swallow();
      tail.settle([1], 'acked');
      proxy.cut();
      await received(tail, 4);
      assert.deepEqual(
        tail.notices.map((notice) => notice.kind),
        ['acksUnconfirmed', 'resumed'],
      );
    });

    it('stays paused over a cut', async () => {
      const proxy = await core.proxy();
      await fill(2);
      const tail = await started({}, await core.connected({ port: proxy.port }));
      await received(tail, 2);
      await tail.pause();
      proxy.cut();
      await waitFor(() => tail.notices.length === 1, { describe: 'resumed' });
      assert.equal(tail.status.kind, 'paused');
      assert.deepEqual(await admin.check(queue), { ready: 2, consumers: 0 });
      await tail.resume();
      await received(tail, 4);
    });

    it('never settles a new message by the handle of an old one', async () => {
      const proxy = await core.proxy();
      await fill(1);
      const tail = await started({ prefetch: 1 }, await core.connected({ port: proxy.port }));
      await received(tail, 1);
      const thief = await core.connected();
      proxy.cut();
      await waitFor(() => tail.status.kind === 'interrupted', { describe: 'interrupted' });
      // Another client takes message 1, so that the tail's delivery tag 1 is now message 2.
      await waitFor(
        async () => {
          const channel = await thief.openChannel();
          return channel.call('get', {}, (raw) => raw.get(queue));
        },
        { describe: 'the thief has message 1' },
      );
      await fill(1, 2);
      await received(tail, 2);
      assert.deepEqual(textsOf(tail), ['1', '2']);
      assert.equal(tail.settle([1], 'acked'), 0);
      assert.equal(tail.settleUpTo(1, 'acked'), 0);
      await counts(0, 2);
      assert.deepEqual(tail.heldNumbers(), [2]);
    });

    it('stops within seconds towards a broker that went silent', async function () {
      this.timeout(30_000);
      const proxy = await core.proxy();
      await fill(3);
      const silent = await core.connected({ port: proxy.port });
      const tail = await started({}, silent);
      await received(tail, 3);
      proxy.swallow();
      const stopping = tail.stop();
      assert.equal(tail.status.kind, 'ended');
      await silent.close();
      await stopping;
      proxy.cut();
      await counts(3, 0);
    });

    it('stops for good at a header that amqplib cannot decode, instead of meeting it again and again', async () => {
      // As other versions of pika encode it; Debian's has tag `l` there.
      const script = `import pika,pika.data,struct,sys
plain=pika.data.encode_value
def encode_value(pieces, value):
    if value != -2**40: return plain(pieces, value)
    pieces.append(struct.pack('>cq', b'L', value)); return 9
pika.data.encode_value=encode_value
c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel()
ch.basic_publish('', sys.argv[2], b'poison', pika.BasicProperties(headers={'n': -2**40}))
c.close()`;
      await python(script, [vhost.amqpUrl, queue]);
      const tail = tailOf(connection, queue);
      await tail.start().catch(() => undefined);
      await waitFor(() => tail.status.kind === 'ended', { describe: 'ended' });
      assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'undecodableHeader');
      assert.equal(connection.state.kind, 'failed');
      await counts(1, 0);
    });
  });
});
