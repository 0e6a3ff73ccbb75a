/**
 * Makes amqplib read and write header tables exactly. To be imported before amqplib, whose `lib/defs.js` takes these functions
 * when it is loaded. By its path, because the package exports none of its files.
 */
// @ts-expect-error: it has no types.
import untypedCodec from '../../../../node_modules/amqplib/lib/codec.js';
import { decodeTable, wireBytes } from '../../message/fieldTable.ts';

interface Codec {
  /** Writes its length too, and returns how many bytes it wrote. */
  encodeTable(this: void, buffer: Buffer, table: object, offset: number): number;
  decodeFields(bytes: Buffer): object;
}

const codec = untypedCodec as Codec;
const guess = codec.encodeTable;

codec.decodeFields = decodeTable;
codec.encodeTable = (buffer, table, offset) => {
  // amqplib's own `publish` makes an object that inherits from the headers.
  const bytes = wireBytes(table) ?? wireBytes((Object.getPrototypeOf(table) as object | null) ?? {});
  if (!bytes) return guess(buffer, table, offset);
  const size = 4 + bytes.length;
  if (offset + size > buffer.length) throw new RangeError(`The headers are longer than ${buffer.length - 4} bytes`);
  buffer.writeUInt32BE(bytes.length, offset);
  buffer.set(bytes, offset + 4);
  return size;
};
