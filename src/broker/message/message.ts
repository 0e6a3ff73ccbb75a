import type { MessageProperties } from 'amqplib';

export type { MessageProperties } from 'amqplib';

/** A message as delivered to a tail. Bytes stay bytes: `content` and `properties` are what the broker sent. */
export interface Message {
  /** Its place in this tail, from 1. */
  readonly number: number;
  /** When it arrived here, in milliseconds since the Unix epoch. */
  readonly receivedAt: number;
  /** The exchange it was published to; `''` is the default exchange. */
  readonly exchange: string;
  readonly routingKey: string;
  /** Set when the broker delivered it before (AMQP 0-9-1, basic.deliver `redelivered`), and after a broker restart. */
  readonly redelivered: boolean;
  readonly properties: Partial<MessageProperties>;
  readonly content: Uint8Array;
}
