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

/** The properties that hold one value, in the order and by the names of AMQP 0-9-1 (basic class); headers apart. */
export const simpleProperties: readonly (readonly [Exclude<keyof MessageProperties, 'headers'>, string])[] = [
  ['contentType', 'content-type'],
  ['contentEncoding', 'content-encoding'],
  ['deliveryMode', 'delivery-mode'],
  ['priority', 'priority'],
  ['correlationId', 'correlation-id'],
  ['replyTo', 'reply-to'],
  ['expiration', 'expiration'],
  ['messageId', 'message-id'],
  ['timestamp', 'timestamp'],
  ['type', 'type'],
  ['userId', 'user-id'],
  ['appId', 'app-id'],
  ['clusterId', 'cluster-id'],
];

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
