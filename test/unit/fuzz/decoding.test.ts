import assert from 'node:assert/strict';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { encode } from '@msgpack/msgpack';
import avsc from 'avsc';
import * as fc from 'fast-check';
import { messagePack } from '../../../src/broker/decoding/messagePack.ts';
import { openSchema } from '../../../src/broker/decoding/watchedSchema.ts';
import { unzstd } from '../../../src/broker/decoding/zstd.ts';
import { decodeBody, rawText, type Reading } from '../../../src/broker/message/decode.ts';
import { Folder, moneyProto, orderBytes, orderProto } from '../decoding/schemaFiles.ts';
import { zstdFrame, zstdJson } from '../decoding/samples.ts';
import { fuzz } from './fuzz.ts';

const schema = {
  type: 'record',
  name: 'R',
  fields: [
    { name: 'a', type: { type: 'array', items: ['null', 'long', 'string', 'R'] } },
    { name: 'm', type: { type: 'map', values: 'bytes' } },
    { name: 'd', type: ['null', 'double'] },
  ],
} as const;
const avroBytes = avsc.Type.forSchema(schema as never).toBuffer({
  a: [null, 7, 'x', { a: [], m: {}, d: null }],
  m: { k: Buffer.from('v') },
  d: 1.5,
});
const msgpackBytes = Buffer.from(
  encode({ a: [1, 'two', null, { b: new Uint8Array(3) }], c: 2 ** 40, d: 'x'.repeat(40) }),
);
const json = Buffer.from('{"a":[1,2,{"b":"c"}]}');

const samples = [
  avroBytes,
  msgpackBytes,
  orderBytes,
  json,
  Buffer.from('<?xml version="1.0"?><a b="c"><d>e</d><f/></a>'),
  gzipSync(json),
  deflateSync(json),
  brotliCompressSync(json),
  zstdJson.packed,
  zstdFrame({ window: 0x38, blocks: 3, size: 1_000 }),
  gzipSync(msgpackBytes),
];

/** A sample that was cut, or in which some bytes were changed. */
const damaged = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.nat(),
    fc.boolean(),
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
  )
  .map(([sample, cut, isCut, changes]) => {
    const bytes = Buffer.from(isCut ? sample.subarray(0, cut % (sample.length + 1)) : sample);
    for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
    return bytes;
  });
const anyBytes = fc.oneof(
  damaged,
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);
const coding = fc.constantFrom(
  '',
  'gzip',
  'deflate',
  'br',
  'zstd',
  'gzip, br',
  'zstd:utf-8',
  'gzip,gzip,gzip,gzip',
  'lz4',
);

describe('fuzz: decoding bodies', () => {
  const folder = new Folder();
  const readings: (Reading | undefined)[] = [undefined, 'json', 'text', 'xml', 'hex', messagePack];
  before(async () => {
    await folder.create({
      'order.proto': orderProto,
      'common/money.proto': moneyProto,
      'r.avsc': JSON.stringify(schema),
    });
    readings.push((await openSchema('protobuf', folder.path('order.proto'))).decoder('shop.Order'));
    readings.push((await openSchema('avro', folder.path('r.avsc'))).decoder(undefined));
  });
  after(() => folder.remove());

  it('shows something bounded of any bytes, whatever they are said to be', async () => {
    const limit = fc.constantFrom(undefined, 0, 1, 20, 4_096);
    await fuzz(fc.tuple(anyBytes, coding, limit, fc.nat()), ([bytes, contentEncoding, maxBytes, which]) => {
      const as = readings[which % readings.length];
      const body = decodeBody(bytes, { contentEncoding }, { ...(maxBytes !== undefined && { maxBytes }), as, unzstd });
      assert.equal(body.kind === 'empty' && bytes.length > 0 && contentEncoding === '', false);
      assert.ok(body.omittedBytes >= 0);
      assert.ok((body.note ?? '').length < 400, body.note);
      assert.doesNotMatch(body.note ?? '', /\n|undefined|\[object/);
      // oxlint-disable-next-line no-control-regex -- these are what must not be there
      assert.doesNotMatch(body.text, /[\u0000-\u0008\u000b-\u001f]/);
      if (maxBytes !== undefined) assert.ok(body.text.length <= 100 + maxBytes * 45, `${body.text.length} characters`);
      assert.ok(rawText(bytes, { contentEncoding }, { as, unzstd }).length <= 1 << 22);
    });
  });

  it('reads what is whole', () => {
    for (const [bytes, as] of [
      [msgpackBytes, messagePack],
      [orderBytes, readings[6]],
      [avroBytes, readings[7]],
    ] as const) {
      assert.equal(decodeBody(bytes, {}, { as }).kind, 'json');
    }
  });
});
