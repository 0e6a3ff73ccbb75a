import avsc, { type Schema, type Type } from 'avsc';
import { toError } from '../../common/errors.ts';
import type { StructuredDecoder } from '../message/decode.ts';
import { TookTooLong, watched } from '../watched.ts';
import { jsonTextOf } from './jsonText.ts';
import type { ReadText, SchemaFile } from './schemaFile.ts';

/** As long as a body of so many bytes may take, in milliseconds: a list of 2^60 nothings is ten bytes. */
const limitMs = (bytes: number): number => 100 + bytes / 20_000;

/** A `long` has 64 bits, a number of JavaScript 53. */
// oxlint-disable-next-line no-underscore-dangle -- avsc's name for it
const long = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: (value: unknown) => BigInt(value as number),
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)),
  compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
});

/**
 * Reads an Avro schema in JSON; a list in it is a union, each type of which may be chosen too.
 * @throws Error with a clause that says why it cannot be used
 */
export async function openAvro(path: string, read: ReadText): Promise<SchemaFile> {
  const text = await read(path);
  const schema = JSON.parse(text) as Schema;
  const type = avsc.Type.forSchema(schema, { registry: { long } });
  const branches = new Map(branchesOf(type).map((each) => [each.name ?? each.typeName, each]));
  return {
    files: [path],
    types: [...branches.keys()],
    decoder: (name) => {
      const chosen = name === undefined ? type : branches.get(name);
      if (!chosen) throw new Error(`it has no type ${name}`);
      return decoderOf(chosen);
    },
  };
}

function branchesOf(type: Type): readonly Type[] {
  return 'types' in type && Array.isArray(type.types) ? (type.types as Type[]) : [type];
}

function decoderOf(type: Type): StructuredDecoder {
  return {
    name: type.name ?? `Avro ${type.typeName}`,
    decode(bytes) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      const prefix = prefixLength(buffer);
      if (prefix === 0) return { json: decode(type, buffer) };
      try {
        return { json: decode(type, buffer.subarray(prefix)) };
      } catch (error) {
        // What looks like a prefix may be the message.
        if (error instanceof TookTooLong) throw error;
        return { json: decode(type, buffer) };
      }
    },
  };
}

function decode(type: Type, buffer: Buffer): string {
  let json = '';
  try {
    watched(() => {
      json = jsonTextOf(type.fromBuffer(buffer));
    }, limitMs(buffer.length));
  } catch (error) {
    if (error instanceof TookTooLong) throw new Error('it takes too long to decode', { cause: error });
    throw new Error(toError(error).message, { cause: error });
  }
  return json;
}

/**
 * Avro's single-object encoding has two bytes and the schema's fingerprint before the value, Confluent's wire format a zero and
 * the schema's id.
 * @see https://avro.apache.org/docs/current/specification/#single-object-encoding
 */
function prefixLength(bytes: Buffer): number {
  if (bytes.length >= 10 && bytes[0] === 0xc3 && bytes[1] === 0x01) return 10;
  return bytes.length >= 5 && bytes[0] === 0 ? 5 : 0;
}
