import assert from 'node:assert/strict';
import { run } from '../../scripts/lib/run.mjs';
import { QueueAdmin } from '../../src/broker/admin.ts';
import { Publisher } from '../../src/broker/publish/publisher.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { python, startPython } from '../support/python.ts';
import { waitFor } from '../support/waitFor.ts';
import { codeOf, Core, received, tailOf, textsOf } from './support/core.ts';

/** As in https://www.rabbitmq.com/tutorials, but for the address. */
const connect = `import pika, sys, time
connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
channel = connection.channel()
`;

const send = `${connect}
channel.queue_declare(queue='hello')
channel.basic_publish(exchange='', routing_key='hello', body='Hello World!')
print(" [x] Sent 'Hello World!'")
connection.close()`;

const receive = `${connect}
channel.queue_declare(queue='hello')
def callback(ch, method, properties, body):
    print(f" [x] Received {body}")
channel.basic_consume(queue='hello', on_message_callback=callback, auto_ack=True)
print(' [*] Waiting for messages. To exit press CTRL+C')
channel.start_consuming()`;

const newTask = `${connect}
channel.queue_declare(queue='task_queue', durable=True)
for message in sys.argv[2:]:
    channel.basic_publish(exchange='', routing_key='task_queue', body=message,
        properties=pika.BasicProperties(delivery_mode=2))
connection.close()`;

const worker = `${connect}
channel.queue_declare(queue='task_queue', durable=True)
print(' [*] Waiting for messages. To exit press CTRL+C')
def callback(ch, method, properties, body):
    print(f" [x] Received {body.decode()} redelivered={method.redelivered} mode={properties.delivery_mode}")
    ch.basic_ack(delivery_tag=method.delivery_tag)
channel.basic_qos(prefetch_count=1)
channel.basic_consume(queue='task_queue', on_message_callback=callback)
channel.start_consuming()`;

describe('the tutorials', () => {
  let vhost: FreshVhost;
  let core: Core;
  let admin: QueueAdmin;
  let publisher: Publisher;

  before(async () => {
    vhost = await freshVhost();
    core = new Core(vhost.amqpUrl);
  });

  beforeEach(async () => {
    const connection = await core.connected();
    admin = new QueueAdmin(connection);
    publisher = new Publisher(connection);
    await admin.delete('hello');
    await admin.delete('task_queue');
  });

  afterEach(() => core.dispose());
  after(() => vhost.dispose());

  async function publish(queue: string, ...texts: string[]): Promise<void> {
    for (const text of texts) {
      const properties = { persistent: true };
      const draft = { exchange: '', routingKey: queue, content: Buffer.from(text), properties };
      assert.deepEqual(await publisher.publish(draft), { kind: 'routed' });
    }
  }

  it('one: their sender is seen in our tail', async () => {
    await admin.declare({ name: 'hello', durable: false, arguments: {} });
    const tail = tailOf(await core.connected(), 'hello');
    await tail.start();
    assert.match(await python(send, [vhost.amqpUrl]), /Sent 'Hello World!'/);
    await received(tail, 1);
    assert.deepEqual(textsOf(tail), ['Hello World!']);
    const message = tail.buffer.get(1);
    assert.deepEqual([message?.exchange, message?.routingKey, message?.redelivered], ['', 'hello', false]);
    assert.equal(message?.properties.deliveryMode, undefined);
  });

  it('one: their receiver gets what we publish', async () => {
    const receiver = startPython(receive, [vhost.amqpUrl]);
    try {
      await receiver.line(/Waiting for messages/);
      await waitFor(async () => (await admin.check('hello')).consumers === 1, { describe: 'its consumer' });
      await publish('hello', 'Hello from Warren, é');
      await receiver.line(/Received b'Hello from Warren, \\xc3\\xa9'/);
    } finally {
      await receiver.dispose();
    }
  });

  it('one: our declaration of hello equals theirs, before and after it, and a durable one does not', async () => {
    await admin.declare({ name: 'hello', durable: false, arguments: {} });
    await python(send, [vhost.amqpUrl]);
    assert.deepEqual(await admin.declare({ name: 'hello', durable: false, arguments: {} }), { ready: 1, consumers: 0 });
    const durable = admin.declare({ name: 'hello', durable: true, arguments: {} });
    assert.equal(await codeOf(durable), 'inequivalentArg');
    await admin.delete('hello');
    await python(send, [vhost.amqpUrl]);
    await admin.declare({ name: 'hello', durable: false, arguments: {} });
  });

  it('one: works with the command line tools too', async () => {
    await admin.declare({ name: 'hello', durable: false, arguments: {} });
    const tail = tailOf(await core.connected(), 'hello', { mode: 'drain' });
    await tail.start();
    await run('amqp-publish', ['-u', vhost.amqpUrl, '-r', 'hello', '-b', 'Hello World!']);
    await received(tail, 1);
    assert.deepEqual(textsOf(tail), ['Hello World!']);
    await tail.stop();
    await publish('hello', 'and back');
    assert.equal((await run('amqp-get', ['-u', vhost.amqpUrl, '-q', 'hello'])).trim(), 'and back');
  });

  it('two: their new task is seen in our tail as persistent, one by one with prefetch 1', async () => {
    await python(newTask, [vhost.amqpUrl, 'first.', 'second..', 'third...']);
    const tail = tailOf(await core.connected(), 'task_queue', { prefetch: 1 });
    await tail.start();
    for (const number of [1, 2, 3]) {
      await received(tail, number);
      assert.equal(tail.buffer.get(number)?.properties.deliveryMode, 2);
      assert.equal(tail.buffer.lastNumber, number);
      const counts = await vhost.management.queueCounts(vhost.vhost, 'task_queue');
      assert.deepEqual(counts, { ready: 3 - number, unacknowledged: 1, total: 4 - number });
      assert.equal(tail.settle([number], 'acked'), 1);
    }
    await waitFor(async () => (await vhost.management.queueCounts(vhost.vhost, 'task_queue'))?.total === 0, {
      describe: 'an empty queue',
    });
    assert.deepEqual(textsOf(tail), ['first.', 'second..', 'third...']);
  });

  it('two: their worker gets what we published, and what our tail gave back as redelivered', async () => {
    await admin.declare({ name: 'task_queue', durable: true, arguments: {} });
    await publish('task_queue', 'held', 'acked', 'requeued', 'untouched');
    const tail = tailOf(await core.connected(), 'task_queue', { prefetch: 3 });
    await tail.start();
    await received(tail, 3);
    await tail.pause();
    tail.settle([2], 'acked');
    tail.settle([3], 'requeued');
    const theirs = startPython(worker, [vhost.amqpUrl]);
    try {
      await theirs.line(/Received requeued redelivered=True mode=2/);
      await theirs.line(/Received untouched redelivered=False mode=2/);
      assert.ok(!theirs.lines.some((line) => /held|acked/.test(line)));
      await tail.stop();
      await theirs.line(/Received held redelivered=True mode=2/);
      assert.ok(!theirs.lines.some((line) => line.includes('acked')));
    } finally {
      await theirs.dispose();
    }
  });

  it('two: work is shared between their worker and our tail', async () => {
    await admin.declare({ name: 'task_queue', durable: true, arguments: {} });
    const tail = tailOf(await core.connected(), 'task_queue', { prefetch: 1 });
    await tail.start();
    const theirs = startPython(worker, [vhost.amqpUrl]);
    try {
      await theirs.line(/Waiting/);
      await waitFor(async () => (await admin.check('task_queue')).consumers === 2, { describe: 'two consumers' });
      await publish('task_queue', 'a', 'b', 'c', 'd', 'e');
      await received(tail, 1);
      // One is held here; their worker gets all others.
      await waitFor(() => theirs.lines.filter((line) => line.includes('Received')).length === 4, { describe: 'four' });
      assert.equal(tail.buffer.lastNumber, 1);
    } finally {
      await theirs.dispose();
    }
  });
});
