import assert from 'node:assert/strict';
import * as fc from 'fast-check';
// oxlint-disable-next-line import/no-unassigned-import
import '../../../src/broker/connection/amqplib/amqplib.ts';
// @ts-expect-error: it has no types.
import untypedConnection from '../../../node_modules/amqplib/lib/connection.js';
// @ts-expect-error: it has no types.
import untypedDefs from '../../../node_modules/amqplib/lib/defs.js';
// @ts-expect-error: it has no types.
import untypedFrame from '../../../node_modules/amqplib/lib/frame.js';
import { fuzz } from './fuzz.ts';

interface Reading {
  readonly stream: { read(): Buffer | null };
  readonly maxFrameSize: number;
  recvSinceLastCheck: boolean;
  recvFrame(): object | false;
}

const { Connection } = untypedConnection as { readonly Connection: { readonly prototype: Reading } };
const { encodeMethod, encodeProperties, BasicDeliver, BasicProperties } = untypedDefs as {
  encodeMethod(this: void, id: number, channel: number, fields: object): Buffer;
  encodeProperties(this: void, id: number, channel: number, size: number, fields: object): Buffer;
  readonly BasicDeliver: number;
  readonly BasicProperties: number;
};
const { parseFrame, decodeFrame, HEARTBEAT, HEARTBEAT_BUF } = untypedFrame as {
  parseFrame(this: void, bytes: Buffer, most: number): { readonly rest: Buffer } | false;
  decodeFrame(this: void, frame: object): object;
  readonly HEARTBEAT: object;
  readonly HEARTBEAT_BUF: Buffer;
};

const longest = 5_000;
const channel = fc.integer({ min: 0, max: 0xffff });
const name = fc.string({ unit: 'grapheme', maxLength: 40 });
const delivery = fc
  .record({
    consumerTag: name,
    deliveryTag: fc.maxSafeNat(),
    redelivered: fc.boolean(),
    exchange: name,
    routingKey: name,
  })
  .chain((fields) => channel.map((each) => encodeMethod(BasicDeliver, each, fields)));
const header = fc
  .record({ contentType: name, messageId: name, priority: fc.nat(255) }, { requiredKeys: [] })
  .chain((fields) =>
    fc
      .tuple(channel, fc.maxSafeNat())
      .map(([each, size]) => encodeProperties(BasicProperties, each, size, { headers: {}, ...fields })),
  );
const body = fc.tuple(channel, fc.uint8Array({ maxLength: longest })).map(([each, bytes]) => bodyFrame(each, bytes));
const stream = fc
  .array(fc.oneof(delivery, header, body, fc.constant(HEARTBEAT_BUF)), { maxLength: 12 })
  .map((frames) => Buffer.concat(frames));
/** Sizes of the chunks in which a socket reads: one byte at a time, some frames at once, or anything. */
const cuts = fc.array(
  fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3 * longest })),
  {
    minLength: 1,
  },
);

describe('fuzz: frames', () => {
  it('reads the frames that amqplib reads, however they are cut', async () => {
    await fuzz(fc.tuple(stream, cuts), ([bytes, sizes]) => {
      assert.deepEqual(read(bytes, sizes), amqplibReads(bytes));
    });
  });

  it('refuses what amqplib refuses, after the same frames', async () => {
    const damaged = fc
      .tuple(stream, fc.nat(), fc.nat(255))
      .filter(([bytes]) => bytes.length > 0)
      .map(([bytes, at, value]) => {
        const other = Buffer.from(bytes);
        other[at % other.length] = value;
        return other;
      });
    await fuzz(fc.tuple(damaged, cuts), ([bytes, sizes]) => {
      assert.deepEqual(read(bytes, sizes), amqplibReads(bytes));
    });
  });

  it('knows a heartbeat as amqplib does, and takes note that something came', () => {
    const connection = reading(HEARTBEAT_BUF, [3]);
    assert.equal(connection.recvFrame(), HEARTBEAT);
    assert.equal(connection.recvSinceLastCheck, true);
    assert.equal(connection.recvFrame(), false);
  });
});

function bodyFrame(number: number, payload: Uint8Array): Buffer {
  const start = Buffer.alloc(7);
  start.writeUInt8(3, 0);
  start.writeUInt16BE(number, 1);
  start.writeUInt32BE(payload.length, 3);
  return Buffer.concat([start, payload, Buffer.from([0xce])]);
}

/** A connection whose socket has these bytes, in chunks of these sizes in turn. */
function reading(bytes: Buffer, sizes: readonly number[]): Reading {
  let at = 0;
  let chunks = 0;
  const nextChunk = (): Buffer | null => {
    if (at === bytes.length) return null;
    const size = sizes[chunks++ % sizes.length] ?? 1;
    // A chunk of its own, as a socket gives it.
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    at += chunk.length;
    return chunk;
  };
  return Object.assign(Object.create(Connection.prototype) as Reading, {
    stream: { read: nextChunk },
    maxFrameSize: longest,
    recvSinceLastCheck: false,
  });
}

type Outcome = readonly (object | string)[];

/** All frames, and whether what came after them was refused. */
function read(bytes: Buffer, sizes: readonly number[]): Outcome {
  const connection = reading(bytes, sizes);
  return framesUntilError(() => connection.recvFrame());
}

function amqplibReads(bytes: Buffer): Outcome {
  let rest = bytes;
  return framesUntilError(() => {
    const frame = parseFrame(rest, longest);
    if (!frame) return false;
    rest = frame.rest;
    return decodeFrame(frame);
  });
}

function framesUntilError(next: () => object | false): Outcome {
  const frames: (object | string)[] = [];
  try {
    for (let frame = next(); frame; frame = next()) frames.push(frame);
  } catch (error) {
    assert.ok(error instanceof Error);
    frames.push('refused');
  }
  return frames;
}
