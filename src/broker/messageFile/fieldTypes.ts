/** The types of AMQP's field values that hold no others, by the names that message files use. */
export const fieldTypes = [
  'string',
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'float',
  'double',
  'decimal',
  'timestamp',
  'bytes',
  'void',
] as const;

export type FieldType = (typeof fieldTypes)[number];

/** What else they may be called. */
const aliases: Readonly<Record<string, FieldType>> = { int: 'int32', long: 'int64', boolean: 'bool', null: 'void' };

/** The type that a word names, `array` and `table` apart. */
export function fieldTypeOf(word: string): FieldType | undefined {
  return fieldTypes.find((type) => type === word) ?? (Object.hasOwn(aliases, word) ? aliases[word] : undefined);
}

/** A value as amqplib takes it in a header table, or why there is none: a clause that follows the value's name. */
export type Converted = { readonly value: unknown } | { readonly reason: string };

const integers: Partial<Record<FieldType, readonly [min: bigint, max: bigint]>> = {
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0n, 2n ** 8n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
};

/** Longer than any number that fits, and short enough to be converted at once. */
const longestNumber = 400;
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What a text is as a value of a type. */
export function convertField(type: FieldType, text: string): Converted {
  switch (type) {
    case 'string':
      return isWellFormed(text)
        ? { value: text }
        : { reason: 'has half of a surrogate pair, which UTF-8 cannot carry' };
    case 'bool':
      return text === 'true' || text === 'false' ? { value: text === 'true' } : { reason: 'must be true or false' };
    case 'void':
      return text === '' ? { value: null } : { reason: 'has no value: void stands alone' };
    case 'float':
    case 'double':
      return convertFloating(type, text);
    case 'decimal':
      return convertDecimal(text);
    case 'timestamp':
      return typed(type, convertTimestamp(text));
    case 'bytes':
      return convertBytes(text);
    default:
      return convertInteger(type, text);
  }
}

/** The type of a value that has none before it: as JSON has it, or text. */
export function inferredType(text: string): FieldType {
  if (text === 'true' || text === 'false') return 'bool';
  if (text === 'null') return 'void';
  return typeOfNumber(text) ?? 'string';
}

function typeOfNumber(text: string): FieldType | undefined {
  if (text.length > longestNumber || !number.test(text)) return undefined;
  if (/[.eE]/.test(text)) return 'double';
  const [min, max] = integers.int32 ?? [0n, 0n];
  const value = BigInt(text);
  return value >= min && value <= max ? 'int32' : 'int64';
}

/**
 * Seconds since 1970, or a date and time as of ISO 8601 with its offset from UTC, as those seconds.
 * @see AMQP 0-9-1 section 4.2.5.4
 */
export function convertTimestamp(text: string): { readonly value: number | bigint } | { readonly reason: string } {
  if (/^\d{1,20}$/.test(text)) {
    const seconds = BigInt(text);
    return seconds < 2n ** 64n ? { value: narrow(seconds) } : { reason: 'is past what 64 bits hold' };
  }
  const iso = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})$/i;
  const ms = iso.test(text) ? Date.parse(text.replace(' ', 'T')) : NaN;
  if (Number.isNaN(ms) || ms < 0)
    return { reason: 'must be whole seconds since 1970 or a time such as 2026-01-31T12:00:00Z' };
  return { value: ms / 1000 };
}

/** Whether UTF-8 can carry it: it has no half of a surrogate pair. */
export function isWellFormed(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}

function convertInteger(type: FieldType, text: string): Converted {
  const [min, max] = integers[type] ?? [0n, 0n];
  const value = /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
  if (value === undefined || value < min || value > max)
    return { reason: `must be a whole number from ${min} to ${max}` };
  return typed(type, { value: narrow(value) });
}

function convertFloating(type: 'float' | 'double', text: string): Converted {
  if (/^(?:NaN|-?Infinity)$/.test(text)) return typed(type, { value: Number(text) });
  const value = text.length <= longestNumber && number.test(text) ? Number(text) : NaN;
  const held = type === 'float' ? Math.fround(value) : value;
  return Number.isFinite(held) ? typed(type, { value }) : { reason: `must be a number that a ${type} can hold` };
}

/** A scale of one byte and 32 bits without a sign: amqplib writes no others. */
function convertDecimal(text: string): Converted {
  const found = /^(\d{1,300})(?:\.(\d{1,255}))?$/.exec(text);
  const [, whole = '', fraction = ''] = found ?? [];
  const digits = found ? BigInt(whole + fraction) : -1n;
  if (digits < 0n || digits >= 2n ** 32n)
    return { reason: 'must be a number such as 12.50, not negative, with at most 4294967295 without its point' };
  return typed('decimal', { value: { places: fraction.length, digits: Number(digits) } });
}

function convertBytes(text: string): Converted {
  const value = decodeBase64(text);
  return value ? { value } : { reason: 'must be base64' };
}

/** The bytes; undefined for what is not base64 (RFC 4648 section 4) with its padding. */
export function decodeBase64(text: string): Buffer | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

function typed(type: FieldType, converted: Converted): Converted {
  return 'value' in converted ? { value: { '!': type, value: converted.value } } : converted;
}

/** A number where it is exact: amqplib takes both. */
function narrow(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}
