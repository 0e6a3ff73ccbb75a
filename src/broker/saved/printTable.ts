import { isUtf8 } from 'node:buffer';
import { wireBytes } from '../message/fieldTable.ts';
import { NotSavable } from './notSavable.ts';
import { arePlainNames, deepest, integers, type IntegerType, type TypedJson } from './typedJson.ts';

/** A header table as amqplib gives it, in JSON. @throws NotSavable */
export function printTable(table: object): TypedJson {
  return printValue(table, 1);
}

/** By the values, as amqplib would encode them; by the bytes where these say more. */
function printValue(value: unknown, depth: number): TypedJson {
  if (depth > deepest) throw new NotSavable(`its headers are nested more than ${deepest} deep`);
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value;
    case 'number':
      return printGuessed(value);
    case 'object':
      return value === null ? null : printObject(value, depth);
    default:
      throw new NotSavable('a header has a value that AMQP has no type for');
  }
}

function printObject(value: object, depth: number): TypedJson {
  if (Array.isArray(value)) return value.map((item) => printValue(item, depth + 1));
  if (value instanceof Uint8Array) return bytesJson('bytes', value);
  const bytes = wireBytes(value);
  if (bytes) return new TablePrinter(bytes).print(depth);
  if (Object.hasOwn(value, '!')) return printTyped(value as { readonly '!': unknown; readonly value: unknown });
  const entries = Object.entries(value).map(([name, item]): [string, TypedJson] => [name, printValue(item, depth + 1)]);
  return tableJson(entries);
}

/** Types that are given explicitly: two where a table is read, and any where one was made to be published. */
function printTyped({ '!': type, value }: { readonly '!': unknown; readonly value: unknown }): TypedJson {
  const integer = typeof type === 'string' ? amqplibIntegers[type] : undefined;
  if (integer !== undefined && isInteger(value)) return integerJson(integer, value);
  if ((type === 'double' || type === 'float64') && typeof value === 'number') return doubleJson(value);
  if (type === 'float' && typeof value === 'number' && isPlainFloat(value)) return { '!': 'float', value };
  if (type === 'timestamp' && Number.isSafeInteger(value)) return { '!': type, value: String(value) };
  if (type === 'decimal') {
    const { places, digits } = value as { readonly places: number; readonly digits: number };
    return decimalJson(places, digits);
  }
  throw new NotSavable(`a header has the type ${String(type)}, which Warren does not know`);
}

/** A number whose type amqplib would choose by its size: it did when it was read, or it would have kept its bytes. */
function printGuessed(value: number): TypedJson {
  if (!Number.isInteger(value) || value >= 2 ** 63) return doubleJson(value);
  if (value >= -0x80 && value < 0x80) return { '!': 'int8', value };
  if (value >= -0x8000 && value < 0x8000) return { '!': 'int16', value };
  if (value >= -(2 ** 31) && value < 2 ** 31) return value;
  return { '!': 'int64', value: BigInt(value).toString() };
}

/** What amqplib calls the types of whole numbers. */
const amqplibIntegers: Readonly<Record<string, IntegerType['name']>> = {
  byte: 'int8',
  int8: 'int8',
  unsignedbyte: 'uint8',
  uint8: 'uint8',
  short: 'int16',
  int16: 'int16',
  unsignedshort: 'uint16',
  uint16: 'uint16',
  int: 'int32',
  int32: 'int32',
  unsignedint: 'uint32',
  uint32: 'uint32',
  long: 'int64',
  int64: 'int64',
};

function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}

function integerJson(name: IntegerType['name'], value: number | bigint): TypedJson {
  if (name === 'int64') return { '!': name, value: String(value) };
  return name === 'int32' ? Number(value) : { '!': name, value: Number(value) };
}

class TablePrinter {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  print(depth: number): TypedJson {
    return this.#table(this.#bytes.length, depth);
  }

  #table(end: number, depth: number): TypedJson {
    if (depth > deepest) throw new NotSavable(`its headers are nested more than ${deepest} deep`);
    const entries: [TypedJson, TypedJson][] = [];
    while (this.#at < end) {
      const length = this.#take(1).readUInt8();
      entries.push([stringJson(this.#take(length)), this.#value(depth)]);
    }
    this.#mustEndAt(end);
    return tableJson(entries);
  }

  #array(end: number, depth: number): TypedJson {
    if (depth > deepest) throw new NotSavable(`its headers are nested more than ${deepest} deep`);
    const items: TypedJson[] = [];
    while (this.#at < end) items.push(this.#value(depth));
    this.#mustEndAt(end);
    return items;
  }

  #value(depth: number): TypedJson {
    const tag = this.#take(1).toString('latin1');
    const integer = integers.find((type) => type.tag === tag);
    if (integer) {
      const { name, bytes, isSigned } = integer;
      const raw = this.#take(bytes);
      if (bytes === 8) {
        return { '!': name, value: (isSigned ? raw.readBigInt64BE() : raw.readBigUInt64BE()).toString() };
      }
      const value = isSigned ? raw.readIntBE(0, bytes) : raw.readUIntBE(0, bytes);
      return name === 'int32' ? value : { '!': name, value };
    }
    switch (tag) {
      case 'S':
        return stringJson(this.#take(this.#length()));
      case 'x':
        return bytesJson('bytes', this.#take(this.#length()));
      case 't': {
        const value = this.#take(1).readUInt8();
        return value > 1 ? { '!': 'boolean', value } : value === 1;
      }
      case 'V':
        return null;
      case 'd': {
        const raw = this.#take(8);
        return isPlainFloat(raw.readDoubleBE())
          ? doubleJson(raw.readDoubleBE())
          : { '!': 'double', hex: raw.toString('hex') };
      }
      case 'f': {
        const raw = this.#take(4);
        const value = raw.readFloatBE();
        return isPlainFloat(value) ? { '!': 'float', value } : { '!': 'float', hex: raw.toString('hex') };
      }
      case 'D':
        return decimalJson(this.#take(1).readUInt8(), this.#take(4).readUInt32BE());
      case 'F': {
        const length = this.#length();
        return this.#table(this.#at + length, depth + 1);
      }
      case 'A': {
        const length = this.#length();
        return this.#array(this.#at + length, depth + 1);
      }
      default:
        throw new NotSavable(`a header has the type ${JSON.stringify(tag)}, which Warren does not know`);
    }
  }

  #length(): number {
    return this.#take(4).readUInt32BE();
  }

  #take(length: number): Buffer {
    const start = this.#at;
    this.#at += length;
    this.#mustEndAt(Math.min(this.#at, this.#bytes.length));
    return this.#bytes.subarray(start, this.#at);
  }

  #mustEndAt(end: number): void {
    if (this.#at !== end) throw new NotSavable('its headers are not as long as they say');
  }
}

function stringJson(bytes: Buffer): TypedJson {
  return isUtf8(bytes) ? bytes.toString('utf8') : bytesJson('string', bytes);
}

function bytesJson(type: 'bytes' | 'string', bytes: Uint8Array): TypedJson {
  return { '!': type, base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64') };
}

/** What JSON has no number for is written as its bytes. */
function isPlainFloat(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

/** Only with a fraction is it told from a whole number. */
function doubleJson(value: number): TypedJson {
  if (isPlainFloat(value)) return Number.isInteger(value) ? { '!': 'double', value } : value;
  const raw = Buffer.alloc(8);
  raw.writeDoubleBE(value);
  return { '!': 'double', hex: raw.toString('hex') };
}

function decimalJson(places: number, digits: number): TypedJson {
  const text = String(digits).padStart(places + 1, '0');
  const value = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  return { '!': 'decimal', value };
}

function tableJson(entries: readonly (readonly [TypedJson, TypedJson])[]): TypedJson {
  const names = entries.map(([name]) => name);
  if (names.every((name) => typeof name === 'string') && arePlainNames(names)) return Object.fromEntries(entries);
  return { '!': 'table', value: entries };
}
