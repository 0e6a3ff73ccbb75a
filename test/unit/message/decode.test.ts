import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodeBody } from '../../../src/broker/message/decode.ts';

const SEED = { seed: 20262 };
const JSON_TYPE = { contentType: 'application/json' };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const anyContentType = fc.oneof(
  fc.constantFrom(
    'application/json',
    'text/plain; charset=utf-16le',
    'text/plain;charset="shift_jis"',
    'image/png',
    'a/b; charset=x',
  ),
  fc.string(),
  fc.anything(),
);
const anyProperties = fc.record(
  {
    contentType: anyContentType,
    contentEncoding: fc.oneof(fc.constantFrom('gzip', 'utf-8', 'binary', 'latin1'), fc.anything()),
  },
  { requiredKeys: [] },
);
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 80 }).map(utf8),
  fc.json().map(utf8),
);

describe('decoding a body', () => {
  it('never throws, and accounts for every byte, whatever the bytes and properties', () => {
    fc.assert(
      fc.property(
        anyBytes,
        anyProperties,
        fc.option(fc.integer({ min: -1, max: 100 }), { nil: undefined }),
        (bytes, properties, max) => {
          const body = decodeBody(bytes, properties, max === undefined ? {} : { maxBytes: max });
          const shown = bytes.length - body.omittedBytes;
          assert.ok(shown >= 0 && shown <= Math.max(0, max ?? Infinity));
          if (max === undefined) assert.equal(body.omittedBytes, 0);
          assert.equal(body.kind === 'empty', bytes.length === 0);
        },
      ),
      { ...SEED, numRuns: 3000 },
    );
  });

  it('shows no character that cannot be seen, nor a line break but LF', () => {
    const odd = fc.constantFrom(
      '\r',
      '\r\n',
      '\u2028',
      '\u0085',
      '\u001b[31m',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u0007',
      'a',
      '{',
      '"',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(odd), fc.constantFrom('text/plain', 'application/json', undefined), (parts, contentType) => {
        const { text } = decodeBody(utf8(parts.join('')), { contentType });
        assert.doesNotMatch(text, /(?!\n)[\p{Cc}\p{Bidi_C}\p{Zl}\p{Zp}\u200b]/u);
      }),
      SEED,
    );
  });

  it('indents JSON by its type or by its looks', () => {
    for (const contentType of [
      'application/json',
      'application/vnd.api+json; v=1',
      'TEXT/JSON',
      'application/octet-stream',
      undefined,
    ]) {
      const body = decodeBody(utf8('{"id":7}'), { contentType });
      assert.deepEqual([body.kind, body.languageId, body.text], ['json', 'json', '{\n  "id": 7\n}']);
    }
  });

  it('does not take a bare word or number for JSON unless its type says so', () => {
    assert.equal(decodeBody(utf8('42'), {}).kind, 'text');
    assert.equal(decodeBody(utf8('42'), JSON_TYPE).kind, 'json');
  });

  it('shows invalid JSON as the text that it is', () => {
    const body = decodeBody(utf8('{"id":7'), JSON_TYPE);
    assert.deepEqual([body.kind, body.text], ['text', '{"id":7']);
  });

  it('makes a hidden character in JSON visible without changing the value', () => {
    const value = { name: 'a\u202eb\u007f\ufeffc' };
    const { text } = decodeBody(utf8(JSON.stringify(value)), JSON_TYPE);
    assert.ok(text.includes('\\u202e'));
    assert.deepEqual(JSON.parse(text), value);
  });

  it('indents a JSON body up to where it was cut', () => {
    const body = decodeBody(utf8('{"id":7,"total":12.5}'), JSON_TYPE, { maxBytes: 12 });
    assert.deepEqual([body.kind, body.text, body.omittedBytes], ['json', '{\n  "id": 7,\n  "tot', 9]);
  });

  it('never splits a character where it cuts', () => {
    for (const [charset, bytes] of [
      ['utf-8', utf8('ab€😀')],
      ['utf-16le', Uint8Array.from(Buffer.from('a€😀b', 'utf16le'))],
      ['shift_jis', Uint8Array.of(0x61, 0x93, 0xfa, 0x96, 0x7b)],
    ] as const) {
      const whole = new TextDecoder(charset).decode(bytes);
      for (let maxBytes = 0; maxBytes <= bytes.length; maxBytes++) {
        const body = decodeBody(bytes, { contentType: `text/plain; charset=${charset}` }, { maxBytes });
        const shown = bytes.length - body.omittedBytes;
        assert.equal(body.kind, 'text');
        assert.ok(whole.startsWith(body.text), `${charset} cut at ${maxBytes}`);
        assert.equal(body.text, new TextDecoder(charset).decode(bytes.subarray(0, shown)));
        assert.ok(maxBytes - shown <= 3);
      }
    }
  });

  it('does not take a byte that no text can have for a character that was cut', () => {
    const bytes = Uint8Array.of(0x61, 0x62, 0xff, 0x63);
    assert.equal(decodeBody(bytes, {}, { maxBytes: 3 }).kind, 'hex');
    assert.equal(decodeBody(bytes, {}, { maxBytes: 2 }).text, 'ab');
  });

  it('reads text in the charset that content-type or content-encoding names', () => {
    assert.equal(decodeBody(Uint8Array.of(0xe9, 0x21), { contentType: 'text/plain; charset="ISO-8859-1"' }).text, 'é!');
    assert.equal(decodeBody(Uint8Array.of(0xe9, 0x21), { contentEncoding: 'latin1' }).text, 'é!');
    assert.equal(decodeBody(utf8('é'), { contentType: 'text/plain; charset=nonsense' }).text, 'é');
  });

  it('dumps what is not text as hex, 16 bytes a line with their ASCII', () => {
    const body = decodeBody(Uint8Array.of(0xff, 0, 0x41, 0x7c, 0x20, 0x7e, 0x7f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x42), {});
    assert.equal(body.kind, 'hex');
    assert.equal(
      body.text,
      '00000000  ff 00 41 7c 20 7e 7f 01  02 03 04 05 06 07 08 09  |..A| ~..........|\n' +
        '00000010  42                                                |B|',
    );
  });

  it('takes UTF-8 with binary values for binary, unless it is declared to be text', () => {
    const nul = utf8('a\0b');
    assert.equal(decodeBody(nul, {}).kind, 'hex');
    assert.equal(decodeBody(utf8('\n\u0005hello'), { contentType: 'application/x-protobuf' }).kind, 'hex');
    for (const contentType of ['text/plain', 'application/x-odd; charset=utf-8', 'application/json']) {
      assert.equal(decodeBody(nul, { contentType }).text, 'a␀b');
    }
    assert.equal(decodeBody(utf8('8=FIX.4.2\u00019=65\u000135=A'), {}).text, '8=FIX.4.2␁9=65␁35=A');
  });

  it('names the language that an editor should show it in', () => {
    const languages = {
      'text/html': 'html',
      'application/atom+xml': 'xml',
      'application/x-yaml': 'yaml',
      'text/plain': 'plaintext',
    };
    for (const [contentType, id] of Object.entries(languages))
      assert.equal(decodeBody(utf8('x'), { contentType }).languageId, id);
  });

  it('looks at no byte beyond the limit', () => {
    const bytes = utf8('[1,2,3]'.padEnd(64));
    const guarded = new Proxy(bytes, {
      get(target, key) {
        assert.ok(typeof key !== 'string' || !/^\d+$/.test(key), 'reads bytes one by one');
        if (key === 'subarray') return (start: number, end: number) => target.slice(start, Math.min(end, 4));
        return Reflect.get(target, key, target) as unknown;
      },
    });
    assert.equal(decodeBody(guarded, {}, { maxBytes: 4 }).omittedBytes, 60);
  });

  it('bounds even what is asked for whole', () => {
    const body = decodeBody(new Uint8Array(17 * 1024 * 1024).fill(0x20), { contentType: 'text/plain' });
    assert.equal(body.omittedBytes, 1024 * 1024);
  });
});
