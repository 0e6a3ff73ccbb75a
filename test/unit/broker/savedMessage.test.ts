import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Message } from '../../../src/broker/message/message.ts';
import { decodeTable } from '../../../src/broker/message/fieldTable.ts';
import { loadMessage, saveDraft, saveMessage } from '../../../src/broker/saved/saved.ts';
import { tableBytes } from '../../support/tableBytes.ts';
import { anyJson, fuzz, jsonOf } from '../fuzz/fuzz.ts';
import { headerTable } from '../fuzz/headerTable.ts';

function message(rest: Partial<Message> = {}): Message {
  const receivedAt = Date.UTC(2026, 10, 22, 3, 4, 5, 678);
  const content = Buffer.from('body');
  return { number: 1, receivedAt, exchange: '', routingKey: 'q', redelivered: false, properties: {}, content, ...rest };
}

function saved(rest: Partial<Message>): string {
  const result = saveMessage(message(rest));
  assert.ok('line' in result, JSON.stringify(result));
  return result.line;
}

function headersOf(hex: string): Record<string, unknown> {
  return decodeTable(Buffer.from(hex, 'hex'));
}

function problemOf(line: string): string {
  const result = loadMessage(line);
  assert.ok('problem' in result, 'it was read');
  return result.problem;
}

/** A line with these headers, as a person may write them. */
function lineWith(headers: string): string {
  return `{"warrenMessage":1,"exchange":"","routingKey":"q","properties":{"headers":${headers}},"body":""}`;
}

describe('a saved message', () => {
  it('is a line of JSON with everything by its AMQP name', () => {
    const properties = {
      contentType: 'application/json',
      headers: { tenant: 'acme', retry: true, nothing: null },
      deliveryMode: 2,
      priority: 0,
      messageId: 'é',
      timestamp: 1_700_000_000,
      clusterId: 'c',
    };
    assert.equal(
      saved({ exchange: 'orders', routingKey: 'new', redelivered: true, properties }),
      '{"warrenMessage":1,"receivedAt":"2026-11-22T03:04:05.678Z","exchange":"orders","routingKey":"new","redelivered":true,' +
        '"properties":{"content-type":"application/json","message-id":"é","cluster-id":"c","delivery-mode":2,"priority":0,' +
        '"timestamp":1700000000,"headers":{"tenant":"acme","retry":true,"nothing":null}},"body":"Ym9keQ=="}',
    );
  });

  it('says the type of what JSON has no plain form for', () => {
    const cases: readonly [hex: string, json: string][] = [
      ['016e49fffffffb', '{"n":-5}'],
      ['016e62fb', '{"n":{"!":"int8","value":-5}}'],
      ['016e42fb', '{"n":{"!":"uint8","value":251}}'],
      ['016e73fffb', '{"n":{"!":"int16","value":-5}}'],
      ['016e75fffb', '{"n":{"!":"uint16","value":65531}}'],
      ['016e69fffffffb', '{"n":{"!":"uint32","value":4294967291}}'],
      ['016e6c7fffffffffffffff', '{"n":{"!":"int64","value":"9223372036854775807"}}'],
      ['016e4cffffff0000000000', '{"n":{"!":"long","value":"-1099511627776"}}'],
      ['016e543fffffffffffffff', '{"n":{"!":"timestamp","value":"4611686018427387903"}}'],
      ['016e643ff8000000000000', '{"n":1.5}'],
      ['016e643ff0000000000000', '{"n":{"!":"double","value":1}}'],
      ['016e647ff8000000000001', '{"n":{"!":"double","hex":"7ff8000000000001"}}'],
      ['016e663dcccccd', '{"n":{"!":"float","value":0.10000000149011612}}'],
      ['016e4402000004d2', '{"n":{"!":"decimal","value":"12.34"}}'],
      ['016e4400000004d2', '{"n":{"!":"decimal","value":"1234"}}'],
      ['016e7402', '{"n":{"!":"boolean","value":2}}'],
      ['016e78000000020102', '{"n":{"!":"bytes","base64":"AQI="}}'],
      ['016e5300000001ff', '{"n":{"!":"string","base64":"/w=="}}'],
      ['013156', '{"!":"table","value":[["1",null]]}'],
      ['01ff56', '{"!":"table","value":[[{"!":"string","base64":"/w=="},null]]}'],
      ['016156016156', '{"!":"table","value":[["a",null],["a",null]]}'],
      ['016e4600000003012156', '{"n":{"!":"table","value":[["!",null]]}}'],
      ['016e41000000025656', '{"n":[null,null]}'],
    ];
    for (const [hex, json] of cases) {
      const line = saved({ properties: { headers: headersOf(hex) } });
      assert.equal(/"headers":(.*)\},"body"/.exec(line)?.[1], json);
      const loaded = loadMessage(line);
      assert.ok('draft' in loaded, json);
      assert.equal(tableBytes(loaded.draft.properties.headers ?? {}).toString('hex'), hex, json);
    }
  });

  it('is what it was, whatever its headers', async () => {
    await fuzz(headerTable, (bytes) => {
      let headers: Record<string, unknown>;
      try {
        headers = decodeTable(bytes);
      } catch {
        return;
      }
      const result = saveMessage(message({ properties: { headers } }));
      if ('problem' in result) {
        assert.match(result.problem, /nested more than|not as long as they say/);
        return;
      }
      assert.ok(!result.line.includes('\n'));
      const loaded = loadMessage(result.line);
      assert.ok('draft' in loaded, JSON.stringify(loaded));
      assert.equal(tableBytes(loaded.draft.properties.headers ?? {}).toString('hex'), bytes.toString('hex'));
    });
  });

  it('is what it was, whatever its bytes, names and other properties', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 }).filter((each) => !/\p{Cs}|\uFFFD/u.test(each));
    const some = fc.record(
      { contentType: text, correlationId: text, expiration: text, userId: text, clusterId: text, type: text },
      { requiredKeys: [] },
    );
    const byte = fc.nat(255);
    const counted = fc.record({ deliveryMode: byte, priority: byte, timestamp: fc.maxSafeNat() }, { requiredKeys: [] });
    await fuzz(fc.tuple(some, counted, text, text, fc.uint8Array()), ([a, b, exchange, routingKey, content]) => {
      const properties = { ...a, ...b };
      const loaded = loadMessage(saved({ exchange, routingKey, content, properties }));
      assert.ok('draft' in loaded, JSON.stringify(loaded));
      assert.deepEqual(loaded.draft, { exchange, routingKey, content: Buffer.from(content), properties });
    });
  });

  it('is refused where something of it is not known any more, with what that is', () => {
    const cases: readonly [Partial<Message>, RegExp][] = [
      [{ properties: { correlationId: 'a\uFFFD' } }, /correlation-id is not UTF-8/],
      [{ routingKey: '\uFFFD' }, /routing key is not UTF-8/],
      [{ properties: { timestamp: 2 ** 60 } }, /timestamp is too large/],
    ];
    for (const [rest, expected] of cases) {
      const result = saveMessage(message(rest));
      assert.match('problem' in result ? result.problem : 'saved', expected);
    }
  });

  it('may be one that was made to be published, with the types that it was given', () => {
    const headers = {
      n: { '!': 'int', value: 5 },
      big: { '!': 'long', value: 2 ** 40 },
      byte: { '!': 'uint8', value: 200 },
      half: { '!': 'float', value: 0.5 },
      at: { '!': 'timestamp', value: 60 },
      deep: { list: [{ '!': 'short', value: -1 }] },
    };
    const properties = { headers, persistent: true, expiration: 1_000 };
    const result = saveDraft({ exchange: 'e', routingKey: 'k', content: Buffer.from('x'), properties }, 0);
    assert.ok('line' in result);
    const line = JSON.parse(result.line) as { properties: Record<string, unknown> };
    assert.deepEqual(line.properties, {
      'delivery-mode': 2,
      expiration: '1000',
      headers: {
        n: 5,
        big: { '!': 'int64', value: '1099511627776' },
        byte: { '!': 'uint8', value: 200 },
        half: { '!': 'float', value: 0.5 },
        at: { '!': 'timestamp', value: '60' },
        deep: { list: [{ '!': 'int16', value: -1 }] },
      },
    });
    assert.ok('draft' in loadMessage(result.line));
  });

  it('is read from any line or not, and nothing is thrown', async () => {
    const line = saved({ properties: { headers: headersOf('016e49fffffffb') } });
    const cut = fc.tuple(fc.nat(line.length), fc.nat(20), fc.string()).map(([at, length, text]) => {
      return line.slice(0, at) + text + line.slice(at + length);
    });
    const json = anyJson.map(jsonOf);
    const lines = fc.oneof(fc.string(), json, json.map(lineWith), cut);
    await fuzz(lines, (each) => {
      const loaded = loadMessage(each);
      assert.ok('draft' in loaded || loaded.problem.length > 0);
    });
    assert.match(problemOf('['.repeat(1_000_000)), /not JSON/);
    assert.match(problemOf(lineWith('{"a":'.repeat(600) + '1' + '}'.repeat(600))), /nested more than 500 deep/);
    assert.match(problemOf(lineWith('{"a":' + '['.repeat(100_000) + ']'.repeat(100_000) + '}')), /nested|not JSON/);
  });

  it('is refused with what is wrong with it', () => {
    const cases: readonly [string, RegExp][] = [
      ['{}', /no message that this version of Warren saves/],
      ['[]', /must be an object/],
      ['{"warrenMessage":2}', /this version/],
      [lineWith('{}').replace('"body":""', '"body":"a"'), /body is not base64/],
      [lineWith('{}').replace('"exchange"', '"exchnage"'), /unknown field "exchnage"/],
      [lineWith('{}').replace('"headers"', '"Priority":1,"headers"'), /unknown field "Priority"/],
      [lineWith('{}').replace('"headers"', '"priority":256,"headers"'), /priority must be a whole number up to 255/],
      [lineWith('{"n":2147483648}'), /2147483648, whose type must be given/],
      [lineWith('{"n":-0}'), /whose type must be given/],
      [lineWith('{"n":{"!":"int8","value":128}}'), /128 is out of the range of int8/],
      [lineWith('{"n":{"!":"int64","value":5}}'), /int64 must be a whole number, as text/],
      [lineWith('{"n":{"!":"int64","value":"9223372036854775808"}}'), /out of the range of int64/],
      [lineWith('{"n":{"!":"float","value":0.1}}'), /0.1 is no float of 32 bits/],
      [lineWith('{"n":{"!":"decimal","value":"4294967296"}}'), /decimal must be/],
      [lineWith('{"n":{"!":"quad","value":1}}'), /type "quad", which Warren does not know/],
      [lineWith('{"n":{"!":"table","value":[["a"]]}}'), /list of pairs/],
      [lineWith('{"n":"\\ud800"}'), /half of a surrogate pair/],
      [lineWith(`{"${'n'.repeat(256)}":null}`), /header name is longer than 255 bytes/],
      [lineWith('[]'), /headers must be an object/],
      [lineWith('{"!":"int8","value":1}'), /headers must be a table/],
    ];
    for (const [line, expected] of cases) assert.match(problemOf(line), expected, line);
  });
});
