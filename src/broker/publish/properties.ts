import { AppError } from '../../common/errors.ts';
import { visibleLine } from '../../common/visibleText.ts';
import { propertyKeys } from '../message/properties.ts';
import { checkShortString, type DraftProperties } from './draft.ts';

/** Far more than anyone means; without a limit depth would exhaust the stack, here or at whoever receives it. */
const deepest = 32;
/** Of a name in a reason, in characters. */
const longestShown = 80;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const { 'cluster-id': _, ...settable } = propertyKeys;
/** What settings may set, by AMQP's names, and amqplib's when it publishes. */
const names: Readonly<Record<string, keyof DraftProperties>> = {
  ...settable,
  headers: 'headers',
  'delivery-mode': 'persistent',
};

/**
 * `defaults` with overrides as written in a settings file: properties by their AMQP names, `null` to leave one out.
 * @throws AppError `invalidInput` for an unknown name or a header that cannot be carried faithfully
 */
export function overrideProperties(
  defaults: DraftProperties,
  overrides: Readonly<Record<string, unknown>>,
): DraftProperties {
  const properties: Mutable<DraftProperties> = { ...defaults };
  for (const [name, value] of Object.entries(overrides)) {
    const key = Object.hasOwn(names, name) ? names[name] : undefined;
    if (key === undefined) throw invalid(name, `is not an AMQP property; these are ${Object.keys(names).join(', ')}`);
    if (value === null) delete properties[key];
    else if (key === 'persistent') properties.persistent = isPersistent(value);
    else if (key === 'headers') properties.headers = toHeaders(value);
    else Object.assign(properties, { [key]: value });
  }
  return properties;
}

/** AMQP 0-9-1 delivery-mode: 1 is transient, 2 persistent. */
function isPersistent(value: unknown): boolean {
  if (value === 1 || value === 2) return value === 2;
  throw invalid('delivery-mode', 'must be 1 (transient) or 2 (persistent)');
}

function toHeaders(value: unknown): Record<string, unknown> {
  if (!isTable(value)) throw invalid('headers', 'must be an object');
  return toTable('', value, 1);
}

/** @param of the header that it is in, if it is in one */
function toTable(of: string, table: object, depth: number): Record<string, unknown> {
  // amqplib would take it for a type that is given explicitly.
  if (Object.hasOwn(table, '!')) throw invalid('headers', 'must have no name "!"');
  const entries = Object.entries(table).map(([name, field]): [string, unknown] => {
    checkShortString('header name', name);
    return [name, toFieldValue(of === '' ? name : of, field, depth)];
  });
  return Object.fromEntries(entries);
}

/**
 * amqplib writes a small integer as an 8 or 16 bit field, which other clients read differently: -5 became 251 for pika.
 * 32 and 64 bits are read alike everywhere.
 */
function toFieldValue(header: string, value: unknown, depth: number): unknown {
  if (depth > deepest) throw invalid(`header ${header}`, `is nested more than ${deepest} deep`);
  if (Array.isArray(value)) return value.map((item) => toFieldValue(header, item, depth + 1));
  if (isTable(value)) return toTable(header, value, depth + 1);
  if (typeof value !== 'number' || !Number.isInteger(value)) return value;
  if (!Number.isSafeInteger(value)) throw invalid(`header ${header}`, 'is too large an integer to be sent exactly');
  return { '!': Math.abs(value) < 2 ** 31 ? 'int' : 'long', value };
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(field: string, reason: string): AppError {
  return new AppError('invalidInput', { field: visibleLine(field, longestShown), reason });
}
