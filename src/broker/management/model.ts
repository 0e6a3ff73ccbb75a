/** What the management API tells, in our words. A count that is `undefined` is not known: it is shown as "?", never as 0. */

/** The user as the API sees it. Source: `GET /api/whoami`. */
export interface Identity {
  readonly name: string;
  readonly tags: readonly string[];
}

/** Source: `GET /api/overview`. LavinMQ has no cluster name. */
export interface BrokerIdentity {
  readonly product: string | undefined;
  readonly version: string | undefined;
  readonly clusterName: string | undefined;
}

type QueueType = 'classic' | 'quorum' | 'stream' | (string & {});

/** A queue. Source: `GET /api/queues/{vhost}` and `/api/queues/{vhost}/{name}`. */
export interface QueueInfo {
  readonly name: string;
  readonly type: QueueType;
  readonly durable: boolean;
  readonly exclusive: boolean;
  readonly autoDelete: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Messages ready for delivery. A list has it live, except for streams; a single queue up to 6.5 s late. */
  readonly ready: number | undefined;
  /** Messages delivered and not settled; as old as `ready`. */
  readonly unacknowledged: number | undefined;
  /** Never in a list on RabbitMQ; of a single queue up to 6.5 s late. Passive declare over AMQP has it live. */
  readonly consumers: number | undefined;
  /** `running`, `idle`, `down`, ...: the broker's own word. */
  readonly state: string | undefined;
  /** The policy in effect. */
  readonly policy: string | undefined;
  /**
   * What that policy and an operator policy set, without `x-`, `{}` without any; only of a single queue, and up to 6.5 s
   * after it was declared not at all.
   */
  readonly effectivePolicy?: Readonly<Record<string, unknown>> | undefined;
  /** Where rejected messages go: `''` is the default exchange, `null` nowhere (they are dropped), `undefined` unknown. */
  readonly deadLetterExchange: string | null | undefined;
  /** Replaces the message's own routing key on dead-lettering. */
  readonly deadLetterRoutingKey: string | undefined;
}

/** Who consumes from a queue. Source: `consumer_details` of `GET /api/queues/{vhost}/{name}`, up to 5 s late. */
export interface ConsumerInfo {
  /** The consumer's own name, or one that the broker made: `amq.ctag-…`. */
  readonly tag: string | undefined;
  readonly user: string | undefined;
  /** Where it connects from: `10.0.0.3:5512`. */
  readonly peer: string | undefined;
}

/** An exchange. Source: `GET /api/exchanges/{vhost}`. */
export interface ExchangeInfo {
  /** `''` is the default exchange. */
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
  readonly internal: boolean;
  readonly autoDelete: boolean;
  /** `alternate-exchange` among them, unless a policy sets it. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly policy: string | undefined;
}

/** A binding. Source: `GET /api/bindings/{vhost}`. */
export interface BindingInfo {
  /** An exchange; `''` is the default one, to which every queue is bound by its name. */
  readonly source: string;
  readonly destination: string;
  readonly destinationType: 'queue' | 'exchange';
  readonly routingKey: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A policy. Source: `GET /api/policies/{vhost}`. */
export interface PolicyInfo {
  readonly name: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

/** Source: `GET /api/vhosts/{vhost}`. */
export interface VhostInfo {
  readonly description: string;
  readonly tags: readonly string[];
  readonly defaultQueueType: string | undefined;
  /** Whether the firehose is on; undefined where the broker has none. */
  readonly tracing: boolean | undefined;
}

/** A node is short of something. Source: `GET /api/health/checks/alarms`. */
export interface Alarm {
  readonly node: string;
  /** `memory` or `disk space`. */
  readonly resource: string;
}
