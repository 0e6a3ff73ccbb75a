import { visibleName } from '../../common/visibleText.ts';
import { describeTimestamp, describeValue } from './fieldValue.ts';

/**
 * One entry of RabbitMQ's `x-death` header (rabbitmq.com/docs/dlx) in a line:
 * `rejected 3 times from orders (orders.events > order.created), first at 2026-01-02T03:04:05Z`.
 * Undefined when it does not look like one: publishers can set this header too.
 */
export function describeDeath(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { reason, queue, count, exchange, time, ...rest } = entry as Record<string, unknown>;
  if (typeof reason !== 'string' || typeof queue !== 'string' || queue.length > 255 || reason.length > 64)
    return undefined;
  const keys = rest['routing-keys'];
  const expiration = rest['original-expiration'];
  const parts = [`${visibleName(reason)}${describeTimes(count)} from ${visibleName(queue)}`];
  if (typeof exchange === 'string') parts[0] += ` (${describeRoute(exchange, keys)})`;
  if (time !== undefined) parts.push(`first at ${describeTime(time)}`);
  if (expiration !== undefined) parts.push(`expiration was ${describeValue(expiration).replaceAll('"', '')} ms`);
  return parts.join(', ');
}

function describeTimes(count: unknown): string {
  if (typeof count !== 'number') return '';
  return count === 1 ? ' once' : ` ${count} times`;
}

function describeRoute(exchange: string, keys: unknown): string {
  const from = exchange === '' ? '(default)' : visibleName(exchange.slice(0, 255));
  if (!Array.isArray(keys) || keys.length === 0) return from;
  const key =
    keys.length === 1 && typeof keys[0] === 'string' ? visibleName(keys[0].slice(0, 255)) : describeValue(keys);
  return `${from} > ${key}`;
}

function describeTime(time: unknown): string {
  const isTyped = typeof time === 'object' && time !== null && 'value' in time;
  return describeTimestamp(isTyped ? time.value : time);
}
