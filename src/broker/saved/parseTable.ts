import { NotSavable } from './notSavable.ts';
import { deepest, integers, type IntegerType } from './typedJson.ts';

/** The bytes of a header table that JSON says, without their length. @throws NotSavable what is wrong with it */
export function parseTable(json: unknown): Buffer {
  if (!isObject(json)) throw new NotSavable('headers must be an object');
  return parseFields(json, 1);
}

function parseFields(json: object, depth: number): Buffer {
  if (depth > deepest) throw new NotSavable(`headers are nested more than ${deepest} deep`);
  const entries = entriesOf(json);
  return Buffer.concat(entries.flatMap(([name, value]) => [shortString(name), parseValue(value, depth)]));
}

function entriesOf(json: object): readonly (readonly [unknown, unknown])[] {
  if (!Object.hasOwn(json, '!')) return Object.entries(json);
  const { '!': type, value } = json as { readonly '!': unknown; readonly value?: unknown };
  if (type !== 'table') throw new NotSavable('headers must be a table');
  if (Array.isArray(value) && value.every(isPair)) return value;
  throw new NotSavable('a table must have a list of pairs, each a name and a value');
}

function isPair(value: unknown): value is [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

function shortString(name: unknown): Buffer {
  const bytes = typeof name === 'string' ? utf8(name) : rawString(name);
  if (bytes.length > 255) throw new NotSavable('a header name is longer than 255 bytes');
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function rawString(json: unknown): Buffer {
  if (isObject(json) && '!' in json && json['!'] === 'string') return base64(json, 'string');
  throw new NotSavable('a header name must be text');
}

function parseValue(json: unknown, depth: number): Buffer {
  switch (typeof json) {
    case 'string':
      return sized('S', utf8(json));
    case 'boolean':
      return tagged('t', Buffer.of(json ? 1 : 0));
    case 'number':
      return parseNumber(json);
    default:
      break;
  }
  if (json === null) return tagged('V', Buffer.alloc(0));
  if (Array.isArray(json)) {
    if (depth >= deepest) throw new NotSavable(`headers are nested more than ${deepest} deep`);
    return sized('A', Buffer.concat(json.map((item) => parseValue(item, depth + 1))));
  }
  if (!isObject(json)) throw new NotSavable('a header has no value');
  const type: unknown = Object.hasOwn(json, '!') ? (json as { '!': unknown })['!'] : 'table';
  if (typeof type !== 'string') throw new NotSavable('a header has a type that is no text');
  return type === 'table' ? sized('F', parseFields(json, depth + 1)) : parseTyped(type, json);
}

function parseNumber(value: number): Buffer {
  if (!Number.isInteger(value)) return tagged('d', floating('double', { value }));
  if (Object.is(value, -0) || value < -(2 ** 31) || value >= 2 ** 31) {
    throw new NotSavable(
      `a header is the number ${value}, whose type must be given, such as {"!":"int64","value":"…"}`,
    );
  }
  return tagged('I', whole(integers[4], value));
}

function parseTyped(type: string, json: object): Buffer {
  const integer = integers.find(({ name }) => name === type);
  const { value } = json as { readonly value?: unknown };
  if (integer) return tagged(integer.tag, whole(integer, value));
  switch (type) {
    case 'double':
      return tagged('d', floating(type, json));
    case 'float':
      return tagged('f', floating(type, json));
    case 'decimal':
      return tagged('D', decimal(value));
    case 'boolean':
      if (!isByte(value)) throw new NotSavable('a boolean must be true, false or a byte');
      return tagged('t', Buffer.of(value));
    case 'bytes':
      return sized('x', base64(json, type));
    case 'string':
      return sized('S', base64(json, type));
    default:
      throw new NotSavable(`a header has the type ${JSON.stringify(type.slice(0, 40))}, which Warren does not know`);
  }
}

function whole({ name, bytes, isSigned }: IntegerType, value: unknown): Buffer {
  const isText = typeof value === 'string' && /^-?\d{1,20}$/.test(value);
  if (bytes === 8 ? !isText : !Number.isInteger(value)) {
    throw new NotSavable(`an ${name} must be a whole number${bytes === 8 ? ', as text' : ''}`);
  }
  const exact = BigInt(value as string | number);
  const bits = bytes * 8;
  if (exact !== (isSigned ? BigInt.asIntN(bits, exact) : BigInt.asUintN(bits, exact))) {
    throw new NotSavable(`${String(value)} is out of the range of ${name}`);
  }
  const raw = Buffer.alloc(8);
  raw.writeBigUInt64BE(BigInt.asUintN(64, exact));
  return raw.subarray(8 - bytes);
}

function floating(type: 'double' | 'float', json: { readonly value?: unknown; readonly hex?: unknown }): Buffer {
  const bytes = type === 'double' ? 8 : 4;
  const { value, hex } = json;
  if (typeof hex === 'string' && new RegExp(`^[0-9a-f]{${bytes * 2}}$`).test(hex)) return Buffer.from(hex, 'hex');
  if (typeof value !== 'number') throw new NotSavable(`a ${type} must be a number, or ${bytes} bytes in hex`);
  const raw = Buffer.alloc(bytes);
  if (type === 'double') raw.writeDoubleBE(value);
  else raw.writeFloatBE(value);
  if (type === 'float' && raw.readFloatBE() !== value) throw new NotSavable(`${value} is no float of 32 bits`);
  return raw;
}

function decimal(value: unknown): Buffer {
  const [, before, after = ''] = (typeof value === 'string' && /^(\d+)(?:\.(\d+))?$/.exec(value)) || [];
  const digits = before === undefined ? NaN : Number(before + after);
  if (!(digits < 2 ** 32) || after.length > 255) {
    throw new NotSavable('a decimal must be text, digits with a point, of 32 bits and at most 255 places');
  }
  const raw = Buffer.alloc(5);
  raw.writeUInt8(after.length);
  raw.writeUInt32BE(digits, 1);
  return raw;
}

function base64(json: object, type: string): Buffer {
  const { base64: text } = json as { readonly base64?: unknown };
  const bytes = typeof text === 'string' ? decodeBase64(text) : undefined;
  if (!bytes) throw new NotSavable(`a value of the type ${type} must have its bytes in base64`);
  return bytes;
}

/** Undefined for what is not base64, which Node would read as far as it can. */
export function decodeBase64(text: string): Buffer | undefined {
  const isWhole = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return isWhole ? Buffer.from(text, 'base64') : undefined;
}

function utf8(text: string): Buffer {
  if (/\p{Cs}/u.test(text)) throw new NotSavable('a text has half of a surrogate pair, which UTF-8 cannot carry');
  return Buffer.from(text, 'utf8');
}

function tagged(tag: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from(tag, 'latin1'), value]);
}

function sized(tag: string, value: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([Buffer.from(tag, 'latin1'), length, value]);
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
