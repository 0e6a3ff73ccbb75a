import type { Message } from 'amqplib';
import type { Pending } from './confirmWindow.ts';
import type { DraftProperties } from './draft.ts';

/** What tells messages apart whose places, bodies and message-ids are the same. */
const telling = [
  'headers',
  'correlationId',
  'type',
  'contentType',
  'contentEncoding',
  'priority',
  'replyTo',
  'timestamp',
  'userId',
  'appId',
] as const;

/**
 * Which of the messages that wait has come back; a return names no delivery tag. Of those that could be, it is the first whose
 * other properties are the same, else the first: a broker may have added to them.
 */
export function returnedOf({ fields, properties, content }: Message, sent: Iterable<Pending>): Pending | undefined {
  let first: Pending | undefined;
  let returned: string | undefined;
  for (const each of sent) {
    const { draft } = each;
    if (each.returned || draft.exchange !== fields.exchange || draft.routingKey !== fields.routingKey) continue;
    if (draft.properties.messageId !== properties.messageId || !draft.content.equals(content)) continue;
    returned ??= describe(properties);
    if (describe(draft.properties) === returned) return each;
    first ??= each;
  }
  return first;
}

function describe(properties: DraftProperties): string {
  return JSON.stringify(
    telling.map((name) => properties[name]),
    plain,
  );
}

/** Types are left out that a draft gives and a decoded table does not, and the header that the broker takes out. */
function plain(name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (name === 'BCC') return undefined;
  return typeof value === 'object' && value !== null && '!' in value && 'value' in value ? value.value : value;
}
