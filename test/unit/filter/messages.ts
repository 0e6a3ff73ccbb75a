import type { Message, MessageProperties } from '../../../src/broker/message/message.ts';

/** A message as a tail keeps it; a body that is no text goes in as bytes. */
export function messageOf(
  over: Partial<Omit<Message, 'content'>> & { readonly body?: string | Uint8Array } = {},
): Message {
  const { body = '', ...rest } = over;
  const content = typeof body === 'string' ? Buffer.from(body) : body;
  const base = { number: 1, receivedAt: 1e12, exchange: '', routingKey: 'q', redelivered: false, properties: {} };
  return { ...base, ...rest, content };
}

export function withProperties(properties: Partial<MessageProperties>): Message {
  return messageOf({ properties });
}

export function withHeaders(headers: Record<string, unknown>): Message {
  return messageOf({ properties: { headers } });
}

export function withBody(body: string | Uint8Array, properties: Partial<MessageProperties> = {}): Message {
  return messageOf({ body, properties });
}
