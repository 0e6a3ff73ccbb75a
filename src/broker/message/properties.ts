import { visibleLine } from '../../common/visibleText.ts';
import type { MessageProperties } from './message.ts';
import { describeDeath } from './xDeath.ts';
import { describeTimestamp, describeValue } from './fieldValue.ts';

/** A property or header to show: both parts are one line, without characters that cannot be seen. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Beyond this many, headers are only counted. */
const MAX_HEADERS = 64;
const MAX_NAME_LENGTH = 128;

/** amqplib's name of each property that holds one value, by the name and in the order of AMQP 0-9-1 (basic class). */
export const propertyKeys = {
  'content-type': 'contentType',
  'content-encoding': 'contentEncoding',
  'delivery-mode': 'deliveryMode',
  priority: 'priority',
  'correlation-id': 'correlationId',
  'reply-to': 'replyTo',
  expiration: 'expiration',
  'message-id': 'messageId',
  timestamp: 'timestamp',
  type: 'type',
  'user-id': 'userId',
  'app-id': 'appId',
  'cluster-id': 'clusterId',
} as const satisfies Readonly<Record<string, keyof MessageProperties>>;

/** Each of them by both names. */
export const simpleProperties = Object.entries(propertyKeys).map(([name, key]) => [key, name] as const);

/** Those of the thirteen properties besides `headers` that are set, values as text. */
export function describeProperties(properties: Partial<MessageProperties>): NamedText[] {
  const described: NamedText[] = [];
  for (const [key, name] of simpleProperties) {
    const value: unknown = properties[key];
    if (value !== undefined) described.push({ name, text: describeProperty(name, value) });
  }
  return described;
}

/**
 * A header table as one entry per header, `x-death` as one per death. Past 64 headers, a last entry named `…` says how many
 * are left out.
 */
export function describeHeaders(headers: MessageProperties['headers']): NamedText[] {
  if (headers === undefined || headers === null) return [];
  const entries: [string, unknown][] = Object.entries(headers);
  const described: NamedText[] = [];
  for (const [key, value] of entries.slice(0, MAX_HEADERS)) {
    const name = key === '' ? '""' : visibleLine(key, MAX_NAME_LENGTH);
    const deaths = key === 'x-death' && Array.isArray(value) ? value.slice(0, MAX_HEADERS) : [];
    if (deaths.length === 0) described.push({ name, text: describeValue(value) });
    for (const death of deaths) described.push({ name, text: describeDeath(death) ?? describeValue(death) });
  }
  const left = entries.length - MAX_HEADERS;
  if (left > 0) described.push({ name: '…', text: left === 1 ? '1 more header' : `${left} more headers` });
  return described;
}

function describeProperty(name: string, value: unknown): string {
  if (name === 'timestamp') return describeTimestamp(value);
  if (value === '') return '""';
  if (name !== 'delivery-mode') return typeof value === 'string' ? visibleLine(value) : describeValue(value);
  if (value === 1) return 'transient';
  return value === 2 ? 'persistent' : describeValue(value);
}
