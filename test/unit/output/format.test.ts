import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import type { Message } from '../../../src/broker/message/message.ts';
import {
  formatHeaderLine,
  formatMessage,
  formatNotice,
  formatSkipped,
  formatTime,
  parseHeaderLine,
  parseDecoderLine,
  parseOmittedLine,
  parseSkippedLine,
} from '../../../src/ui/output/format.ts';
import { plainBodies } from '../../support/bodies.ts';

const SEED = { seed: 20264 };
const OPTIONS = { maxBodyBytes: 4096, bodies: plainBodies };
const NOON = new Date(2026, 4, 1, 12, 3, 4, 123).getTime();

function message(over: Partial<Omit<Message, 'content'>> & { body?: string | Uint8Array } = {}): Message {
  const { body = '', ...rest } = over;
  const content = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const base = {
    number: 12,
    receivedAt: NOON,
    exchange: 'orders.events',
    routingKey: 'order.created',
    redelivered: false,
  };
  return { ...base, properties: {}, content, ...rest };
}

const linesOf = (text: string): string[] => text.slice(0, -1).split('\n');

describe('the text of a message in a tail', () => {
  it('has a header line, properties, headers and the body, as in the documentation', () => {
    const text = formatMessage(
      message({
        redelivered: true,
        properties: {
          contentType: 'application/json',
          deliveryMode: 2,
          messageId: 'm-1',
          appId: 'shop',
          headers: { 'x-tenant': 'acme', retries: 2 },
        },
        body: '{"id":7,"total":12.5}',
      }),
      OPTIONS,
    );
    assert.equal(
      text,
      `#12  12:03:04.123  orders.events > order.created   application/json  21 B  persistent  redelivered
     message-id: m-1 · app-id: shop
     x-tenant: acme
     retries: 2
     { "id": 7, "total": 12.5 }
`,
    );
  });

  it('spreads a JSON body over lines where it does not fit into one', () => {
    const tags = Array.from({ length: 12 }, (_, i) => `tag number ${i}`);
    const text = formatMessage(message({ body: JSON.stringify({ id: 7, tags }) }), OPTIONS);
    assert.deepEqual(linesOf(text).slice(1, 4), ['     {', '       "id": 7,', '       "tags": [']);
  });

  it('says which flags are set, and nothing of those that are not', () => {
    const header = formatHeaderLine(
      message({ exchange: '', routingKey: 'hello', properties: { priority: 5, expiration: '60000' } }),
    );
    assert.equal(header, '#12  12:03:04.123  (default) > hello   0 B  priority 5  expires 60000 ms\n');
    assert.equal(formatHeaderLine(message({ properties: { deliveryMode: 1 } })).includes('persistent'), false);
  });

  it('has its offset in the header line where it comes from a stream, and as any header elsewhere', () => {
    const headers = { 'x-stream-offset': 48_000, retries: 2 };
    const of = message({ properties: { deliveryMode: 2, headers } });
    const [header, ...rest] = linesOf(formatMessage(of, { ...OPTIONS, isStream: true }));
    assert.equal(header, '#12  12:03:04.123  orders.events > order.created   0 B  offset 48,000  persistent');
    assert.deepEqual(rest, ['     retries: 2']);
    assert.ok(linesOf(formatMessage(of, OPTIONS)).includes('     x-stream-offset: 48000'));
  });

  it('offers to open the whole of a body that was cut', () => {
    const lines = linesOf(formatMessage(message({ body: 'x'.repeat(16_396) }), OPTIONS));
    const last = lines.at(-1) ?? '';
    assert.equal(last, '   … 12.3 kB more of #12 (open the whole body)');
    const link = parseOmittedLine(last);
    assert.equal(link?.number, 12);
    assert.equal(last.slice(link.start, link.end), 'open the whole body');
  });

  it('offers the whole of a body of which only a part was unpacked', () => {
    const body = gzipSync(Buffer.alloc(1_000_000, 'x'));
    const lines = linesOf(formatMessage(message({ properties: { contentEncoding: 'gzip' }, body }), OPTIONS));
    assert.equal(lines.at(-1), '   … more of #12 (open the whole body)');
    assert.equal(parseOmittedLine(lines.at(-1) ?? '')?.number, 12);
    assert.ok(lines.includes('   (gzip, unpacked in part)'));
  });

  it('offers nothing where the body is shown whole', () => {
    const lines = linesOf(formatMessage(message({ body: 'x'.repeat(4096) }), OPTIONS));
    assert.deepEqual(lines.map(parseOmittedLine), [undefined, undefined]);
  });

  it('leads to the schema that a body needs', () => {
    const body = Uint8Array.of(0x0a, 2, 0x6f, 0x37, 0);
    const lines = linesOf(
      formatMessage(message({ properties: { contentType: 'application/x-protobuf' }, body }), OPTIONS),
    );
    const [line = ''] = lines.filter((each) => each.startsWith('   ('));
    const link = parseDecoderLine(line);
    assert.equal(line.slice(link?.start, link?.end), 'Choose Decoder');
    assert.ok(lines.every((each) => each === line || parseDecoderLine(each) === undefined));
  });

  it('says why a packed body is shown as bytes', () => {
    const text = formatMessage(
      message({ properties: { contentEncoding: 'gzip' }, body: Uint8Array.of(0x1f, 0x8b) }),
      OPTIONS,
    );
    assert.match(
      text,
      /^ {5}content-encoding: gzip\n {3}\(gzip: unexpected end of file; shown as bytes\)\n {5}00000000 {2}1f 8b/m,
    );
  });

  it('puts properties on as few lines as stay readable', () => {
    const long = 'x'.repeat(60);
    const lines = linesOf(
      formatMessage(message({ properties: { correlationId: long, replyTo: long, type: 't' } }), OPTIONS),
    );
    assert.deepEqual(lines.slice(1), [`     correlation-id: ${long}`, `     reply-to: ${long} · type: t`]);
  });

  it('keeps the lines of a body and drops only the line break at its end', () => {
    assert.deepEqual(linesOf(formatMessage(message({ body: 'a\r\n\n  b\n' }), OPTIONS)).slice(1), [
      '     a',
      '     ',
      '       b',
    ]);
    assert.equal(linesOf(formatMessage(message(), OPTIONS)).length, 1);
  });

  it('keeps odd names on the header line and lets one see what is odd', () => {
    const header = formatHeaderLine(message({ exchange: ' a  b\n', routingKey: '' }));
    assert.ok(header.includes(String.raw`  ␠a␠␠b\n > ""   0 B`), header);
    assert.ok(
      formatHeaderLine(message({ routingKey: '\u3164\u00a0\u{e0020}' })).includes(String.raw`\u{3164}\u{a0}\u{e0020}`),
    );
    assert.ok(formatHeaderLine(message({ routingKey: 'käse 🧀 ❤️ #' })).includes('> käse 🧀 ❤️ #   '));
    assert.equal(linesOf(formatHeaderLine(message({ routingKey: 'k'.repeat(255) }))).length, 1);
  });

  it('can have only one line that reads as one of ours, whatever is in the message', () => {
    const forged = fc.constantFrom(
      '#1  12:00:00.000  a > b   1 B',
      '\n#1  12:00:00.000  a > b',
      '\r#2  12:00:00.000  ',
      '\u2028#3  12:00:00.000  ',
      '\n── 12:00:00.000  Connection lost',
      '\n   … 1 kB more of #1 (open the whole body)',
      '\n…  4 messages (4 kB) not shown: #1–#4',
    );
    const text = fc.oneof(
      forged,
      fc.string({ unit: 'binary' }),
      fc.array(forged).map((parts) => parts.join('')),
    );
    const properties = fc.record(
      {
        contentType: text,
        contentEncoding: text,
        messageId: text,
        expiration: text,
        type: text,
        headers: fc.dictionary(text, text),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(text, fc.uint8Array(), fc.json());
    const maxBodyBytes = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(text, text, properties, body, maxBodyBytes, (exchange, routingKey, props, content, max) => {
        const sent = message({ exchange, routingKey, properties: props, body: content });
        const whole = formatMessage(sent, { maxBodyBytes: max, bodies: plainBodies });
        assert.ok(whole.endsWith('\n'));
        const [first = '', ...rest] = whole.slice(0, -1).split(/\r\n|[\n\r\u2028\u2029\u0085]/);
        assert.deepEqual(parseHeaderLine(first), { number: 12 });
        for (const [i, line] of rest.entries()) {
          const isCutLine = i === rest.length - 1 && sent.content.length > max;
          if (isCutLine) assert.equal(parseOmittedLine(line)?.number, 12);
          else assert.match(line, /^ {5}|^ {3}\(.*\)$/);
        }
      }),
      { ...SEED, numRuns: 3000 },
    );
  });
});

describe('finding a message by its header line', () => {
  it('gives its number', () => {
    assert.deepEqual(parseHeaderLine(formatHeaderLine(message({ number: 1_000_000 }))), { number: 1_000_000 });
  });

  it('finds none in any other line', () => {
    for (const line of [
      '',
      '#',
      '# 12',
      '#12 12:03:04.123  a',
      '     #12  12:03:04.123  a > b',
      '── 12:03:04.123  #12',
      '#x  12:03:04.123  ',
    ]) {
      assert.equal(parseHeaderLine(line), undefined);
    }
  });
});

describe('lines about the tail itself', () => {
  it('count what a flood kept from the screen, and can be read back', () => {
    const line = formatSkipped(4812, 4_812_000, 120, 4931);
    assert.equal(line, '…  4,812 messages (4.8 MB) not shown: #120–#4931\n');
    assert.deepEqual(parseSkippedLine(line), { count: 4812, from: 120, to: 4931 });
    const one = formatSkipped(1, 10, 7, 7);
    assert.equal(one, '…  1 message (10 B) not shown: #7\n');
    assert.deepEqual(parseSkippedLine(one), { count: 1, from: 7, to: 7 });
    assert.equal(parseSkippedLine(`     ${one}`), undefined);
  });

  it('start with the time and stay one line', () => {
    assert.equal(formatNotice(NOON, 'Connection lost: a\nb'), '── 12:03:04.123  Connection lost: a\\nb\n');
  });
});

describe('the time of a message', () => {
  it('is local, with milliseconds, and right when seconds change back and forth', () => {
    const times = [NOON, NOON + 1, NOON + 877, NOON - 123, NOON + 3_600_000, NOON].map(formatTime);
    assert.deepEqual(times, [
      '12:03:04.123',
      '12:03:04.124',
      '12:03:05.000',
      '12:03:04.000',
      '13:03:04.123',
      '12:03:04.123',
    ]);
  });

  it('has all its digits', () => {
    assert.equal(formatTime(new Date(2026, 0, 1, 0, 5, 9, 7).getTime()), '00:05:09.007');
  });
});
