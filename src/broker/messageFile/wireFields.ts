import type { FieldValue } from './model.ts';
import { literal } from './template.ts';
import { decimalText, numberText } from './numberText.ts';
import { timestampText } from './properties.ts';

/**
 * The values of a header table by the types that they came with.
 * @param bytes without the length
 * @throws RangeError for a table that ends too early; TypeError for what a message file cannot carry
 * @see https://www.rabbitmq.com/amqp-0-9-1-errata#section_3; `L` is read as `l`, as RabbitMQ reads it
 */
export function readWireTable(bytes: Uint8Array): [name: string, value: FieldValue][] {
  return new WireReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).table();
}

const integerTypes = { b: 'int8', B: 'uint8', s: 'int16', u: 'uint16', I: 'int32', i: 'uint32' } as const;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  table(): [name: string, value: FieldValue][] {
    const entries: [string, FieldValue][] = [];
    const names = new Set<string>();
    while (this.#at < this.#bytes.length) {
      const name = this.#text(this.#take(1).readUInt8());
      if (names.has(name)) throw new TypeError(`has the name ${name} twice`);
      names.add(name);
      entries.push([name, this.#value()]);
    }
    return entries;
  }

  #array(): FieldValue[] {
    const items: FieldValue[] = [];
    while (this.#at < this.#bytes.length) items.push(this.#value());
    return items;
  }

  #value(): FieldValue {
    const tag = String.fromCharCode(this.#take(1).readUInt8());
    switch (tag) {
      case 'S':
        return { type: 'string', text: literal(this.#text(this.#length())) };
      case 'x':
        return { type: 'bytes', text: literal(this.#take(this.#length()).toString('base64')) };
      case 't':
        return { type: 'bool', text: literal(String(this.#take(1).readUInt8() !== 0)) };
      case 'V':
        return { type: 'void', text: [] };
      case 'b':
      case 'B':
      case 's':
      case 'u':
      case 'I':
      case 'i':
        return { type: integerTypes[tag], text: literal(String(this.#integer(tag))) };
      case 'l':
      case 'L':
        return { type: 'int64', text: literal(String(this.#take(8).readBigInt64BE())) };
      case 'f':
        return { type: 'float', text: literal(numberText(this.#take(4).readFloatBE())) };
      case 'd':
        return { type: 'double', text: literal(numberText(this.#take(8).readDoubleBE())) };
      case 'T':
        return { type: 'timestamp', text: literal(secondsText(this.#take(8).readBigUInt64BE())) };
      case 'D': {
        const bytes = this.#take(5);
        const text = decimalText({ places: bytes.readUInt8(), digits: bytes.readUInt32BE(1) });
        return { type: 'decimal', text: literal(text) };
      }
      case 'A':
        return { type: 'array', items: new WireReader(this.#take(this.#length())).#array() };
      case 'F':
        return { type: 'table', entries: new WireReader(this.#take(this.#length())).table() };
      default:
        throw new TypeError(`has the unknown type "${tag}"`);
    }
  }

  #integer(tag: keyof typeof integerTypes): number {
    const bytes = this.#take({ b: 1, B: 1, s: 2, u: 2, I: 4, i: 4 }[tag]);
    const isSigned = tag === 'b' || tag === 's' || tag === 'I';
    return isSigned ? bytes.readIntBE(0, bytes.length) : bytes.readUIntBE(0, bytes.length);
  }

  #length(): number {
    return this.#take(4).readUInt32BE();
  }

  #text(length: number): string {
    const bytes = this.#take(length);
    try {
      return utf8.decode(bytes);
    } catch {
      throw new TypeError('has a text that is not UTF-8');
    }
  }

  #take(length: number): Buffer {
    const start = this.#at;
    if (start + length > this.#bytes.length) throw new RangeError('ends too early');
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }
}

function secondsText(seconds: bigint): string {
  return seconds <= BigInt(Number.MAX_SAFE_INTEGER) ? timestampText(Number(seconds)) : String(seconds);
}
