import type { QueueInfo } from '../management/model.ts';

/** What returning a message does to it on this queue: a quorum queue counts returns. */
export type DeliveryLimit =
  | { readonly kind: 'none' }
  /** So many returns are allowed, at least one; the next drops or dead-letters the message. */
  | { readonly kind: 'known'; readonly limit: number }
  /** `x-delivery-limit: 0`, and `-1` before RabbitMQ 4: the first return drops the message. Measured on 3.10. */
  | { readonly kind: 'firstReturnDrops' }
  /** A policy that cannot be read may set one. */
  | { readonly kind: 'unknown' };

/** What a tail must know of its queue to do no harm. */
export interface QueueTraits {
  /**
   * Whether the tail may cancel its consumer to pause: the queue outlives its last consumer, and survives that a quorum
   * queue returns what is under way then.
   */
  readonly canCancel: boolean;
  readonly deliveryLimit: DeliveryLimit;
}

/** @param details undefined when there is no management API: then nothing is taken for granted */
export function traitsOf(details: QueueInfo | undefined, brokerVersion: string | undefined): QueueTraits {
  const deliveryLimit = deliveryLimitOf(details, brokerVersion);
  return { canCancel: canCancel(details) && deliveryLimit.kind !== 'firstReturnDrops', deliveryLimit };
}

/** @see https://www.rabbitmq.com/docs/quorum-queues#position-20 for the default of 20 since RabbitMQ 4.0 */
export function deliveryLimitOf(details: QueueInfo | undefined, brokerVersion: string | undefined): DeliveryLimit {
  if (!details) return { kind: 'unknown' };
  // RabbitMQ refuses the argument for other types; on LavinMQ it counts for all.
  if (details.type !== 'quorum' && details.arguments['x-delivery-limit'] === undefined) return { kind: 'none' };
  const major = Number.parseInt(brokerVersion ?? '', 10);
  const limits = [details.arguments['x-delivery-limit'], details.effectivePolicy?.['delivery-limit']].filter(
    (value) => typeof value === 'number',
  );
  if (limits.length > 0) {
    // Since RabbitMQ 4 a negative one means none, and then the other counts.
    const limit = major >= 4 && Math.min(...limits) < 0 ? Math.max(...limits) : Math.min(...limits);
    if (limit > 0) return { kind: 'known', limit };
    return limit === 0 || !(major >= 4) ? { kind: 'firstReturnDrops' } : { kind: 'none' };
  }
  if (isPolicyUnknown(details)) return { kind: 'unknown' };
  return major >= 4 ? { kind: 'known', limit: 20 } : { kind: 'none' };
}

/**
 * An auto-delete queue goes with its last consumer, and one that expires may go some time after it. Both do so with all
 * their messages, the held ones too. @see https://www.rabbitmq.com/docs/ttl#queue-ttl
 */
function canCancel(details: QueueInfo | undefined): boolean {
  return details !== undefined && !details.autoDelete && mayExpire(details) === false;
}

/** Whether the queue is deleted when it is unused for a time; undefined where a policy that is not known may say so. */
export function mayExpire(details: QueueInfo): boolean | undefined {
  if (setting(details, 'expires') !== undefined) return true;
  return isPolicyUnknown(details) ? undefined : false;
}

/**
 * The management API tells of a policy only with its statistics, up to 6.5 s after a queue is declared. A list names the
 * policy in effect, but no operator policy.
 */
export function isPolicyUnknown(details: QueueInfo): boolean {
  return details.effectivePolicy === undefined;
}

/** Whether the queue is bounded and drops its oldest messages to stay so. @see https://www.rabbitmq.com/docs/maxlength */
export function dropsWhenFull(details: QueueInfo): boolean {
  const isBounded = setting(details, 'max-length') !== undefined || setting(details, 'max-length-bytes') !== undefined;
  return isBounded && (setting(details, 'overflow') ?? 'drop-head') === 'drop-head';
}

/** Whether a queue with so many ready messages is as long as it may be; by bytes that cannot be told. */
export function isFull(details: QueueInfo, ready: number): boolean {
  const longest = setting(details, 'max-length');
  return typeof longest === 'number' && ready >= longest;
}

/** How long a message lives in this queue, in milliseconds. */
export function timeToLive(details: QueueInfo): number | undefined {
  const value = setting(details, 'message-ttl');
  return typeof value === 'number' ? value : undefined;
}

/** What becomes of a rejected message. */
export type RejectFate =
  | { readonly kind: 'deadLettered'; readonly exchange: string; readonly routingKey: string | undefined }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'unknown' };

/** What rejecting a message without requeueing it comes to; `unknown` where the management API does not tell of the queue. */
export function rejectFate(details: QueueInfo | undefined): RejectFate {
  const exchange = details?.deadLetterExchange;
  if (exchange === undefined) return { kind: 'unknown' };
  if (exchange === null) return { kind: 'dropped' };
  return { kind: 'deadLettered', exchange, routingKey: details?.deadLetterRoutingKey };
}

/** An argument of the queue, else what its policy says. @see https://www.rabbitmq.com/docs/parameters#policies */
function setting(details: QueueInfo, key: string): unknown {
  return details.arguments[`x-${key}`] ?? details.effectivePolicy?.[key];
}
