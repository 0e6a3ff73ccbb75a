import assert from 'node:assert/strict';
import { QueueAdmin } from '../../src/broker/admin.ts';
import { literalMessage } from '../../src/broker/messageFile/literal.ts';
import { parseMessageFile } from '../../src/broker/messageFile/parse.ts';
import { printMessageFile } from '../../src/broker/messageFile/print.ts';
import { resolveMessage } from '../../src/broker/messageFile/resolve.ts';
import { Publisher } from '../../src/broker/publish/publisher.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { pikaGet, pikaPublish, type PikaMessage } from '../support/pikaMessages.ts';
import { sources } from '../unit/messageFile/sources.ts';
import { Core, received, tailOf } from './support/core.ts';

const everything = `### Everything
orders
content-type: text/plain
content-encoding: identity
delivery-mode: persistent
priority: 255
correlation-id: " c 1"
reply-to: "é"
expiration: 600000
message-id: m-1
timestamp: 2026-01-31T12:00:00Z
type: order.created
user-id: USER
app-id: shop
x-string: "5"
x-bool: true
x-int8: int8 -5
x-int16: int16 -300
x-int32: -70000
x-int64: int64 -9223372036854775808
x-uint8: uint8 200
x-uint16: uint16 60000
x-uint32: uint32 4000000000
x-float: float 1.5
x-double: double 5
x-decimal: decimal 12.50
x-timestamp: timestamp 2026-01-31T12:00:00Z
x-bytes: bytes AP8=
x-void: void
x-array: [1, "a", int8 1, [true], {}]
x-table: { "a": uint8 1, "b": { "c": null } }
"tenant name": acme
body: crlf

one
two
\\
`;

/** What AMQP 0-9-1 and RabbitMQ's errata say these are on the wire. */
const everythingOnTheWire: Omit<PikaMessage, 'exchange' | 'routingKey'> = {
  properties: {
    'content-type': 'text/plain',
    'content-encoding': 'identity',
    'delivery-mode': 2,
    priority: 255,
    'correlation-id': ' c 1',
    'reply-to': 'é',
    expiration: '600000',
    'message-id': 'm-1',
    timestamp: 1_769_860_800,
    type: 'order.created',
    'app-id': 'shop',
  },
  headers: {
    'x-string': 'S0000000135',
    'x-bool': 't01',
    'x-int8': 'bfb',
    'x-int16': 'sfed4',
    'x-int32': 'Ifffeee90',
    'x-int64': 'l8000000000000000',
    'x-uint8': 'Bc8',
    'x-uint16': 'uea60',
    'x-uint32': 'iee6b2800',
    'x-float': 'f3fc00000',
    'x-double': 'd4014000000000000',
    'x-decimal': 'D02000004e2',
    'x-timestamp': 'T00000000697deec0',
    'x-bytes': 'x0000000200ff',
    'x-void': 'V',
    'x-array': ['A', ['I00000001', 'S0000000161', 'b01', ['A', ['t01']], ['F', {}]]],
    'x-table': ['F', { a: 'B01', b: ['F', { c: 'V' }] }],
    'tenant name': 'S0000000461636d65',
  },
  body: Buffer.from('one\r\ntwo\r\n').toString('hex'),
};

describe('a message file', () => {
  let vhost: FreshVhost;
  let core: Core;
  let admin: QueueAdmin;
  let publisher: Publisher;
  let user: string;

  before(async () => {
    vhost = await freshVhost();
    user = decodeURIComponent(new URL(vhost.amqpUrl).username);
    core = new Core(vhost.amqpUrl);
    const connection = await core.connected();
    admin = new QueueAdmin(connection);
    publisher = new Publisher(connection);
    await admin.declare({ name: 'orders', durable: true, arguments: {} });
  });

  after(async () => {
    await core.dispose();
    await vhost.dispose();
  });

  async function publish(text: string): Promise<void> {
    const file = parseMessageFile(text);
    assert.deepEqual(file.problems, []);
    const [message] = file.messages;
    assert.ok(message);
    const resolution = resolveMessage(file, message, sources());
    assert.ok('message' in resolution);
    const { exchange, routingKey, properties, body } = resolution.message;
    assert.ok(body.kind === 'bytes');
    assert.deepEqual(await publisher.publish({ exchange, routingKey, properties, content: body.content }), {
      kind: 'routed',
    });
  }

  /** Takes the next message by a tail of ours, and writes it down. */
  async function saved(): Promise<string> {
    const tail = tailOf(await core.connected(), 'orders');
    await tail.start();
    await received(tail, 1);
    const message = tail.buffer.get(1);
    assert.ok(message);
    const text = printMessageFile({ messages: [literalMessage(message)] });
    tail.settle([1], 'acked');
    await tail.stop();
    return text;
  }

  it('arrives at another client with every property and every type of a header', async () => {
    await publish(everything.replace('USER', user));
    const { exchange, routingKey, properties, headers, body } = await pikaGet(vhost.amqpUrl, 'orders');
    assert.deepEqual([exchange, routingKey], ['', 'orders']);
    assert.deepEqual(properties, { ...everythingOnTheWire.properties, 'user-id': user });
    assert.deepEqual(headers, everythingOnTheWire.headers);
    assert.equal(body, everythingOnTheWire.body);
  });

  it('without a property has none: nothing is added', async () => {
    await publish('orders\n\nx');
    const { properties, headers } = await pikaGet(vhost.amqpUrl, 'orders');
    assert.deepEqual([properties, headers], [{}, {}]);
  });

  for (const [what, body] of [
    ['text', everythingOnTheWire.body],
    ['binary', '00ff0a'],
    ['nothing', ''],
  ] as const) {
    it(`saved from what another client sent is the same message again, with a body of ${what}`, async () => {
      const sent: PikaMessage = { ...everythingOnTheWire, exchange: '', routingKey: 'orders', body };
      await pikaPublish(vhost.amqpUrl, sent);
      const text = await saved();
      await publish(text);
      assert.deepEqual(await pikaGet(vhost.amqpUrl, 'orders'), sent, text);
    });
  }
});
