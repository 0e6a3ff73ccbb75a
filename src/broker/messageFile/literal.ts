import { AppError, toError } from '../../common/errors.ts';
import { wireBytes } from '../message/fieldTable.ts';
import type { Body, Field, FieldValue, Message } from './model.ts';
import { fieldTypeOf, isWellFormed, type FieldType } from './fieldTypes.ts';
import { decimalText, numberText } from './numberText.ts';
import { propertyTexts, timestampText, type AnyProperties } from './properties.ts';
import { literal } from './template.ts';
import { readWireTable } from './wireFields.ts';

/** What is written down: a draft, or a message that was received. */
export interface Written {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Uint8Array;
  readonly properties: AnyProperties;
}

/**
 * A draft, or a message that was received, as it is written in a message file: with no variables, and such that it is read as
 * the same bytes and types again.
 * @throws AppError `invalidInput` for a header that no message file can carry
 */
export function literalMessage({ exchange, routingKey, content, properties }: Written, name?: string): Message {
  const fields: Field[] = propertyTexts(properties).map(([each, text]) => ({
    kind: 'property',
    name: each,
    value: literal(text),
  }));
  for (const [header, value] of literalHeaders(properties.headers ?? {})) {
    fields.push({ kind: 'header', name: header, value });
  }
  return {
    ...(name !== undefined && { name }),
    target: { exchange: literal(exchange), routingKey: literal(routingKey) },
    fields,
    body: literalBody(Buffer.from(content.buffer, content.byteOffset, content.byteLength)),
  };
}

/** By the types that they came with, where amqplib has told them. */
function literalHeaders(headers: object): (readonly [name: string, value: FieldValue])[] {
  const wire = wireBytes(headers);
  if (wire) {
    try {
      return readWireTable(wire);
    } catch (error) {
      throw new AppError('invalidInput', { field: 'headers', reason: toError(error).message }, { cause: error });
    }
  }
  const entries: [string, unknown][] = Object.entries(headers);
  return entries.filter(([, value]) => value !== undefined).map(([name, value]) => [name, literalField(name, value)]);
}

/** As text where that is read as the same bytes again and can be seen, else as base64. */
function literalBody(content: Buffer): Body {
  const text = content.toString('utf8');
  const lines = text.replaceAll('\r\n', '\n');
  const isMixed = lines.includes('\r') || (lines.length !== text.length && /(?<!\r)\n/.test(text));
  if (isMixed || isUnseen(lines) || !Buffer.from(text, 'utf8').equals(content)) return { kind: 'base64', content };
  return { kind: 'text', text: literal(lines), eol: lines.length === text.length ? 'lf' : 'crlf' };
}

/** Text that editors change, or warn of: control characters and unusual line ends. */
function isUnseen(text: string): boolean {
  return /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\ufeff]/u.test(text);
}

function literalField(header: string, value: unknown): FieldValue {
  switch (typeof value) {
    case 'string':
      if (isWellFormed(value)) return { type: 'string', text: literal(value) };
      break;
    case 'boolean':
      return { type: 'bool', text: literal(String(value)) };
    case 'number':
    case 'bigint':
      return numberField(value);
    case 'object':
      return value === null ? { type: 'void', text: [] } : objectField(header, value);
    default:
  }
  throw invalid(header, 'has a value that a message file cannot carry');
}

/** A number without a type has the one that amqplib would send it with, which it leaves out of sight when it came (`codec.js`). */
function numberField(value: number | bigint): FieldValue {
  const isDouble = typeof value === 'number' && (!Number.isInteger(value) || Math.abs(value) >= 2 ** 63);
  if (isDouble) return { type: 'double', text: literal(numberText(value)) };
  const exact = BigInt(value);
  const type = guessed.find(([, least]) => exact >= -least && exact < least)?.[0] ?? 'int64';
  return { type, text: literal(String(exact)) };
}

const guessed: readonly (readonly [FieldType, bigint])[] = [
  ['int8', 2n ** 7n],
  ['int16', 2n ** 15n],
  ['int32', 2n ** 31n],
];

function objectField(header: string, value: object): FieldValue {
  if (value instanceof Uint8Array && ArrayBuffer.isView(value)) {
    return { type: 'bytes', text: literal(Buffer.from(value).toString('base64')) };
  }
  if (Array.isArray(value)) return { type: 'array', items: value.map((item: unknown) => literalField(header, item)) };
  if (Object.hasOwn(value, '!')) return typedField(header, value as { '!': unknown; value?: unknown });
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return { type: 'table', entries: entries.map(([name, each]) => [name, literalField(header, each)]) };
}

/** What amqplib reads and writes for types that JavaScript lacks (its `codec.js`), by either of its names. */
function typedField(header: string, { '!': word, value }: { '!': unknown; value?: unknown }): FieldValue {
  const type = typeof word === 'string' ? fieldTypeOf(ownNames[word] ?? word) : undefined;
  if (type === 'decimal' && isDecimal(value)) return { type, text: literal(decimalText(value)) };
  if (type === 'timestamp') return { type, text: literal(timestampText(value)) };
  if ((type === 'double' || type === 'float') && typeof value === 'number') {
    return { type, text: literal(numberText(value)) };
  }
  const isInteger =
    type !== undefined && /^u?int/.test(type) && (typeof value === 'number' || typeof value === 'bigint');
  if (isInteger) return { type, text: literal(String(value)) };
  if (type === 'bool' || type === 'string' || type === 'bytes' || type === 'void') return literalField(header, value);
  throw invalid(header, 'has a type that a message file cannot carry');
}

const ownNames: Readonly<Record<string, string>> = {
  byte: 'int8',
  short: 'int16',
  unsignedbyte: 'uint8',
  unsignedshort: 'uint16',
  unsignedint: 'uint32',
  float64: 'double',
};

function isDecimal(value: unknown): value is { digits: number; places: number } {
  if (typeof value !== 'object' || value === null) return false;
  const { digits, places } = value as { digits?: unknown; places?: unknown };
  return Number.isSafeInteger(digits) && Number.isSafeInteger(places);
}

function invalid(header: string, reason: string): AppError {
  return new AppError('invalidInput', { field: `header ${header}`, reason });
}
