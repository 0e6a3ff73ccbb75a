import assert from 'node:assert/strict';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { unzstd } from '../../../src/broker/decoding/zstd.ts';
import { parseContentEncoding } from '../../../src/broker/message/contentEncoding.ts';
import { decodeBody, rawText } from '../../../src/broker/message/decode.ts';
import { unpack } from '../../../src/broker/message/unpack.ts';
import { zstdFrame, zstdJson } from './samples.ts';

const json = '{"id":7}';
const shown = '{\n  "id": 7\n}';
const encoded = (contentEncoding: string): { contentEncoding: string } => ({ contentEncoding });

describe('the content coding of a body', function () {
  // They pack megabytes, perhaps on a busy machine.
  this.timeout(60_000);

  it('is read as HTTP writes it, and as Spring and Kombu do', () => {
    for (const [value, codings, charset] of [
      ['gzip', ['gzip'], ''],
      [' X-GZIP ', ['gzip'], ''],
      ['gzip, br', ['gzip', 'br'], ''],
      ['gzip:UTF-8', ['gzip'], 'utf-8'],
      ['utf-8', [], 'utf-8'],
      ['identity', [], ''],
      [7, [], ''],
    ] as const) {
      const encoding = parseContentEncoding(value);
      assert.deepEqual([encoding.codings, encoding.charset, encoding.unreadable], [codings, charset, undefined]);
    }
    assert.equal(parseContentEncoding('snappy').unreadable, 'snappy');
    assert.equal(parseContentEncoding('gzip,gzip,gzip,gzip,gzip').unreadable, '5 codings');
  });

  it('is undone, and said', () => {
    for (const [coding, bytes] of [
      ['gzip', gzipSync(json)],
      ['deflate', deflateSync(json)],
      ['deflate', deflateRawSync(json)],
      ['br', brotliCompressSync(json)],
      ['gzip, br', brotliCompressSync(gzipSync(json))],
    ] as const) {
      const body = decodeBody(bytes, { ...encoded(coding), contentType: 'application/json' });
      assert.deepEqual([body.kind, body.text, body.note], ['json', shown, `${coding}, 8 B unpacked`]);
      assert.equal(rawText(bytes, encoded(coding)), json);
    }
  });

  it('zstd is undone without the help of Node', () => {
    for (const bytes of [zstdJson.packed, zstdJson.packedWithoutChecksum]) {
      assert.deepEqual(unzstd(bytes, 10_000), { bytes: Buffer.from(zstdJson.text), isWhole: true });
      assert.deepEqual(unzstd(bytes, 100), { bytes: Buffer.from(zstdJson.text.slice(0, 100)), isWhole: false });
      const body = decodeBody(bytes, encoded('zstd'), { unzstd });
      assert.deepEqual([body.kind, JSON.parse(body.text)], ['json', JSON.parse(zstdJson.text)]);
      assert.match(body.note ?? '', /^zstd, \d+ B unpacked$/);
    }
  });

  it('that does not fit the bytes leaves them as they are, and says why', () => {
    for (const [coding, bytes, reason] of [
      ['gzip', Buffer.from(json), 'gzip: incorrect header check'],
      ['gzip', gzipSync(json).subarray(0, 20), 'gzip: unexpected end of file'],
      ['br', Buffer.from('hello world'), 'br: decompression failed'],
      ['deflate', Buffer.from('hello world'), 'deflate: '],
      ['br, gzip', gzipSync(json), 'br: '],
      ['lz4', Buffer.from(json), 'lz4 cannot be unpacked here'],
    ] as const) {
      const body = decodeBody(bytes, encoded(coding));
      assert.equal(body.kind, 'hex');
      assert.ok(body.note?.startsWith(reason), body.note);
      assert.ok(body.note?.endsWith('; shown as bytes'), body.note);
      assert.equal(typeof rawText(bytes, encoded(coding)), 'string');
    }
    const odd = decodeBody(Buffer.from('hello world'), encoded('zstd'), { unzstd });
    assert.match(odd.note ?? '', /^zstd: .+; shown as bytes$/);
  });

  it('is undone only as far as a limit asks for it, and what follows is said to be unknown', () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `line ${i}`).join('\n');
    for (const [coding, bytes] of [
      ['gzip', gzipSync(lines)],
      ['deflate', deflateSync(lines)],
      ['br', brotliCompressSync(lines, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })],
    ] as const) {
      const body = decodeBody(bytes, encoded(coding), { maxBytes: 1_000 });
      assert.equal(body.text, lines.slice(0, 1_000));
      assert.deepEqual([body.isMoreUnknown, body.note], [true, `${coding}, unpacked in part`]);
      assert.ok(body.omittedBytes > 0);
      const whole = decodeBody(bytes, encoded(coding));
      assert.deepEqual([whole.text.length, whole.omittedBytes], [lines.length, 0]);
    }
  });

  it('never makes more than its limit, whatever the bytes would unpack to', () => {
    const zeros = Buffer.alloc(16 * 1024 * 1024);
    const bombs = [
      ['gzip', gzipSync(zeros)],
      ['deflate', deflateSync(zeros)],
      ['br', brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
      ['zstd', zstdFrame({ window: 0x38, blocks: 200, size: 128 * 1024 })],
    ] as const;
    for (const [coding, bytes] of bombs) {
      for (const most of [1, 1_000, 100_000]) {
        const unpacked = unpack(bytes, [coding], most, unzstd);
        if (typeof unpacked === 'string') assert.match(unpacked, /unpacks to more than/);
        else assert.ok(unpacked.bytes.length <= most && !unpacked.isWhole, `${coding} ${unpacked.bytes.length}`);
      }
    }
    const twice = gzipSync(gzipSync(zeros));
    assert.equal(typeof unpack(twice, ['gzip', 'gzip'], 100_000), 'object');
  });

  it('zstd takes neither the memory nor the time that a frame asks for', () => {
    const two = zstdFrame({ window: 0xa8, blocks: 1, size: 10 });
    assert.match(unpacking(two), /it needs 2\.1 GB of memory/);
    const single = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0]);
    assert.match(unpacking(single), /it needs 2\.1 GB of memory/);
    // Each block of one byte makes its decoder move 8 MB.
    assert.match(unpacking(zstdFrame({ window: 0x68, blocks: 100_000, size: 1 })), /too long/);
  });
});

function unpacking(bytes: Buffer): string {
  try {
    unzstd(bytes, 1 << 20);
    return 'it was unpacked';
  } catch (error) {
    return (error as Error).message;
  }
}
