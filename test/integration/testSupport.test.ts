import assert from 'node:assert/strict';
import { connect } from 'amqplib';
import { type FreshVhost, freshVhost } from '../support/broker.ts';
import { python, startPython } from '../support/python.ts';
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
