import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode } from '@msgpack/msgpack';
import avsc from 'avsc';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { connect } from '../support/amqplib.ts';
import { waitFor } from '../support/waitFor.ts';
import { moneyProto, orderBytes, orderProto } from '../unit/decoding/schemaFiles.ts';
import { zstdJson } from '../unit/decoding/samples.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

const channel = 'RabbitMQ: orders';
const schema = {
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'name', type: 'string' },
  ],
};
const protobuf = 'application/x-protobuf';

describe('bodies that are no plain text', () => {
  let vhost: FreshVhost;
  let connection: ChannelModel;
  let publisher: ConfirmChannel;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    connection = await connect(vhost.amqpUrl);
    publisher = await connection.createConfirmChannel();
    await publisher.assertQueue('orders', { durable: true });
    workbench = await Workbench.open({
      files: {
        'proto/shop/order.proto': orderProto,
        'proto/common/money.proto': moneyProto,
        'order.avsc': JSON.stringify(schema),
      },
      settings: {
        'warren.refreshInterval': 1,
        'warren.tail.prefetch': 100,
        'warren.decoders': { 'application/x-order': { schema: 'order.avsc' } },
      },
      height: 1100,
    });
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.row('orders').waitFor();
  });
  after(async () => {
    await workbench.dispose();
    await connection.close();
    await vhost.dispose();
  });

  async function publish(body: Uint8Array, contentType: string, contentEncoding?: string): Promise<void> {
    publisher.sendToQueue('orders', Buffer.from(body), { contentType, ...(contentEncoding && { contentEncoding }) });
    await publisher.waitForConfirms();
  }

  const text = () => workbench.output.wholeText(channel);
  const wrote = (pattern: RegExp) =>
    waitFor(async () => pattern.test(await text()), { describe: `${pattern} in the Output panel`, timeoutMs: 20_000 });

  it('are readable in the Output panel, in their order: packed, MessagePack, and Avro by the settings', async () => {
    await publish(gzipSync('{"id":1,"name":"packed"}'), 'application/json', 'gzip');
    await publish(zstdJson.packed, 'application/json', 'zstd');
    await publish(encode({ id: 3, name: 'MessagePack' }), 'application/msgpack');
    await publish(avsc.Type.forSchema(schema as never).toBuffer({ id: 4, name: 'Avro' }), 'application/x-order');
    await publish(orderBytes, protobuf);
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    // Of this test, and not of one before it in a channel of the same name.
    await wrote(/^#5 [^]*0a 02 6f 37/m);
    const lines = (await text()).split('\n').filter((line) => !line.startsWith('──'));
    const after = (number: number): string => {
      const start = lines.findIndex((line) => line.startsWith(`#${number} `));
      const end = lines.findIndex((line) => line.startsWith(`#${number + 1} `));
      return lines.slice(start + 1, end === -1 ? undefined : end).join('\n');
    };
    assert.match(after(1), /^ {3}\(gzip, 24 B unpacked\)\n {5}\{ "id": 1, "name": "packed" \}$/m);
    assert.match(after(2), /\(zstd, \d+ B unpacked\)[^]*"order"/);
    assert.equal(after(3), '   (MessagePack)\n     { "id": 3, "name": "MessagePack" }');
    assert.equal(after(4), '   (Order)\n     { "id": 4, "name": "Avro" }');
    assert.match(after(5), /^ {3}\(Choose Decoder reads it by its schema\)\n {5}00000000 {2}0a 02 6f 37/);
    await workbench.screenshot('bodies in the Output panel');
  });

  it('are read by a Protobuf schema that is chosen for their type', async () => {
    const link = workbench.output.editor.locator('.detected-link', { hasText: 'Choose Decoder' });
    await link.click({ modifiers: ['Control'] });
    await workbench.quickInput.row('Protobuf…').waitFor();
    await workbench.screenshot('choosing a decoder');
    await workbench.quickInput.pick('Protobuf…');
    await workbench.quickInput.row('order.proto').waitFor();
    // None was chosen before, and Enter takes one all the same.
    await workbench.quickInput.widget.locator('.monaco-list-row.focused').waitFor();
    await workbench.quickInput.pick('order.proto');
    await workbench.quickInput.row('shop.Cancelled').waitFor();
    await workbench.screenshot('choosing a message type');
    await workbench.quickInput.pick('shop.Order');
    await workbench.quickInput.pick(`All of type ${protobuf}`);
    await waitFor(async () => (await workbench.editorText()).includes('"currency": "EUR"'), {
      describe: 'the body in an editor',
    });
    await workbench.screenshot('a Protobuf body in an editor');
    await publish(orderBytes, protobuf);
    await wrote(/^#6 [^]*\n {3}\(shop\.Order\)\n[^]*"orderId": "o7"/m);
  });

  it('are read anew in their editors when the schema changes on disk, and say why they cannot be', async () => {
    const path = join(workbench.folder, 'proto', 'common', 'money.proto');
    await writeFile(path, moneyProto.replace('currency', 'unit'));
    await waitFor(async () => (await workbench.editorText()).includes('"unit": "EUR"'), {
      describe: 'the body by the new schema',
      timeoutMs: 20_000,
    });
    await writeFile(path, 'message {');
    await waitFor(async () => /^\(order\.proto: .*shown as bytes\)/.test(await workbench.editorText()), {
      describe: 'why the body is shown as bytes',
      timeoutMs: 20_000,
    });
    await writeFile(path, moneyProto);
    await waitFor(async () => (await workbench.editorText()).includes('"currency": "EUR"'), {
      describe: 'the body by the schema as it was',
      timeoutMs: 20_000,
    });
  });

  it('are the same in the Messages panel, whose filter looks into them', async () => {
    await workbench.run('RabbitMQ: Show in Messages Panel');
    const { messages } = workbench;
    await messages.cell(3, 'preview').filter({ hasText: '{ "id": 3, "name": "MessagePack" }' }).waitFor();
    await messages.cell(6, 'preview').filter({ hasText: '"orderId": "o7"' }).waitFor();
    await workbench.screenshot('bodies in the Messages panel');
    await messages.filter('$.name=MessagePack OR $.total.currency=EUR');
    await messages.says('3 of 6');
    await messages.filter('');
  });

  it('are read anew in the Messages panel by a decoder that is chosen there', async () => {
    const { messages } = workbench;
    await messages.row(6).click();
    await messages.detail.getByText('"orderId": "o7"').waitFor();
    const tabs = await workbench.page.locator('.tabs-container .tab').count();
    await workbench.menu.pick(messages.row(6), 'Choose Decoder…');
    await workbench.quickInput.pick('Bytes');
    await workbench.quickInput.pick(`All of type ${protobuf}`);
    await messages.cell(6, 'preview').filter({ hasText: '0a 02 6f 37' }).waitFor();
    await messages.detail.getByText('00000000  0a 02 6f 37').waitFor();
    await messages.noticeBar.filter({ hasText: `Bodies of ${protobuf} are read as bytes from here on` }).waitFor();
    await workbench.screenshot('a decoder chosen in the Messages panel');
    assert.equal(await workbench.page.locator('.tabs-container .tab').count(), tabs);
  });

  it('are read as a queue is told to, whatever their types', async () => {
    await workbench.tree.menu('orders', 'Choose Decoder…');
    await workbench.quickInput.pick('Bytes');
    await workbench.quickInput.pick('All of orders');
    await wrote(/Bodies of orders are read as bytes from here on/);
    await publish(Buffer.from('{"id":7}'), 'application/json');
    await wrote(/^#7 [^]*00000000 {2}7b 22 69 64/m);
  });
});
