import type { RowState } from './messages.ts';

/** One property, header or fact: both parts are one line of bounded length. */
export interface NamedLine {
  readonly name: string;
  readonly text: string;
}

/** A value of a header table; tables and lists have children. */
export interface ValueNode {
  readonly name: string;
  /** AMQP's type, as far as it is known: `string`, `number`, `table`. */
  readonly type: string;
  readonly text: string;
  /** Undefined for what is neither a table nor a list. */
  readonly children: readonly ValueNode[] | undefined;
  /** Where it is from the outside in, for copying. */
  readonly path: readonly string[];
}

/** One entry of `x-death`. */
export interface Death {
  /** As RabbitMQ names it: rejected, expired, maxlen, delivery_limit. */
  readonly reason: string;
  readonly queue: string;
  readonly count: string;
  readonly exchange: string;
  readonly keys: string;
  /** When it happened first. */
  readonly time: string;
  /** What else is known of it. */
  readonly more: string;
}

/** Everything of one message but its body. */
export interface MessageDetail {
  readonly number: number;
  readonly state: RowState;
  /** It says where a reply goes. */
  readonly awaitsReply: boolean;
  readonly facts: readonly NamedLine[];
  readonly properties: readonly NamedLine[];
  readonly headers: readonly ValueNode[];
  /** How many headers are left out. */
  readonly moreHeaders: number;
  /** The oldest first, as it happened. */
  readonly deaths: readonly Death[];
  /** `text`, `JSON`, …; and the forms that make sense for it. */
  readonly size: string;
}
