import type { BindingInfo } from '../management/model.ts';
import { headersMatch } from './headersMatch.ts';
import { topicMatches } from './topicPattern.ts';
import type { RoutingExchange, Topology } from './topology.ts';

/** What of a message decides where it goes. */
export interface RoutedMessage {
  /** `''` is the default exchange. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Names of headers whose values are not known yet. */
  readonly unknownHeaders?: ReadonlySet<string>;
}

/** Where a message would go. */
export interface Route {
  /** The queues that would get it, by name. */
  readonly queues: readonly string[];
  /** Exchanges whose choice cannot be foretold (one of a plugin, with a policy that cannot be read, or by a header that is not known yet): it may go on from there. */
  readonly unsure: readonly string[];
  /** Nobody can publish to it: it does not exist, or is internal. */
  readonly refusal?: 'exchangeNotFound' | 'exchangeInternal';
}

/**
 * Where the broker would route a message, by what its management API tells: direct, topic, fanout and headers exchanges,
 * exchanges bound to exchanges, alternate exchanges, and the extra routing keys of `CC` and `BCC`.
 * @see https://www.rabbitmq.com/docs/exchanges and https://www.rabbitmq.com/docs/sender-selected
 */
export function routeOf(message: RoutedMessage, topology: Topology): Route {
  const keys = routingKeys(message);
  if (message.exchange === '') {
    return { queues: sorted(keys.filter((key) => topology.queues.has(key))), unsure: [] };
  }
  const first = topology.exchanges.get(message.exchange);
  if (!first) return { queues: [], unsure: [], refusal: 'exchangeNotFound' };
  if (first.internal) return { queues: [], unsure: [], refusal: 'exchangeInternal' };
  const queues = new Set<string>();
  const unsure = new Set<string>();
  const seen = new Set([message.exchange]);
  // It grows while it is walked: each exchange hands on to others, and each is asked once.
  for (const name of seen) {
    if (name === '') {
      for (const key of keys) queues.add(key);
      continue;
    }
    const exchange = topology.exchanges.get(name);
    if (!exchange) continue;
    const matching = matchingBindings(exchange, keys, message.headers);
    if (!matching) {
      unsure.add(name);
      continue;
    }
    for (const { destination, destinationType } of matching) {
      (destinationType === 'queue' ? queues : seen).add(destination);
    }
    if (dependsOnUnknown(exchange, message)) {
      unsure.add(name);
      continue;
    }
    if (matching.length > 0) continue;
    if (exchange.alternate === undefined) unsure.add(name);
    else if (exchange.alternate !== null) seen.add(exchange.alternate);
  }
  return { queues: sorted([...queues].filter((name) => topology.queues.has(name))), unsure: [...unsure] };
}

/** Undefined for a type that is not known here. */
function matchingBindings(
  { type, bindings }: RoutingExchange,
  keys: readonly string[],
  headers: RoutedMessage['headers'],
): readonly BindingInfo[] | undefined {
  switch (type) {
    case 'fanout':
      return bindings;
    case 'direct':
      return bindings.filter(({ routingKey }) => keys.includes(routingKey));
    case 'topic':
      return bindings.filter(({ routingKey }) => keys.some((key) => topicMatches(routingKey, key)));
    case 'headers':
      return bindings.filter((binding) => headersMatch(binding.arguments, headers));
    default:
      return bindings.length === 0 ? [] : undefined;
  }
}

/** Whether a header that is not known yet may decide for a binding that does not match without it. */
function dependsOnUnknown({ type, bindings }: RoutingExchange, { unknownHeaders }: RoutedMessage): boolean {
  if (!unknownHeaders || unknownHeaders.size === 0) return false;
  if (type === 'direct' || type === 'topic') return unknownHeaders.has('CC') || unknownHeaders.has('BCC');
  const isAsked = (name: string): boolean => unknownHeaders.has(name);
  return type === 'headers' && bindings.some((binding) => Object.keys(binding.arguments).some(isAsked));
}

/** `BCC` is taken off the message before it is delivered, and `CC` is not; both route. */
function routingKeys({ routingKey, headers }: RoutedMessage): string[] {
  return [...new Set([routingKey, ...strings(headers['CC']), ...strings(headers['BCC'])])];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
