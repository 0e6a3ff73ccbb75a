import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describeHeaders, describeProperties } from '../../../src/broker/message/properties.ts';

const SEED = { seed: 20263 };

/** The text of one header of that value. */
function headerText(value: unknown): string | undefined {
  return describeHeaders({ name: value })[0]?.text;
}

describe('describing properties', () => {
  it('names all that are set as AMQP does, in its order', () => {
    const described = describeProperties({
      clusterId: 'c',
      contentType: 'text/plain',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority: 0,
      correlationId: '12',
      replyTo: '',
      expiration: '60000',
      messageId: 'm',
      timestamp: 1_700_000_000,
      type: 't',
      userId: 'guest',
      appId: 'warren',
      headers: { a: 1 },
    });
    assert.deepEqual(
      described.map(({ name, text }) => `${name}=${text}`),
      [
        'content-type=text/plain',
        'content-encoding=utf-8',
        'delivery-mode=persistent',
        'priority=0',
        'correlation-id=12',
        'reply-to=""',
        'expiration=60000',
        'message-id=m',
        'timestamp=2023-11-14T22:13:20Z',
        'type=t',
        'user-id=guest',
        'app-id=warren',
        'cluster-id=c',
      ],
    );
  });

  it('leaves out those that are not set', () => {
    assert.deepEqual(describeProperties({ messageId: undefined }), []);
    assert.deepEqual(describeHeaders(undefined), []);
  });

  it('says when a timestamp was sent in milliseconds', () => {
    const [timestamp] = describeProperties({ timestamp: 1_700_000_000_123 });
    assert.equal(timestamp?.text, '2023-11-14T22:13:20.123Z (sent as milliseconds)');
    assert.equal(describeProperties({ timestamp: 2 ** 64 })[0]?.text, '18446744073709552000');
  });
});

describe('describing a header table', () => {
  for (const [what, value, text] of [
    ['a string bare', 'acme corp', 'acme corp'],
    ['a string that looks like a number in quotes', '7', '"7"'],
    ['a string that looks like a boolean in quotes', 'True', '"True"'],
    ['an empty string in quotes', '', '""'],
    ['a string with a space at its end in quotes', 'a ', '"a "'],
    ['a number', -1.5, '-1.5'],
    ['a boolean', false, 'false'],
    ['void', null, 'null'],
    ['a timestamp', { '!': 'timestamp', value: 1_700_000_000 }, '2023-11-14T22:13:20Z'],
    ['a decimal', { '!': 'decimal', value: { places: 2, digits: 5 } }, '0.05'],
    ['another typed value', { '!': 'int', value: 7 }, '7'],
    ['a table that only resembles a typed value', { '!': 'int', value: 7, x: 1 }, '{ !: "int", value: 7, x: 1 }'],
    ['bytes', Buffer.from([0, 0xff]), '<2 bytes: 00 ff>'],
    ['nested tables and arrays', { a: [1, 'x', { b: null }], c: {} }, '{ a: [1, "x", { b: null }], c: {} }'],
    ['line breaks and escapes', 'a\r\nb\u001b[0m\u202e', String.raw`a\r\nb␛[0m\u{202e}`],
    ['an integer that was rounded as such', 2 ** 60, '≈1152921504606847000'],
    ['the largest that was not as it is', Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ] as const) {
    it(`shows ${what}`, () => assert.equal(headerText(value), text));
  }

  it('condenses each death of x-death into a line', () => {
    const death = {
      count: 3,
      reason: 'rejected',
      queue: 'orders',
      time: { '!': 'timestamp', value: 1_700_000_000 },
      exchange: 'orders.events',
      'routing-keys': ['order.created'],
    };
    const expired = {
      count: 1,
      reason: 'expired',
      queue: 'retry',
      exchange: '',
      'routing-keys': ['a', 'b'],
      'original-expiration': '500',
    };
    assert.deepEqual(describeHeaders({ 'x-death': [death, expired] } as never), [
      {
        name: 'x-death',
        text: 'rejected 3 times from orders (orders.events > order.created), first at 2023-11-14T22:13:20Z',
      },
      { name: 'x-death', text: 'expired once from retry ((default) > ["a", "b"]), expiration was 500 ms' },
    ]);
  });

  it('shows an x-death that is none as any other header', () => {
    assert.deepEqual(describeHeaders({ 'x-death': [{ count: 1 }] } as never), [
      { name: 'x-death', text: '{ count: 1 }' },
    ]);
    assert.deepEqual(describeHeaders({ 'x-death': 'x' } as never), [{ name: 'x-death', text: 'x' }]);
  });

  it('counts what it cuts from long strings, long lists and many headers', () => {
    assert.match(headerText('x'.repeat(1000)) ?? '', /^x{400}… \(600 more characters\)$/);
    assert.match(headerText(Array.from({ length: 1000 }, (_, i) => i)) ?? '', /, … \d+ more\]$/);
    const headers = describeHeaders(Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`h${i}`, i])));
    assert.deepEqual([headers.length, headers.at(-1)], [65, { name: '…', text: '6 more headers' }]);
  });

  it('shows no half of a surrogate pair, sent or cut', () => {
    assert.equal(headerText('a\ud83d'), String.raw`a\u{d83d}`);
    assert.equal(headerText(`x${'😀'.repeat(300)}`), `x${'😀'.repeat(199)}… (202 more characters)`);
  });

  it('shows a table that got the prototype of bytes by a header named __proto__', () => {
    const forged = Object.create(Buffer.from('x')) as unknown;
    assert.equal(headerText(forged), '{}');
  });

  it('never throws and keeps every entry to one short, harmless line', () => {
    const value = fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, maxDepth: 5 });
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), value), value, (headers, property) => {
        for (const { name, text } of [
          ...describeHeaders(headers),
          ...describeProperties({ timestamp: property, type: property }),
        ]) {
          assert.doesNotMatch(name + text, /[\p{Cc}\p{Bidi_C}\p{Zl}\p{Zp}]/u);
          assert.ok(text.length < 6000, `${text.length} characters`);
        }
      }),
      { ...SEED, numRuns: 2000 },
    );
  });

  it('is quick with a table nested as deep as a frame allows', () => {
    let table: object = {};
    for (let i = 0; i < 20_000; i++) table = { t: table };
    assert.ok((headerText(table) ?? '').endsWith('… } } } } } }'));
  });
});
