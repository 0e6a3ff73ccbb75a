import assert from 'node:assert/strict';
import { python } from '../support/python.ts';
import { waitFor } from '../support/waitFor.ts';
import { plainTraits, received, tailOf, textsOf } from './support/core.ts';
import { useQueues } from './support/queues.ts';

describe('a tail that holds', () => {
  const on = useQueues();

  it('takes no more than its prefetch, and nothing leaves the queue', async () => {
    await on.fill(25);
    const tail = await on.started({ prefetch: 10 });
    await received(tail, 10);
    await on.counts(15, 10);
    assert.equal(tail.buffer.lastNumber, 10);
    assert.equal(tail.heldCount, 10);
    assert.deepEqual(textsOf(tail).slice(0, 3), ['1', '2', '3']);
  });

  it('acks, requeues and rejects as it is told, by the broker’s counts', async () => {
    const dlx = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' };
    await on.admin.declare({ name: 'dead', durable: true, arguments: {} });
    await on.admin.declare({ name: 'settled', durable: true, arguments: dlx });
    on.queue = 'settled';
    await on.fill(6);
    const tail = await on.started({ prefetch: 4 });
    await received(tail, 4);
    await on.counts(2, 4);
    await tail.pause();
    assert.equal(tail.settle([2], 'acked'), 1);
    await on.counts(2, 3);
    assert.equal(tail.settle([1], 'requeued'), 1);
    await on.counts(3, 2);
    assert.equal(tail.settle([4], 'rejected'), 1);
    await on.counts(3, 1);
    await on.counts(1, 0, 'dead');
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
    await on.fill(10);
    const tail = await on.started({ prefetch: 10 });
    await received(tail, 10);
    tail.settle([3], 'rejected');
    assert.equal(tail.settleUpTo(6, 'acked'), 5);
    await on.counts(0, 4);
    assert.equal(tail.stateOf(3), 'rejected');
    assert.deepEqual(tail.heldNumbers(), [7, 8, 9, 10]);
    assert.equal(tail.settleUpTo(6, 'acked'), 0);
    assert.equal(tail.settleUpTo(tail.buffer.lastNumber, 'acked'), 4);
    await on.counts(0, 0);
  });

  it('requeues all that it holds at once, and gets it again as redelivered', async () => {
    await on.fill(5);
    const tail = await on.started({ prefetch: 5 });
    await received(tail, 5);
    assert.equal(tail.settleUpTo(tail.buffer.lastNumber, 'requeued'), 5);
    await received(tail, 10);
    assert.deepEqual(textsOf(tail), ['1', '2', '3', '4', '5', '1', '2', '3', '4', '5']);
    assert.equal(tail.buffer.get(6)?.redelivered, true);
  });

  it('tells the broker of a message once, however often it is settled', async () => {
    await on.fill(3);
    const tail = await on.started();
    await received(tail, 3);
    const settled: number[] = [];
    tail.onDidSettle((numbers) => settled.push(...numbers));
    assert.equal(tail.settle([1, 1], 'acked'), 1);
    assert.equal(tail.settle([1], 'acked'), 0);
    assert.equal(tail.settle([1], 'requeued'), 0);
    assert.equal(tail.settle([99], 'acked'), 0);
    await on.counts(0, 2);
    assert.equal(tail.status.kind, 'running');
    assert.deepEqual(settled, [1]);
  });

  it('with prefetch 1 gets the next when this one is settled', async () => {
    await on.fill(4);
    const tail = await on.started({ prefetch: 1 });
    for (const [number, settlement] of [
      [1, 'acked'],
      [2, 'rejected'],
      [3, 'acked'],
    ] as const) {
      await received(tail, number);
      await on.counts(4 - number, 1);
      assert.equal(tail.buffer.lastNumber, number);
      tail.settle([number], settlement);
    }
    await received(tail, 4);
    await on.counts(0, 1);
  });

  it('gives everything back in order when it stops, to another client', async () => {
    await on.fill(20);
    const tail = await on.started({ prefetch: 15 });
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
    const output = await python(script, [on.vhost.amqpUrl, on.queue]);
    const expected = Array.from({ length: 20 }, (_, i) => String(i + 1)).filter((text) => text !== '2');
    assert.deepEqual(output.trim().split('\n'), expected);
  });

  it('keeps a held message even when its buffer is far too small', async () => {
    await on.fill(30);
    const tail = await on.started({ prefetch: 30, buffer: { messages: 2, bytes: 1e9 } });
    await received(tail, 30);
    assert.equal(Buffer.from(tail.buffer.get(1)?.content ?? []).toString(), '1');
    tail.settle([1], 'acked');
    assert.equal(tail.buffer.get(1), undefined);
    assert.notEqual(tail.buffer.get(2), undefined);
  });

  it('pauses without a consumer, keeps what it holds, and resumes', async () => {
    await on.fill(3);
    const tail = await on.started();
    await received(tail, 3);
    await tail.pause();
    await on.fill(2, 4);
    assert.deepEqual(await on.admin.check(on.queue), { ready: 2, consumers: 0 });
    await on.counts(2, 3);
    assert.equal(tail.settle([1], 'acked'), 1);
    await on.counts(2, 2);
    assert.equal(tail.buffer.lastNumber, 3);
    await tail.resume();
    await received(tail, 5);
    assert.equal((await on.admin.check(on.queue)).consumers, 1);
  });

  it('has one consumer, or none, however quickly it is paused and resumed', async () => {
    await on.fill(50);
    const tail = tailOf(on.connection, on.queue, { prefetch: 5 });
    const starting = tail.start();
    const turns: Promise<void>[] = [];
    await waitFor(() => tail.status.kind === 'running', { describe: 'running' });
    for (let i = 0; i < 20; i++) turns.push(tail.pause(), tail.resume());
    await Promise.all([starting, ...turns]);
    assert.equal((await on.admin.check(on.queue)).consumers, 1);
    await received(tail, 5);
    await on.counts(45, 5);
    turns.push(tail.pause(), tail.resume(), tail.pause());
    await Promise.all(turns);
    assert.equal((await on.admin.check(on.queue)).consumers, 0);
    assert.equal(new Set(textsOf(tail)).size, 5);
  });

  it('pauses an auto-delete queue without its consumer going, so that the queue stays', async () => {
    on.queue = 'fleeting';
    await on.admin.declare({ name: on.queue, durable: false, autoDelete: true, arguments: {} });
    await on.fill(1);
    const tail = await on.started({ traits: { ...plainTraits, canCancel: false }, prefetch: 3 });
    await received(tail, 1);
    await tail.pause();
    await on.fill(5, 2);
    await on.counts(3, 3);
    assert.equal(tail.buffer.lastNumber, 1);
    assert.equal(tail.heldCount, 3);
    await tail.resume();
    await received(tail, 3);
    assert.deepEqual(textsOf(tail), ['1', '2', '3']);
  });

  it('loses nothing that arrives while the broker is being told to pause', async () => {
    const tail = await on.started({ prefetch: 500 });
    const filling = on.fill(2_000);
    for (let i = 0; i < 10; i++) {
      await tail.pause();
      await tail.resume();
      tail.settleUpTo(tail.buffer.lastNumber, 'acked');
    }
    await filling;
    await waitFor(
      () => {
        tail.settleUpTo(tail.buffer.lastNumber, 'acked');
        return tail.buffer.lastNumber === 2_000;
      },
      { describe: () => `all, after ${tail.buffer.lastNumber}` },
    );
    assert.deepEqual(new Set(textsOf(tail)).size, 2_000);
    await on.counts(0, 0);
  });

  it('counts as returned what arrives while it stops, though nobody saw it', async () => {
    await on.fill(2_000);
    const tail = tailOf(on.connection, on.queue, { prefetch: 1_000 });
    let stopped: Promise<void> | undefined;
    tail.onDidReceive(() => {
      stopped ??= tail.stop();
    });
    await tail.start();
    await waitFor(() => tail.status.kind === 'ended', { describe: 'ended' });
    await stopped;
    const returned = tail.status.kind === 'ended' ? tail.status.returned : -1;
    assert.ok(returned >= tail.buffer.lastNumber);
    await on.counts(2_000, 0);
    const rest = await on.started({ prefetch: 2_000 });
    await received(rest, 2_000);
    const again = Array.from({ length: 2_000 }, (_, i) => rest.buffer.get(i + 1)?.redelivered === true).filter(Boolean);
    assert.equal(again.length, returned);
  });

  it('tells once that returns count when the limit is not known, and the limit as soon as it is', async function () {
    this.timeout(30_000);
    on.queue = 'counting';
    await on.admin.declare({
      name: on.queue,
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 3 },
    });
    await on.fill(1);
    const tail = await on.started({ traits: { canCancel: false, deliveryLimit: { kind: 'unknown' } } });
    for (const number of [1, 2]) {
      await received(tail, number);
      tail.settle([number], 'requeued');
    }
    await received(tail, 3);
    const counts = { kind: 'returnsCount', number: 2, returns: 1 };
    assert.deepEqual(tail.notices, [counts]);
    tail.learn({ canCancel: true, deliveryLimit: { kind: 'known', limit: 2 } });
    assert.deepEqual(tail.notices, [counts, { kind: 'lastReturn', number: 3, returns: 2 }]);
  });

  it('requeues on a quorum queue to its end without a delivery limit, and to its place with one', async function () {
    this.timeout(30_000);
    for (const [name, limit, order] of [
      ['unlimited', {}, ['1', '2', '1']],
      ['limited', { 'x-delivery-limit': 5 }, ['1', '1', '2']],
    ] as const) {
      on.queue = name;
      await on.admin.declare({ name, durable: true, arguments: { 'x-queue-type': 'quorum', ...limit } });
      await on.fill(2);
      const tail = await on.started({ prefetch: 1 });
      await received(tail, 1);
      tail.settle([1], 'requeued');
      await received(tail, 2);
      tail.settle([2], 'acked');
      await received(tail, 3);
      assert.deepEqual(textsOf(tail), order);
      await tail.stop();
    }
  });

  it('tells when the next return would be the last that a quorum queue allows', async function () {
    this.timeout(30_000);
    on.queue = 'careful';
    await on.admin.declare({
      name: on.queue,
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 2 },
    });
    await on.fill(1);
    const tail = await on.started({ traits: { ...plainTraits, deliveryLimit: { kind: 'known', limit: 2 } } });
    for (const number of [1, 2]) {
      await received(tail, number);
      assert.deepEqual(tail.notices, []);
      tail.settle([number], 'requeued');
    }
    await received(tail, 3);
    assert.deepEqual(tail.notices, [{ kind: 'lastReturn', number: 3, returns: 2 }]);
    tail.settle([3], 'requeued');
    await on.counts(0, 0);
  });
});
