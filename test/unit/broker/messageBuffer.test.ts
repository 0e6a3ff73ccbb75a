import assert from 'node:assert/strict';
import type { ConsumeMessage } from 'amqplib';
import { decodeTable } from '../../../src/broker/message/fieldTable.ts';
import type { Message } from '../../../src/broker/message/message.ts';
import { tableBytes } from '../../support/tableBytes.ts';
import { MessageBuffer } from '../../../src/broker/consume/messageBuffer.ts';

function raw(content: Buffer | string, fields: Partial<ConsumeMessage['fields']> = {}): ConsumeMessage {
  return {
    fields: { consumerTag: 'c', deliveryTag: 1, redelivered: false, exchange: 'x', routingKey: 'k', ...fields },
    properties: { headers: { a: 1 }, messageId: 'm' } as unknown as ConsumeMessage['properties'],
    content: typeof content === 'string' ? Buffer.from(content) : content,
  };
}

function textOf(buffer: MessageBuffer, number: number): string | undefined {
  const message = buffer.get(number);
  return message && Buffer.from(message.content).toString();
}

const roomy = { messages: 1000, bytes: 100_000_000 };

describe('the buffer of a tail', () => {
  it('numbers messages from 1 and keeps what came with them', () => {
    const buffer = new MessageBuffer(roomy);
    assert.deepEqual([buffer.firstNumber, buffer.lastNumber], [1, 0]);
    buffer.add(raw('one', { exchange: 'orders', routingKey: 'order.created', redelivered: true }), 123);
    const message = buffer.get(1);
    assert.deepEqual(
      [message?.number, message?.receivedAt, message?.exchange, message?.routingKey, message?.redelivered],
      [1, 123, 'orders', 'order.created', true],
    );
    assert.deepEqual(message?.properties, { headers: { a: 1 }, messageId: 'm' });
    assert.equal(textOf(buffer, 1), 'one');
    assert.deepEqual([buffer.firstNumber, buffer.lastNumber], [1, 1]);
  });

  it('copies bodies, so that the socket may reuse its memory', () => {
    const buffer = new MessageBuffer(roomy);
    for (const size of [3, 300_000]) {
      const bytes = Buffer.alloc(size, 'a');
      const number = buffer.add(raw(bytes), 0);
      bytes.fill('b');
      assert.equal(textOf(buffer, number), 'a'.repeat(size));
    }
  });

  it('keeps bodies apart over the borders of its slabs, empty and large ones too', () => {
    const buffer = new MessageBuffer(roomy);
    const sizes = [0, 1, 200_000, 262_144, 262_145, 100_000, 0, 250_000, 2_000_000, 250_000, 250_000, 250_000, 7];
    for (const [i, size] of sizes.entries()) buffer.add(raw(Buffer.alloc(size, 65 + i)), 0);
    for (const [i, size] of sizes.entries()) {
      const content = Buffer.from(buffer.get(i + 1)?.content ?? []);
      assert.ok(content.equals(Buffer.alloc(size, 65 + i)), `message ${i + 1}`);
    }
  });

  it('packs small bodies together', () => {
    const buffer = new MessageBuffer(roomy);
    const slabs = new Set(
      Array.from({ length: 900 }, () => buffer.get(buffer.add(raw(Buffer.alloc(1024)), 0))?.content.buffer),
    );
    assert.equal(slabs.size, 1);
  });

  it('keeps the newest within a count', () => {
    const buffer = new MessageBuffer({ messages: 2, bytes: 1e9 });
    for (const text of ['a', 'b', 'c']) buffer.add(raw(text), 0);
    assert.deepEqual([buffer.firstNumber, buffer.lastNumber], [2, 3]);
    assert.deepEqual(
      [1, 2, 3, 4].map((number) => textOf(buffer, number)),
      [undefined, 'b', 'c', undefined],
    );
  });

  it('counts long header tables among its bytes, nested ones too, and forgets them with their messages', () => {
    const long = { text: 'x'.repeat(60_000) };
    for (const table of [long, { within: long }]) {
      const buffer = new MessageBuffer({ messages: 1e9, bytes: 1_000_000 });
      const bytes = tableBytes(table);
      for (let i = 0; i < 100; i++) {
        const properties = { headers: decodeTable(bytes) } as unknown as ConsumeMessage['properties'];
        buffer.add({ ...raw(''), properties }, 0);
      }
      assert.ok(101 - buffer.firstNumber <= 1_000_000 / 60_000, `${101 - buffer.firstNumber} are kept`);
      for (let i = 0; i < 100; i++) buffer.add(raw(''), 0);
      buffer.add(raw(Buffer.alloc(1_000_000)), 0);
      assert.ok(buffer.bytes < 1_010_000, `${buffer.bytes} bytes`);
    }
  });

  it('keeps the newest within a number of bytes, and the newest always', () => {
    const buffer = new MessageBuffer({ messages: 1e9, bytes: 10_000 });
    for (let i = 0; i < 50; i++) buffer.add(raw(Buffer.alloc(1000)), 0);
    assert.ok(buffer.bytes <= 10_000);
    assert.ok(buffer.firstNumber > 40);
    buffer.add(raw(Buffer.alloc(50_000)), 0);
    assert.equal(buffer.firstNumber, 51);
    assert.equal(buffer.get(51)?.content.length, 50_000);
  });

  it('never loses a message that is held, until that is released', () => {
    const held = new Set([1, 3]);
    const buffer = new MessageBuffer({ messages: 1, bytes: 1e9 }, (number) => held.has(number));
    for (const text of ['a', 'b', 'c', 'd']) buffer.add(raw(text), 0);
    assert.deepEqual(
      [1, 2, 3, 4].map((number) => textOf(buffer, number)),
      ['a', undefined, 'c', 'd'],
    );
    buffer.release([1]);
    assert.deepEqual(
      [1, 3].map((number) => textOf(buffer, number)),
      [undefined, 'c'],
    );
  });

  it('has nothing under a number that never was', () => {
    const buffer = new MessageBuffer(roomy);
    buffer.add(raw('a'), 0);
    for (const number of [0, -1, 2, 1.5, Number.NaN]) assert.equal(buffer.get(number), undefined);
  });

  it('gives back all properties as they came, with headers and without', () => {
    const all = {
      contentType: 'text/plain',
      contentEncoding: 'gzip',
      deliveryMode: 2,
      priority: 255,
      correlationId: '',
      replyTo: 'amq.rabbitmq.reply-to',
      expiration: '60000',
      messageId: 'é '.repeat(85),
      timestamp: 2 ** 53 - 1,
      type: '漢字🐇',
      userId: 'guest',
      appId: 'x'.repeat(255),
      clusterId: '\uFFFD',
    };
    const nested = { a: [1, { b: null }], when: { '!': 'timestamp', value: 1 } };
    const cases = [{}, { headers: {} }, all, { ...all, headers: {} }, { ...all, headers: nested }, { priority: 0 }];
    const buffer = new MessageBuffer(roomy);
    for (const properties of cases) buffer.add({ ...raw('body'), properties: properties as never }, 5);
    for (const [i, properties] of cases.entries()) {
      const message = buffer.get(i + 1);
      assert.deepEqual([message?.properties, message?.receivedAt, textOf(buffer, i + 1)], [properties, 5, 'body']);
    }
  });

  it('gives back properties that no broker sends, too', () => {
    const buffer = new MessageBuffer(roomy);
    const cases = [{ type: 7 }, { messageId: 'x'.repeat(300) }, { priority: 'high' }, { headers: null }];
    for (const properties of cases) buffer.add({ ...raw(''), properties: properties as never }, 0);
    assert.deepEqual(
      cases.map((_, i) => buffer.get(i + 1)?.properties),
      cases,
    );
  });

  it('gives back a header table as it came even if it looks empty', () => {
    const headers = decodeTable(Buffer.from('\u0001aV\u0001aV', 'latin1'));
    const odd = Object.defineProperty({}, Object.getOwnPropertySymbols(headers)[0] ?? '', {
      value: Buffer.from('odd'),
    });
    const buffer = new MessageBuffer(roomy);
    buffer.add({ ...raw(''), properties: { headers: odd } as never }, 0);
    assert.equal(buffer.get(1)?.properties.headers, odd);
  });

  it('writes memory anew only where nobody was given a message of it', () => {
    const buffer = new MessageBuffer({ messages: 900, bytes: 1e9 });
    const kept: { message: Message; text: string }[] = [];
    const memory = new Set<ArrayBufferLike>();
    for (let i = 1; i <= 20_000; i++) {
      const text = `${i}`.repeat(Math.ceil(1024 / `${i}`.length));
      buffer.add(raw(text), i);
      const message = i % 3_000 === 0 ? buffer.get(i) : undefined;
      if (message) kept.push({ message, text });
    }
    for (const { message, text } of kept) assert.equal(Buffer.from(message.content).toString(), text);
    for (let i = buffer.firstNumber; i <= buffer.lastNumber; i++) {
      assert.equal(textOf(buffer, i)?.startsWith(`${i}${i}`), true);
    }
    for (const { message } of kept) memory.add(message.content.buffer);
    assert.equal(memory.size, kept.length);
  });

  it('lets a message be read at once without keeping its memory from being written anew', () => {
    const held = new Set([1]);
    const buffer = new MessageBuffer({ messages: 900, bytes: 1e9 }, (number) => held.has(number));
    const memory = new Set<ArrayBufferLike>();
    for (let i = 1; i <= 20_000; i++) {
      buffer.add(raw(`${i}`.padEnd(1024, '.')), i);
      const text = buffer.read(i, ({ content }) => {
        memory.add(content.buffer);
        return Buffer.from(content).toString();
      });
      assert.equal(text, `${i}`.padEnd(1024, '.'));
    }
    // One slab has the message that is held.
    assert.ok(memory.size <= 5, String(memory.size));
    assert.deepEqual(
      [0, 1, 2, 20_000, 20_001].map((number) => buffer.read(number, (message) => message.number)),
      [undefined, 1, undefined, 20_000, undefined],
    );
  });

  it('knows how long a body is without reading it, a held one too', () => {
    const buffer = new MessageBuffer({ messages: 2, bytes: 1e9 }, (number) => number === 1);
    for (const size of [10, 20, 300_000, 40]) buffer.add(raw(Buffer.alloc(size)), 0);
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((number) => buffer.lengthOf(number)),
      [undefined, 10, undefined, 300_000, 40, undefined],
    );
  });

  it('is empty after it was cleared, and goes on counting', () => {
    const buffer = new MessageBuffer(roomy, (number) => number === 1);
    for (let i = 0; i < 1000; i++) buffer.add(raw('a'), 0);
    buffer.clear();
    assert.deepEqual([buffer.firstNumber, buffer.lastNumber, buffer.bytes, buffer.get(1)], [1001, 1000, 0, undefined]);
    buffer.add(raw('b'), 0);
    assert.deepEqual([buffer.firstNumber, textOf(buffer, 1001)], [1001, 'b']);
  });
});
