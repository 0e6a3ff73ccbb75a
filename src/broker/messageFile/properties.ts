import { checkShortString, validateDraft, type DraftProperties } from '../publish/draft.ts';
import { AppError } from '../../common/errors.ts';
import type { MessageProperties } from '../message/message.ts';
import { propertyKeys } from '../message/properties.ts';
import { convertTimestamp } from './fieldTypes.ts';

// `headers` are written one by one, and cluster-id is reserved.
const { 'cluster-id': _, ...keys } = propertyKeys;

/** The AMQP 0-9-1 properties of a message that a publisher sets, by the names of the specification. */
export type PropertyName = keyof typeof keys;
export const propertyNames = Object.keys(keys) as readonly PropertyName[];

/** With what completion and hover say of each. */
export const propertyHelp: Readonly<Record<PropertyName, string>> = {
  'content-type': 'MIME type of the body, such as `application/json`',
  'content-encoding': 'Encoding of the body, such as `gzip`; the body must be in it already',
  'delivery-mode': '`persistent` (2) survives a restart of the broker in a durable queue, `transient` (1) does not',
  priority: 'Priority from 0 to 255, for queues with `x-max-priority`',
  'correlation-id': 'Which request this answers, or which answer is meant for it',
  'reply-to': 'Queue for the reply',
  expiration: 'Milliseconds that the message may wait in a queue',
  'message-id': 'Id of the message, chosen by its publisher',
  timestamp: 'When it was made: seconds since 1970, or a time such as `2026-01-31T12:00:00Z`',
  type: 'What kind of message it is, such as `order.created`',
  'user-id': 'User of the publisher; the broker refuses any other than that of the connection',
  'app-id': 'Application that published it',
};

export function isPropertyName(name: string): name is PropertyName {
  return Object.hasOwn(keys, name);
}

/** A property as amqplib takes it, or why it cannot be: a clause that follows the property's name. */
export function convertProperty(
  name: PropertyName,
  text: string,
): { readonly properties: DraftProperties } | { readonly reason: string } {
  const converted = convertValue(name, text);
  if ('reason' in converted) return converted;
  const key = name === 'delivery-mode' ? 'persistent' : keys[name];
  const properties: DraftProperties = { [key]: converted.value };
  try {
    if (isText(name)) checkShortString(name, converted.value);
    else validateDraft({ ...nowhere, properties });
    return { properties };
  } catch (error) {
    if (error instanceof AppError && error.is('invalidInput')) return { reason: error.params.reason };
    throw error;
  }
}

/** A message of which only the properties are looked at. */
const nowhere = { exchange: '', routingKey: '', content: Buffer.alloc(0) };

/** Files may have a hundred thousand of these: they are not put through the checks of a whole message. */
function isText(name: PropertyName): boolean {
  return !['delivery-mode', 'priority', 'timestamp', 'expiration'].includes(name);
}

/** Properties as amqplib takes them, or as it gives them. */
export type AnyProperties = DraftProperties | Partial<MessageProperties>;

/**
 * The properties that are set, as message files write them.
 * @throws AppError `invalidInput` for one that cannot be sent
 */
export function propertyTexts(properties: AnyProperties): [PropertyName, string][] {
  const values = properties as Readonly<Record<string, unknown>>;
  if (values['clusterId'] !== undefined) {
    throw new AppError('invalidInput', { field: 'cluster-id', reason: 'is reserved and cannot be sent' });
  }
  return propertyNames.flatMap((name): [PropertyName, string][] => {
    const value = name === 'delivery-mode' ? deliveryModeOf(values) : values[keys[name]];
    if (value === undefined) return [];
    const text = name === 'timestamp' ? timestampText(value) : textOf(value);
    const converted = convertProperty(name, text);
    if ('reason' in converted) throw new AppError('invalidInput', { field: name, reason: converted.reason });
    return [[name, text]];
  });
}

function deliveryModeOf({ persistent, deliveryMode }: Readonly<Record<string, unknown>>): unknown {
  if (persistent !== undefined) return persistent === true ? 'persistent' : 'transient';
  return deliveryMode === 2 ? 'persistent' : deliveryMode === 1 ? 'transient' : deliveryMode;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : typeof value;
}

const lastDate = 253_402_300_799;

/** A timestamp as a date up to the year 9999, past it as the number it is. */
export function timestampText(seconds: unknown): string {
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 0 || seconds > lastDate)
    return textOf(seconds);
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

function convertValue(name: PropertyName, text: string): { readonly value: unknown } | { readonly reason: string } {
  switch (name) {
    case 'delivery-mode':
      if (/^(?:2|persistent)$/i.test(text)) return { value: true };
      if (/^(?:1|transient)$/i.test(text)) return { value: false };
      return { reason: 'must be persistent (2) or transient (1)' };
    case 'priority':
      return { value: /^\d{1,3}$/.test(text) ? Number(text) : text };
    case 'timestamp':
      return convertTimestamp(text);
    default:
      return { value: text };
  }
}
