import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ReturnWatch } from '../../../src/broker/consume/returnWatch.ts';
import { connectionFailure, isFatal } from '../../../src/broker/errors.ts';
import { decodeBody } from '../../../src/broker/message/decode.ts';
import { decodeTable } from '../../../src/broker/message/fieldTable.ts';
import type { Message, MessageProperties } from '../../../src/broker/message/message.ts';
import { describeHeaders, describeProperties } from '../../../src/broker/message/properties.ts';
import { nextInOrder } from '../../../src/ui/output/batch.ts';
import { bodyAddressOf, bodyPath } from '../../../src/ui/output/bodyUri.ts';
import { formatMessage, parseHeaderLine } from '../../../src/ui/output/format.ts';
import { fuzz } from './fuzz.ts';
import { headerTable } from './headerTable.ts';
import { plainBodies } from '../../support/bodies.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constant('p'.repeat(255)),
  fc.constantFrom('', 'application/json', 'text/plain; charset="utf-16le"', 'image/png', 'gzip', 'shift_jis', '\0'),
);
const anyNumber = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(2 ** 53, 2 ** 64, -1, NaN, Infinity));
/** All of AMQP's properties but the header table: the broker passes on whatever a publisher set. */
const properties = fc.record(
  {
    contentType: anyText,
    contentEncoding: anyText,
    deliveryMode: fc.integer({ min: 0, max: 255 }),
    priority: fc.integer({ min: 0, max: 255 }),
    correlationId: anyText,
    replyTo: anyText,
    expiration: anyText,
    messageId: anyText,
    timestamp: anyNumber,
    type: anyText,
    userId: anyText,
    appId: anyText,
    clusterId: anyText,
  },
  { requiredKeys: [] },
);

function messageOf(over: Partial<Message>): Message {
  const { MAX_SAFE_INTEGER: number } = Number;
  const base = { number, receivedAt: 1e12, exchange: '', routingKey: 'q', redelivered: true, properties: {} };
  return { ...base, content: new Uint8Array(), ...over };
}

/** Whatever was sent, a message is one header line, and lines of bounded length and number that cannot be taken for one. */
function isShowable(message: Message, maxBodyBytes: number): void {
  const text = formatMessage(message, { maxBodyBytes, bodies: plainBodies });
  assert.ok(text.length < 250_000 + 80 * maxBodyBytes, `${text.length} characters`);
  const [first = '', ...rest] = text.split('\n');
  assert.ok(parseHeaderLine(first), first);
  assert.ok(rest.every((line) => !parseHeaderLine(line)));
  const source = { lastNumber: 1, get: () => message, lengthOf: () => message.content.length };
  assert.equal(
    nextInOrder(source, 0, { lines: 10, characters: 10 }, { maxBodyBytes, bodies: plainBodies, isHurried: true })
      .cursor,
    1,
  );
}

describe('fuzz: messages that arrive', () => {
  it('with any header table that can be read are shown; what cannot be read ends reconnecting too', async () => {
    await fuzz(headerTable, (table) => {
      let headers: Record<string, unknown>;
      try {
        headers = decodeTable(table);
      } catch (error) {
        // This ends the connection, and would end the next one by the same message.
        assert.ok(isFatal(connectionFailure(error)), String(error));
        return;
      }
      const described = describeHeaders(headers);
      assert.ok(described.length < 200 && described.every(({ name, text }) => name.length + text.length < 3_000));
      const message = messageOf({ properties: { headers } });
      isShowable(message, 100);
      new ReturnWatch().look(message, { kind: 'known', limit: 3 });
      new ReturnWatch().look(message, { kind: 'unknown' });
    });
  });

  it('with any properties and names are shown', async () => {
    await fuzz(fc.tuple(properties, anyText, anyText, fc.uint8Array()), ([props, exchange, routingKey, content]) => {
      const given = props as Partial<MessageProperties>;
      for (const { name, text } of describeProperties(given)) assert.ok(name.length + text.length < 3_000);
      isShowable(messageOf({ properties: given, exchange, routingKey, content }), 1000);
      const address = { tail: 't', from: 1, to: 1, part: 'body' } as const;
      assert.deepEqual(
        bodyAddressOf({ scheme: 'warren-message', path: bodyPath(address, routingKey, 'json') }),
        address,
      );
    });
  });

  it('with any bytes under any content type, encoding and charset are shown', async () => {
    const charset = fc.constantFrom(
      'utf-8',
      'utf-16',
      'utf-16be',
      'latin1',
      'gb18030',
      'iso-2022-jp',
      'euc-kr',
      'x-user-defined',
      'replacement',
      'nonsense',
      '',
    );
    const type = fc.oneof(
      anyText,
      fc.tuple(anyText, charset).map(([media, name]) => `${media}; charset=${name}`),
      fc.constantFrom('application/json', 'a/b+json', 'text/html', 'application/xml', 'application/x-protobuf'),
    );
    const json = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each)),
      fc.string({ unit: 'binary', maxLength: 200 }).map((each) => Buffer.from(each)),
      fc.string({ unit: 'binary', maxLength: 200 }).map((each) => Buffer.from(each, 'utf16le')),
      json,
      json.chain((each) => fc.nat(each.length).map((end) => each.subarray(0, end))),
      fc.constantFrom(
        Buffer.alloc(50_000, '['),
        Buffer.alloc(50_000, '{"a":'),
        Buffer.alloc(200_000, '\0'),
        Buffer.alloc(100_000, '\n'),
      ),
    );
    const limit = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(4096, 1 << 20));
    await fuzz(
      fc.tuple(bytes, type, fc.oneof(charset, anyText), limit),
      ([content, contentType, contentEncoding, maxBytes]) => {
        const body = decodeBody(content, { contentType, contentEncoding }, { maxBytes });
        const shown = Math.min(content.length, maxBytes);
        assert.ok(content.length - body.omittedBytes <= shown);
        assert.ok(body.text.length <= 100 + 50 * shown, `${body.text.length} characters of ${shown} bytes`);
        isShowable(messageOf({ properties: { contentType, contentEncoding }, content }), Math.min(maxBytes, 4096));
      },
    );
  });
});
