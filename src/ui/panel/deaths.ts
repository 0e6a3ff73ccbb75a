import { describeTimestamp, describeValue } from '../../broker/message/fieldValue.ts';
import { visibleLine, visibleName } from '../../common/visibleText.ts';
import type { Death } from '../../protocol/detail.ts';

/** A message that dies more often than so in different ways is caught in a loop. */
const mostDeaths = 64;
/** What AMQP allows for a name. */
const longestName = 255;

/**
 * RabbitMQ's `x-death` header as a history, the first death first: RabbitMQ puts the last one at the front. Publishers can
 * set this header too: what does not look like a death is left out, and is still among the headers.
 * @see https://www.rabbitmq.com/docs/dlx#effects
 */
export function deathsOf(header: unknown): Death[] {
  if (!Array.isArray(header)) return [];
  return header
    .slice(0, mostDeaths)
    .flatMap((entry: unknown) => deathOf(entry) ?? [])
    .toReversed();
}

function deathOf(entry: unknown): Death | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { reason, queue, count, exchange, time, ...rest } = entry as Record<string, unknown>;
  if (typeof reason !== 'string' || typeof queue !== 'string') return undefined;
  const keys = rest['routing-keys'];
  const expiration = rest['original-expiration'];
  return {
    reason: visibleLine(reason, 64),
    queue: nameOf(queue),
    count: typeof count === 'number' && count !== 1 ? `${count} times` : 'once',
    exchange: typeof exchange === 'string' ? (exchange === '' ? '(default)' : nameOf(exchange)) : '',
    keys: Array.isArray(keys) ? keys.slice(0, 10).map(keyOf).join(', ') : '',
    time: time === undefined ? '' : timeOf(time),
    more: typeof expiration === 'string' ? `its expiration was ${visibleLine(expiration, 40)} ms` : '',
  };
}

function keyOf(key: unknown): string {
  return typeof key === 'string' ? nameOf(key) : describeValue(key);
}

function nameOf(name: string): string {
  return visibleName(name.slice(0, longestName));
}

function timeOf(time: unknown): string {
  return describeTimestamp(typeof time === 'object' && time !== null && 'value' in time ? time.value : time);
}
