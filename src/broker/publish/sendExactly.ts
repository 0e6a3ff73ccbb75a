import type { ConfirmChannel } from 'amqplib';
import type { Draft } from './draft.ts';

type Confirmed = (error: unknown) => void;

/** What amqplib's `publish` is made of; `connection/amqplib/amqplib.ts` sees to it that they are there. */
interface RawChannel {
  sendMessage(fields: object, properties: object, content: Buffer): boolean;
  pushConfirmCallback(onConfirm: Confirmed): void;
}

/**
 * Publishes with `mandatory`, as amqplib's `publish` does but for what that changes: it adds an empty header table where there
 * is none, and drops the cluster-id.
 * @returns whether the socket takes more at once
 * @throws what amqplib cannot encode, and where the channel is closed
 */
export function sendExactly(channel: ConfirmChannel, draft: Draft, onConfirm: Confirmed): boolean {
  const raw = channel as unknown as RawChannel;
  const { exchange, routingKey, content } = draft;
  const { persistent, expiration, deliveryMode } = draft.properties;
  // Of the copy amqplib reads what it knows. Leaving `persistent` out of it would take three times as long.
  const properties = {
    ...draft.properties,
    deliveryMode: persistent === undefined ? deliveryMode : persistent ? 2 : 1,
    expiration: expiration === undefined ? undefined : String(expiration),
  };
  const fields = { exchange, routingKey, mandatory: true, immediate: false, ticket: 0 };
  const takesMore = raw.sendMessage(fields, properties, content);
  raw.pushConfirmCallback(onConfirm);
  return takesMore;
}
