/** Makes amqplib's connections read frames by `FrameReader`. To be imported after `exactTables.ts`. */
import type { Duplex } from 'node:stream';
// @ts-expect-error: it has no types.
import untypedConnection from '../../../../node_modules/amqplib/lib/connection.js';
// @ts-expect-error: it has no types.
import untypedDefs from '../../../../node_modules/amqplib/lib/defs.js';
// @ts-expect-error: it has no types.
import untypedFrame from '../../../../node_modules/amqplib/lib/frame.js';
import { FrameReader, type Frame } from './frameReader.ts';

/** What amqplib's `Connection` has that is used here. */
interface Inside {
  readonly stream: Duplex;
  readonly maxFrameSize: number;
  recvSinceLastCheck: boolean;
  recvFrame(): object | false;
}

const { Connection } = untypedConnection as { readonly Connection: { readonly prototype: Inside } };
const { decode, constants } = untypedDefs as {
  decode(this: void, id: number, bytes: Buffer): object;
  readonly constants: Readonly<Record<'FRAME_METHOD' | 'FRAME_HEADER' | 'FRAME_BODY' | 'FRAME_HEARTBEAT', number>>;
};
const { HEARTBEAT } = untypedFrame as { readonly HEARTBEAT: object };
const { FRAME_METHOD, FRAME_HEADER, FRAME_BODY, FRAME_HEARTBEAT } = constants;

/** What a payload begins with: a method's number; of a header its class, weight and the body's size. */
const leastBytes: Readonly<Record<number, number>> = { [FRAME_METHOD]: 4, [FRAME_HEADER]: 12 };

if (!('recvFrame' in Connection.prototype)) throw new Error('amqplib is another than Warren was written for');

const readers = new WeakMap<Inside, FrameReader>();

Connection.prototype.recvFrame = function recvFrame(this: Inside): object | false {
  let reader = readers.get(this);
  if (!reader) readers.set(this, (reader = new FrameReader()));
  for (;;) {
    const frame = reader.next(this.maxFrameSize);
    if (frame) return decoded(frame);
    const chunk = this.stream.read() as Buffer | null;
    if (chunk === null) return false;
    this.recvSinceLastCheck = true;
    reader.add(chunk);
  }
};

/** As amqplib's `decodeFrame` has it. @throws Error when it is no frame of AMQP 0-9-1 */
function decoded({ type, channel, bytes, start, end }: Frame): object {
  if (end - start < (leastBytes[type] ?? 0)) throw new Error('Invalid frame');
  switch (type) {
    case FRAME_METHOD: {
      const id = bytes.readUInt32BE(start);
      return { id, channel, fields: decode(id, bytes.subarray(start + 4, end)) };
    }
    case FRAME_HEADER: {
      const id = bytes.readUInt16BE(start);
      const size = bytes.readInt32BE(start + 4) * 2 ** 32 + bytes.readUInt32BE(start + 8);
      return { id, channel, size, fields: decode(id, bytes.subarray(start + 12, end)) };
    }
    case FRAME_BODY:
      return { channel, content: bytes.subarray(start, end) };
    case FRAME_HEARTBEAT:
      return HEARTBEAT;
    default:
      throw new Error(`Unknown frame type ${type}`);
  }
}
