import assert from 'node:assert/strict';
import { connect } from '../support/amqplib.ts';
import { type FreshVhost, freshVhost, sharedBroker } from '../support/broker.ts';
import { python, startPython } from '../support/python.ts';
import { Ledger } from '../support/ledger.ts';
import { TcpProxy } from '../support/tcpProxy.ts';
import { waitFor } from '../support/waitFor.ts';

/** What every other suite stands on: counts that are true at once, and a client in another language. */
describe('the tests’ own view of a broker', () => {
  let vhost: FreshVhost;
  before(async () => (vhost = await freshVhost()));
  after(() => vhost.dispose());

  it('counts ready and unacknowledged messages without a delay', async () => {
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue('counted');
    for (let n = 0; n < 3; n++) channel.sendToQueue('counted', Buffer.from(String(n)));
    await channel.waitForConfirms();
    await channel.get('counted');
    await waitFor(async () => (await vhost.management.queueCounts(vhost.vhost, 'counted'))?.unacknowledged === 1, {
      timeoutMs: 2000,
      describe: 'one message held',
    });
    assert.deepEqual(await vhost.management.queueCounts(vhost.vhost, 'counted'), {
      ready: 2,
      unacknowledged: 1,
      total: 3,
    });
    await connection.close();
  });

  it('knows that a queue is not there', async () => {
    assert.equal(await vhost.management.queueCounts(vhost.vhost, 'absent'), undefined);
  });

  it('passes a message from pika to pika', async () => {
    const receiver = startPython(
      `
import pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
channel.queue_declare('hello')
print('waiting')
for method, properties, body in channel.consume('hello', auto_ack=True):
    print('got', body.decode())
`,
      [vhost.amqpUrl],
    );
    try {
      await receiver.line(/^waiting$/);
      await python(
        `
import pika, sys
connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
connection.channel().basic_publish('', 'hello', b'Hello World!')
connection.close()
`,
        [vhost.amqpUrl],
      );
      assert.equal(await receiver.line(/^got/), 'got Hello World!');
    } finally {
      await receiver.dispose();
    }
  });
});

describe('the proxy of the tests', () => {
  let proxy: TcpProxy;
  let url: string;
  beforeEach(async () => {
    const { amqpPort, amqpUrl } = sharedBroker();
    proxy = await TcpProxy.to(amqpPort);
    url = amqpUrl.replace(`:${amqpPort}`, `:${proxy.port}`);
  });
  afterEach(() => proxy.dispose());

  const faults: readonly [string, (proxy: TcpProxy) => void, RegExp][] = [
    ['resets', (each) => each.cut(), /ECONNRESET/],
    ['ends in order', (each) => each.end(), /Unexpected close/],
    ['resets while it ends, and can itself end', (each) => (each.end(), each.cut()), /ECONNRESET|Unexpected close/],
    ['cuts within an answer', (each) => each.cutAfter(5), /ECONNRESET|Unexpected close/],
    ['spoils a frame', (each) => each.spoilNextFrame(), /Invalid frame/],
  ];
  for (const [what, inject, message] of faults) {
    it(`${what}, and lets the next connection through`, async () => {
      const connection = await connect(url);
      const failure = new Promise<Error>((resolve) => connection.once('error', resolve));
      const channel = await connection.createChannel();
      inject(proxy);
      // Its answer is what meets the fault, where that is not at once.
      channel.checkQueue('amq.none').catch(() => undefined);
      channel.on('error', () => undefined);
      assert.match((await failure).message, message);
      await waitFor(() => proxy.connections === 0, { describe: 'nothing goes through' });
      await (await connect(url)).close();
      proxy.refuse(true);
      await assert.rejects(connect(url));
    });
  }
});

describe('the ledger of the tests', () => {
  let vhost: FreshVhost;
  before(async () => (vhost = await freshVhost()));
  after(() => vhost.dispose());

  it('knows what is acked, what is in a queue, what is twice there, and what is lost', async () => {
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue('books');
    for (const messageId of ['there', 'twice', 'twice']) channel.sendToQueue('books', Buffer.from(''), { messageId });
    await channel.waitForConfirms();
    await connection.close();
    const ledger = new Ledger();
    for (const id of ['there', 'twice', 'acked', 'purged', 'lost']) ledger.published(id, 'routed');
    ledger.published('perhaps', 'unknown');
    ledger.published('returned', 'unroutable');
    ledger.acked('acked');
    ledger.gaveUp('purged');
    const balance = await ledger.balance(vhost.amqpUrl, ['books', 'no such queue']);
    assert.deepEqual(balance, {
      published: 7,
      confirmed: 5,
      unknown: 1,
      acked: 1,
      inQueues: 3,
      duplicates: ['twice'],
      lost: ['lost'],
    });
    await assert.rejects(ledger.mustBalance(vhost.amqpUrl, ['books']), /neither acked nor in a queue/);
  });
});
