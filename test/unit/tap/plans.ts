import type { TapExchange } from '../../../src/broker/consume/tap/exchangeFacts.ts';
import type { BindingInfo } from '../../../src/broker/management/model.ts';

export function exchange(name: string, type: string, over: Partial<TapExchange> = {}): TapExchange {
  return {
    name,
    type,
    durable: true,
    internal: false,
    autoDelete: false,
    arguments: {},
    policy: undefined,
    alternate: null,
    ...over,
  };
}

export function binding(source: string, routingKey = '', over: Partial<BindingInfo> = {}): BindingInfo {
  return { source, destination: 'orders', destinationType: 'queue', routingKey, arguments: {}, ...over };
}
