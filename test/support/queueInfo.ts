import type { QueueInfo } from '../../src/broker/management/model.ts';

/** A plain classic queue, empty and without consumers, whose policy is known: there is none. */
export const classicQueue: QueueInfo = {
  name: 'orders',
  type: 'classic',
  durable: true,
  exclusive: false,
  autoDelete: false,
  arguments: {},
  ready: 0,
  unacknowledged: 0,
  consumers: 0,
  state: 'running',
  policy: undefined,
  effectivePolicy: {},
  deadLetterExchange: null,
  deadLetterRoutingKey: undefined,
};
