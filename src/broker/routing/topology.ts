import type { BindingInfo, ExchangeInfo, PolicyInfo } from '../management/model.ts';

/** An exchange, as far as routing goes. */
export interface RoutingExchange {
  readonly type: string;
  /** Nobody may publish to it. */
  readonly internal: boolean;
  /** Takes what this one cannot route; `null` where there is none, undefined where a policy that cannot be read may name one. */
  readonly alternate: string | null | undefined;
  readonly bindings: readonly BindingInfo[];
}

/** What decides where the messages of one vhost go. */
export interface Topology {
  readonly exchanges: ReadonlyMap<string, RoutingExchange>;
  readonly queues: ReadonlySet<string>;
}

/** What a management API tells of one vhost. */
export interface TopologySource {
  readonly exchanges: readonly ExchangeInfo[];
  readonly bindings: readonly BindingInfo[];
  /** Undefined where they may not be read. */
  readonly policies: readonly PolicyInfo[] | undefined;
  readonly queues: Iterable<string>;
}

/** Exchanges by name, each with its type, its alternate exchange, by argument or policy, and the bindings that leave it. */
export function toTopology({ exchanges, bindings, policies, queues }: TopologySource): Topology {
  const bySource = new Map<string, BindingInfo[]>();
  for (const binding of bindings) {
    const known = bySource.get(binding.source);
    if (known) known.push(binding);
    else bySource.set(binding.source, [binding]);
  }
  return {
    exchanges: new Map(
      exchanges.map((exchange) => {
        const { name, type, internal } = exchange;
        const alternate = alternateOf(exchange, policies);
        return [name, { type, internal, alternate, bindings: bySource.get(name) ?? [] }];
      }),
    ),
    queues: new Set(queues),
  };
}

/**
 * Where what an exchange cannot route goes; `null` where nowhere, undefined where a policy that cannot be read may say so. An
 * argument wins over the policy. @see https://www.rabbitmq.com/docs/ae
 * @param policies undefined where they may not be read
 */
export function alternateOf(
  exchange: Pick<ExchangeInfo, 'arguments' | 'policy'>,
  policies: readonly PolicyInfo[] | undefined,
): string | null | undefined {
  const argument = exchange.arguments['alternate-exchange'];
  if (typeof argument === 'string') return argument;
  if (exchange.policy === undefined) return null;
  const policy = policies?.find(({ name }) => name === exchange.policy);
  if (!policy) return undefined;
  const named = policy.definition['alternate-exchange'];
  return typeof named === 'string' ? named : null;
}
