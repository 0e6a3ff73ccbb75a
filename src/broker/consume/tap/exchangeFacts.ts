import type { ManagementClient } from '../../management/client.ts';
import type { ExchangeInfo } from '../../management/model.ts';
import { alternateOf } from '../../routing/topology.ts';

/** An exchange as a tap must know it. */
export interface TapExchange extends ExchangeInfo {
  /** Where what it cannot route goes; `null` where nowhere, undefined where a policy that cannot be read may say so. */
  readonly alternate: string | null | undefined;
}

/**
 * The exchanges of a vhost with their alternate exchanges.
 * @throws AppError as `ManagementClient`
 */
export async function readExchanges(client: ManagementClient, vhost: string): Promise<TapExchange[]> {
  const exchanges = await client.exchanges(vhost);
  const hasPolicies = exchanges.some(({ policy }) => policy !== undefined);
  const policies = hasPolicies ? await client.policies(vhost).catch(() => undefined) : [];
  return exchanges.map((exchange) => ({ ...exchange, alternate: alternateOf(exchange, policies) }));
}
