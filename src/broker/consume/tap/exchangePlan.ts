import { isDeepStrictEqual } from 'node:util';
import type { TapRefusal } from '../../../common/errors.ts';
import type { BindingInfo } from '../../management/model.ts';
import { topicCovers } from '../../routing/topicPattern.ts';
import type { TapExchange } from './exchangeFacts.ts';
import { copyingOf, routingTypeOf } from './exchangeTypes.ts';

/** What a tap of an exchange asks for. */
export interface Wanted {
  readonly routingKey: string;
  /** Of a headers exchange. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What a tap of an exchange does to others. */
export type Verdict =
  /** Nothing: a queue takes all of it without the tap. */
  | { readonly kind: 'harmless' }
  /** What no queue takes counts as routed while the tap runs: a mandatory publisher is not told. */
  | { readonly kind: 'hidesUnroutable' }
  | { readonly kind: 'refused'; readonly why: TapRefusal };

/**
 * Whether an exchange may be tapped so. A binding of somebody else that takes all that the tap would take makes it harmless,
 * as long as it is there.
 * @param bindings what is bound to the exchange
 */
export function judge(exchange: TapExchange, bindings: readonly BindingInfo[], wanted: Wanted): Verdict {
  const copying = copyingOf(exchange);
  if (copying === 'splits') return { kind: 'refused', why: 'splits' };
  if (copying === 'unknown') return { kind: 'refused', why: 'typeUnknown' };
  const covering = bindings.filter((binding) => !isPassing(binding) && covers(exchange, binding, wanted));
  if (covering.some(({ destinationType }) => destinationType === 'queue')) return { kind: 'harmless' };
  // Another exchange may have nobody to give it to, which a mandatory publisher is told of, and an alternate exchange not.
  if (covering.length === 0 && exchange.alternate !== null) return { kind: 'refused', why: 'alternateExchange' };
  return { kind: 'hidesUnroutable' };
}

/** Queues that the broker names go with their client, and other taps are among them: nothing may rest on them. */
function isPassing({ destination, destinationType }: BindingInfo): boolean {
  return destinationType === 'queue' && destination.startsWith('amq.gen-');
}

function covers(exchange: TapExchange, binding: BindingInfo, wanted: Wanted): boolean {
  switch (routingTypeOf(exchange)) {
    case 'topic':
      return topicCovers(binding.routingKey, wanted.routingKey);
    case 'direct':
      return binding.routingKey === wanted.routingKey;
    case 'headers':
      return takesAll(binding.arguments) || isDeepStrictEqual(binding.arguments, wanted.arguments);
    default:
      return true;
  }
}

/** `x-match: all` (the default) with nothing to match. */
function takesAll(args: Readonly<Record<string, unknown>>): boolean {
  const { 'x-match': match = 'all', ...conditions } = args;
  return (match === 'all' || match === 'all-with-x') && Object.keys(conditions).length === 0;
}
