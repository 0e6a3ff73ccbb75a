import { decodeTable } from '../message/fieldTable.ts';
import type { Message } from '../message/message.ts';
import type { Draft, DraftProperties } from '../publish/draft.ts';
import { NotSavable, orProblem } from './notSavable.ts';
import { parseTable } from './parseTable.ts';
import { printTable } from './printTable.ts';
import { printProperties } from './savedMessage.ts';
import type { TypedJson } from './typedJson.ts';

/** What a queue adds to a message that it delivers: sent again it would say something of another queue. */
const ofTheQueue: readonly string[] = ['x-delivery-count', 'x-stream-offset'];
/** amqplib's buffer for them has 64 KB, with their length. */
const mostHeaderBytes = 65_532;

/** A draft that can be published as it is, and what is to be known of it. */
export interface Publishable {
  readonly draft: Draft;
  /** Headers that were left out, because a queue adds them. */
  readonly leftOut: readonly string[];
  /** The broker sends it to other queues too, by the header `CC`. */
  readonly isCarbonCopied: boolean;
}

/** Who publishes: the broker refuses a `user-id` that says another, but from those with the tag `impersonator`. */
export interface PublishingUser {
  readonly name: string;
  readonly mayImpersonate: boolean;
}

/** A message of a tail to be published as it came, to where it was published before; or why it cannot be. */
export function copyOf(message: Message): { readonly draft: Draft } | { readonly problem: string } {
  return orProblem(() => {
    const { exchange, routingKey, content, properties } = message;
    // Only to refuse what is not known exactly.
    printProperties(properties);
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
    const known = Object.entries(properties).filter(([, value]) => value !== undefined);
    return {
      draft: { exchange, routingKey, content: bytes, properties: Object.fromEntries(known) as DraftProperties },
    };
  });
}

/**
 * A draft as it can be published, or why the broker or amqplib would not take it.
 * @see https://www.rabbitmq.com/docs/validated-user-id
 */
export function toPublish(draft: Draft, user: PublishingUser): Publishable | { readonly problem: string } {
  return orProblem(() => {
    const { headers, userId, deliveryMode } = draft.properties;
    if (userId !== undefined && userId !== user.name && !user.mayImpersonate) {
      throw new NotSavable(`its user-id is ${userId}, and the broker takes only messages of ${user.name} from you`);
    }
    if (deliveryMode !== undefined && deliveryMode !== 1 && deliveryMode !== 2) {
      throw new NotSavable(`its delivery-mode is ${deliveryMode}, and RabbitMQ before 4.0 takes only 1 and 2`);
    }
    if (headers === undefined) return { draft, leftOut: [], isCarbonCopied: false };
    const json = printTable(headers as object);
    const bytes = parseTable(json);
    if (bytes.length > mostHeaderBytes) {
      throw new NotSavable(`its headers have ${bytes.length} bytes, and amqplib sends at most ${mostHeaderBytes}`);
    }
    if (hasNoNumber(headers))
      throw new NotSavable('a header is infinite or not a number, which RabbitMQ does not take');
    const isCarbonCopied = Object.hasOwn(headers as object, 'CC');
    const leftOut = ofTheQueue.filter((name) => Object.hasOwn(headers as object, name));
    if (leftOut.length === 0) return { draft, leftOut, isCarbonCopied };
    const kept = decodeTable(parseTable(without(json, leftOut)));
    return { draft: { ...draft, properties: { ...draft.properties, headers: kept } }, leftOut, isCarbonCopied };
  });
}

function without(table: TypedJson, names: readonly string[]): TypedJson {
  const { '!': type, value } = table as { readonly '!'?: unknown; readonly value?: TypedJson };
  if (type === 'table' && Array.isArray(value)) {
    return { '!': 'table', value: value.filter((pair: TypedJson[]) => !names.includes(pair[0] as string)) };
  }
  return Object.fromEntries(Object.entries(table as object).filter(([name]) => !names.includes(name))) as TypedJson;
}

function hasNoNumber(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return Object.values(value).some(hasNoNumber);
}
