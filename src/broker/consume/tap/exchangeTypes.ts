import type { ExchangeInfo } from '../../management/model.ts';

/** What one more binding does to the messages of an exchange: nothing; or it takes a share; or that is not known. */
export type Copying = 'copies' | 'splits' | 'unknown';

/**
 * Types that give each queue that is bound all that its binding asks for. `x-recent-history` gives a new binding its last
 * messages besides. @see https://www.rabbitmq.com/docs/exchanges
 */
const copying = new Set(['direct', 'fanout', 'topic', 'headers', 'x-recent-history']);

/** Types that choose among what is bound: each message goes to one. */
const splitting = new Set(['x-consistent-hash', 'x-modulus-hash', 'x-random', 'x-local-random']);

/** Of types that nobody here knows nothing is taken for granted. */
export function copyingOf(exchange: Pick<ExchangeInfo, 'type' | 'arguments'>): Copying {
  const type = routingTypeOf(exchange);
  if (copying.has(type)) return 'copies';
  return splitting.has(type) ? 'splits' : 'unknown';
}

/** The type that decides where messages go: a delayed exchange has it as an argument. */
export function routingTypeOf({ type, arguments: args }: Pick<ExchangeInfo, 'type' | 'arguments'>): string {
  const inner = args['x-delayed-type'];
  return type === 'x-delayed-message' && typeof inner === 'string' ? inner : type;
}
