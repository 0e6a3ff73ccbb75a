import type { BodyReader } from '../../broker/decoding/bodyReader.ts';
import { describeValue } from '../../broker/message/fieldValue.ts';
import type { Message } from '../../broker/message/message.ts';
import type { RequestArgs } from '../../protocol/messages.ts';

/** What goes to the clipboard: the whole of it, as it is, for it is not looked at but used. */
export function copyText(
  message: Message,
  { what, path = [] }: Pick<RequestArgs<'copy'>, 'what' | 'path'>,
  bodies: BodyReader,
): string {
  switch (what) {
    case 'body':
      return bodyOf(message, bodies);
    case 'routingKey':
      return message.routingKey;
    case 'exchange':
      return message.exchange;
    case 'header': {
      const value = valueAt(message.properties.headers, path);
      return typeof value === 'string' ? value : typeof value === 'object' ? jsonOf(value) : describeValue(value);
    }
    case 'message':
      return messageJson(message, bodies);
  }
}

/** As text where it is text once decoded, else as hex. */
function bodyOf(message: Message, bodies: BodyReader): string {
  const { kind, text } = bodies.read(message);
  return kind === 'hex' ? text : bodies.bodyText(message, { maxBytes: Infinity });
}

/** For people: the body is JSON where it is, else text, else base64. */
function messageJson(message: Message, bodies: BodyReader): string {
  const { exchange, routingKey, redelivered, receivedAt, properties } = message;
  const set = Object.fromEntries(
    Object.entries(properties).filter(([, value]: [string, unknown]) => value !== undefined),
  );
  return jsonOf({
    exchange,
    routingKey,
    redelivered,
    received: new Date(receivedAt).toISOString(),
    properties: set,
    ...bodyJson(message, bodies),
  });
}

function bodyJson(message: Message, bodies: BodyReader): object {
  const { kind } = bodies.read(message, { maxBytes: 1_000 });
  if (kind === 'hex') return { bodyBase64: Buffer.from(message.content).toString('base64') };
  const body = bodies.bodyText(message, { maxBytes: Infinity });
  if (kind !== 'json') return { body };
  try {
    return { body: JSON.parse(body) as unknown };
  } catch {
    return { body };
  }
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, withoutBigInts, 2) ?? '';
}

function withoutBigInts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function valueAt(headers: unknown, path: readonly string[]): unknown {
  let at: unknown = headers;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined;
  }
  return at;
}
