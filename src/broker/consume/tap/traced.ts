import type { ConsumeMessage, MessageProperties } from 'amqplib';

/** What the firehose tells of a message that was published. @see https://www.rabbitmq.com/docs/firehose */
interface Trace {
  readonly exchange: string;
  /** Those of `CC` and `BCC` after its own. */
  readonly routingKeys: readonly string[];
  /** The names of the queues that got it. */
  readonly queues: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Undefined for what is not a trace of a message that was published. */
export function traceIn({ fields, properties }: ConsumeMessage): Trace | undefined {
  const headers: Record<string, unknown> = properties.headers ?? {};
  const { exchange_name: exchange, routing_keys: keys, routed_queues: queues, properties: own } = headers;
  if (!fields.routingKey.startsWith('publish.') || typeof exchange !== 'string') return undefined;
  return { exchange, routingKeys: texts(keys), queues: texts(queues), properties: isTable(own) ? own : {} };
}

/** The message as it was published, as amqplib would have delivered it. */
export function messageOf(trace: Trace, { fields, content }: ConsumeMessage): ConsumeMessage {
  const { exchange, routingKeys, properties } = trace;
  return {
    content,
    fields: { ...fields, exchange, routingKey: routingKeys[0] ?? '', redelivered: false },
    properties: propertiesOf(properties),
  };
}

/** By the names of AMQP 0-9-1 with an underscore, as RabbitMQ writes them. */
function propertiesOf(traced: Readonly<Record<string, unknown>>): MessageProperties {
  return {
    contentType: traced['content_type'],
    contentEncoding: traced['content_encoding'],
    headers: isTable(traced['headers']) ? traced['headers'] : undefined,
    deliveryMode: traced['delivery_mode'],
    priority: traced['priority'],
    correlationId: traced['correlation_id'],
    replyTo: traced['reply_to'],
    expiration: traced['expiration'],
    messageId: traced['message_id'],
    timestamp: traced['timestamp'],
    type: traced['type'],
    userId: traced['user_id'],
    appId: traced['app_id'],
    clusterId: traced['cluster_id'],
  };
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
