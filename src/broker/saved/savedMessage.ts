import { decodeTable } from '../message/fieldTable.ts';
import type { Message, MessageProperties } from '../message/message.ts';
import type { Draft, DraftProperties } from '../publish/draft.ts';
import { NotSavable, orProblem } from './notSavable.ts';
import { decodeBase64, parseTable } from './parseTable.ts';
import { printTable } from './printTable.ts';
import type { TypedJson } from './typedJson.ts';

/** Of the form that this writes, and the only one that it reads. */
const version = 1;

type Properties = Partial<MessageProperties>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The properties of AMQP 0-9-1 that are short strings, by its names and by amqplib's. */
const strings = {
  'content-type': 'contentType',
  'content-encoding': 'contentEncoding',
  'correlation-id': 'correlationId',
  'reply-to': 'replyTo',
  expiration: 'expiration',
  'message-id': 'messageId',
  type: 'type',
  'user-id': 'userId',
  'app-id': 'appId',
  'cluster-id': 'clusterId',
} as const;
/** Those that are numbers, and the highest there are. */
const numbers = {
  'delivery-mode': { key: 'deliveryMode', most: 255 },
  priority: { key: 'priority', most: 255 },
  timestamp: { key: 'timestamp', most: Number.MAX_SAFE_INTEGER },
} as const;

/** A message that was read from a file. */
export interface LoadedMessage {
  readonly draft: Draft;
}

/** A message as a line of JSON without its end, or why it cannot be kept faithfully. */
export function saveMessage(message: Message): { readonly line: string } | { readonly problem: string } {
  return orProblem(() => {
    const { exchange, routingKey, redelivered, receivedAt, content } = message;
    const body = Buffer.from(content.buffer, content.byteOffset, content.length).toString('base64');
    const line = JSON.stringify({
      warrenMessage: version,
      receivedAt: new Date(receivedAt).toISOString(),
      exchange: exactText('exchange', exchange),
      routingKey: exactText('routing key', routingKey),
      redelivered,
      properties: printProperties(message.properties),
      body,
    });
    return { line };
  });
}

/** A message to be published as such a line, or why it cannot be kept faithfully. @param at its time, in milliseconds */
export function saveDraft(draft: Draft, at: number): { readonly line: string } | { readonly problem: string } {
  const { exchange, routingKey, content } = draft;
  const { persistent, expiration, ...others } = draft.properties;
  const properties = {
    ...others,
    ...(persistent !== undefined && { deliveryMode: persistent ? 2 : 1 }),
    ...(expiration !== undefined && { expiration: String(expiration) }),
  };
  return saveMessage({ number: 1, receivedAt: at, exchange, routingKey, redelivered: false, properties, content });
}

/** The properties by their AMQP names, headers as in docs/saved-messages.md. @throws NotSavable */
export function printProperties(properties: Properties): Record<string, TypedJson> {
  const printed: Record<string, TypedJson> = {};
  for (const [name, key] of Object.entries(strings)) {
    const value: unknown = properties[key];
    if (value !== undefined) printed[name] = exactText(name, value);
  }
  for (const [name, { key, most }] of Object.entries(numbers)) {
    const value: unknown = properties[key];
    if (value === undefined) continue;
    if (!isWhole(value, most)) throw new NotSavable(`its ${name} is too large a number to be kept exactly`);
    printed[name] = value;
  }
  if (properties.headers !== undefined) printed['headers'] = printTable(properties.headers);
  return printed;
}

/** amqplib reads these as UTF-8, and puts U+FFFD where they are none: the bytes are not known then. */
function exactText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new NotSavable(`its ${name} is no text`);
  if (value.includes('\uFFFD')) throw new NotSavable(`its ${name} is not UTF-8, and its bytes are not kept`);
  return value;
}

/** The message that a line says, as it was, or what is wrong with the line. Whatever the line, nothing is thrown. */
export function loadMessage(line: string): LoadedMessage | { readonly problem: string } {
  return orProblem(() => {
    const saved = fieldsOf(parseJson(line), 'a message', known);
    if (saved['warrenMessage'] !== version) throw new NotSavable('it is no message that this version of Warren saves');
    const body = typeof saved['body'] === 'string' ? decodeBase64(saved['body']) : undefined;
    if (!body) throw new NotSavable('its body is not base64');
    const draft = {
      exchange: shortText('exchange', saved['exchange']),
      routingKey: shortText('routing key', saved['routingKey']),
      content: body,
      properties: parseProperties(saved['properties']),
    };
    return { draft };
  });
}

const known = ['warrenMessage', 'receivedAt', 'exchange', 'routingKey', 'redelivered', 'properties', 'body'];
const knownProperties = [...Object.keys(strings), ...Object.keys(numbers), 'headers'];

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new NotSavable('it is not JSON');
  }
}

function parseProperties(json: unknown): DraftProperties {
  const saved = fieldsOf(json, 'the properties', knownProperties);
  const properties: Mutable<DraftProperties> = {};
  for (const [name, key] of Object.entries(strings)) {
    if (saved[name] !== undefined) properties[key] = shortText(name, saved[name]);
  }
  for (const [name, { key, most }] of Object.entries(numbers)) {
    const value = saved[name];
    if (value === undefined) continue;
    if (!isWhole(value, most)) throw new NotSavable(`its ${name} must be a whole number up to ${most}`);
    properties[key] = value;
  }
  if (saved['headers'] !== undefined) properties.headers = decodeTable(parseTable(saved['headers']));
  return properties;
}

/** What is not known would be lost. */
function fieldsOf(json: unknown, what: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new NotSavable(`${what} must be an object`);
  }
  const unknown = Object.keys(json).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new NotSavable(`it has an unknown field ${JSON.stringify(unknown.slice(0, 40))}`);
  return json as Readonly<Record<string, unknown>>;
}

function shortText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new NotSavable(`its ${name} must be text`);
  if (/\p{Cs}/u.test(value)) throw new NotSavable(`its ${name} has half of a surrogate pair`);
  if (Buffer.byteLength(value) > 255) throw new NotSavable(`its ${name} is longer than 255 bytes`);
  return value;
}

function isWhole(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}
