import assert from 'node:assert/strict';
import { decodeTable } from '../../../src/broker/message/fieldTable.ts';
import type { Message } from '../../../src/broker/message/message.ts';
import {
  bodyFileName,
  copyOf,
  csvHeader,
  csvRow,
  toPublish,
  type Publishable,
} from '../../../src/broker/saved/saved.ts';
import { tableBytes } from '../../support/tableBytes.ts';

function message(
  properties: Record<string, unknown>,
  content: string | Buffer = '',
  rest: Partial<Message> = {},
): Message {
  const base = { number: 7, receivedAt: 0, exchange: 'x', routingKey: 'k', redelivered: false };
  return { ...base, properties, content: Buffer.from(content), ...rest };
}

const me = { name: 'me', mayImpersonate: false };

function publishable(properties: Record<string, unknown>): Publishable {
  const copied = copyOf(message(properties));
  assert.ok('draft' in copied, JSON.stringify(copied));
  const result = toPublish(copied.draft, me);
  assert.ok('draft' in result, JSON.stringify(result));
  return result;
}

function problemOf(properties: Record<string, unknown>, user = me): string {
  const copied = copyOf(message(properties));
  if ('problem' in copied) return copied.problem;
  const result = toPublish(copied.draft, user);
  return 'problem' in result ? result.problem : '';
}

describe('a body in a file of its own', () => {
  it('has a name by its number, and what it is by its type, its encoding, or its bytes', () => {
    const cases: readonly [Record<string, unknown>, string | Buffer, string][] = [
      [{ contentType: 'application/json; charset=utf-8' }, '', '000007.json'],
      [{ contentType: 'application/vnd.api+json' }, '', '000007.json'],
      [{ contentType: 'Image/PNG' }, '', '000007.png'],
      [{ contentType: '../../etc/passwd' }, 'text', '000007.txt'],
      [{ contentType: '__proto__' }, '{"a":1}', '000007.json'],
      [{}, Buffer.of(0, 1, 2, 255), '000007.bin'],
      [{}, '', '000007.txt'],
      [{ contentType: 'application/json', contentEncoding: 'gzip' }, '', '000007.json.gz'],
      [{ contentEncoding: 'gzip' }, 'x', '000007.bin.gz'],
    ];
    for (const [properties, body, name] of cases) assert.equal(bodyFileName(message(properties, body)), name);
  });
});

describe('a message as a row of a table', () => {
  it('is quoted where it must be, and never a formula', () => {
    const properties = { contentType: 'text/plain', headers: decodeTable(Buffer.from('016e49fffffffb', 'hex')) };
    const row = csvRow(message(properties, '=1+1,"two"\r\nlines', { exchange: '@x', routingKey: '-k' }));
    assert.equal(
      row,
      `7,1970-01-01T00:00:00.000Z,'@x,'-k,"{""content-type"":""text/plain""}","{""n"":-5}","'=1+1,""two""\r\nlines",text\r\n`,
    );
    assert.equal(csvHeader, '\uFEFFnumber,time,exchange,routing key,properties,headers,body,body as\r\n');
  });

  it('has a body that is no text in base64, whole', () => {
    assert.match(csvRow(message({}, Buffer.of(0, 255, 254))), /,AP\/\+,base64\r\n$/);
    const long = Buffer.concat([Buffer.from('a'.repeat(100_000)), Buffer.of(255)]);
    assert.ok(csvRow(message({}, long)).endsWith(`${long.toString('base64')},base64\r\n`));
    assert.match(csvRow(message({ correlationId: '\uFFFD' })), /not UTF-8/);
  });
});

describe('a copy of a message to be published', () => {
  it('is what came, without what its queue added', () => {
    // An int32, then x-delivery-count as RabbitMQ has it.
    const name = Buffer.from('\u0010x-delivery-count', 'latin1').toString('hex');
    const headers = decodeTable(Buffer.from(`016e49fffffffb${name}6c0000000000000002`, 'hex'));
    const { draft, leftOut } = publishable({ headers, deliveryMode: 1, clusterId: 'c', priority: undefined });
    assert.deepEqual(leftOut, ['x-delivery-count']);
    assert.equal(tableBytes(draft.properties.headers ?? {}).toString('hex'), '016e49fffffffb');
    assert.deepEqual(Object.keys(draft.properties), ['headers', 'deliveryMode', 'clusterId']);
  });

  it('is left as it is where nothing was added, and says that it goes to other queues too', () => {
    const headers = { CC: ['other'], a: 1 };
    const result = publishable({ headers });
    assert.equal(result.draft.properties.headers, headers);
    assert.deepEqual([result.leftOut, result.isCarbonCopied], [[], true]);
  });

  it('is refused where the broker or amqplib would not take it', () => {
    assert.match(problemOf({ userId: 'ann' }), /user-id is ann, and the broker takes only messages of me/);
    assert.equal(problemOf({ userId: 'me' }), '');
    assert.equal(problemOf({ userId: 'ann' }, { name: 'me', mayImpersonate: true }), '');
    assert.match(problemOf({ headers: { n: [{ a: NaN }] } }), /infinite or not a number/);
    assert.match(problemOf({ headers: { a: 'x'.repeat(65_532) } }), /65539 bytes, and amqplib sends at most 65532/);
    assert.equal(problemOf({ headers: { a: 'x'.repeat(65_525) } }), '');
    assert.match(problemOf({ deliveryMode: 185 }), /delivery-mode is 185/);
    assert.match(problemOf({ replyTo: '\uFFFD' }), /reply-to is not UTF-8/);
  });
});
