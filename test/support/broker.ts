import { randomBytes } from 'node:crypto';
import { type Broker, type BrokerOptions, PROMPT_COUNTS, startBroker } from '../../scripts/lib/broker.mjs';
import type { Rabbitmq } from '../../scripts/lib/rabbitmq.mjs';
import { Management } from './management.ts';
import { waitFor } from './waitFor.ts';

/** Where a broker is, and as whom to connect. */
export interface BrokerAddress {
  readonly host: string;
  readonly amqpPort: number;
  readonly managementPort: number;
  /** With the password; of the default vhost. */
  readonly amqpUrl: string;
  /** Without credentials or a slash at its end. */
  readonly managementUrl: string;
  readonly user: string;
  readonly password: string;
}

/** A vhost of one suite's own. */
export interface FreshVhost extends BrokerAddress {
  readonly vhost: string;
  /** With the password and the vhost. */
  readonly amqpUrl: string;
  readonly management: Management;
  /** Waits for the broker's own counts of a queue; those of a quorum queue are seconds late. */
  hasCounts(queue: string, ready: number, unacknowledged: number): Promise<void>;
  /** Deletes the vhost and closes its connections. */
  dispose(): Promise<void>;
}

/** The broker that the test runner started for the whole stage. Suites share it, so they may not stop or configure it. */
export function sharedBroker(): BrokerAddress {
  const { WARREN_TEST_AMQP_URL: amqpUrl, WARREN_TEST_MANAGEMENT_URL: managementUrl } = process.env;
  if (amqpUrl === undefined || managementUrl === undefined) {
    throw new Error('No broker for tests: run them by `npm run test:integration`, `test:host` or `test:ui`.');
  }
  const { hostname, port, username, password } = new URL(amqpUrl);
  const managementPort = Number(new URL(managementUrl).port);
  return { host: hostname, amqpPort: Number(port), managementPort, amqpUrl, managementUrl, user: username, password };
}

/**
 * A new vhost on a broker, with all permissions for its user.
 * @param on the shared broker unless given
 */
export async function freshVhost(on: BrokerAddress = sharedBroker()): Promise<FreshVhost> {
  const management = new Management(on.managementUrl, on.user, on.password);
  const vhost = `test-${randomBytes(5).toString('hex')}`;
  await management.createVhost(vhost, on.user);
  // One by one: a private broker has them as getters, which a spread leaves out.
  const { host, amqpPort, managementPort, managementUrl, user, password } = on;
  return {
    host,
    amqpPort,
    managementPort,
    managementUrl,
    user,
    password,
    vhost,
    amqpUrl: `${on.amqpUrl}/${vhost}`,
    management,
    hasCounts: async (queue, ready, unacknowledged) => {
      let last: unknown;
      await waitFor(
        async () => {
          const now = (last = await management.queueCounts(vhost, queue));
          return now?.ready === ready && now.unacknowledged === unacknowledged;
        },
        { describe: () => `${queue}: ${ready} ready, ${unacknowledged} unacknowledged, not ${JSON.stringify(last)}` },
      );
    },
    dispose: () => management.deleteVhost(vhost),
  };
}

/** RabbitMQ 4.0, where the test runner could get it. */
export function rabbitmq4(): Rabbitmq | undefined {
  const { WARREN_TEST_RABBITMQ_4: found } = process.env;
  return found === undefined ? undefined : (JSON.parse(found) as Rabbitmq);
}

/** A private broker with the addresses of {@link BrokerAddress}. */
export type OwnBroker = Broker & BrokerAddress;

/** Starts a broker for a suite that stops, kills or configures it. The suite disposes of it. */
export async function ownBroker(options: BrokerOptions & { managementPort?: number } = {}): Promise<OwnBroker> {
  const broker = await startBroker({ ...options, config: [PROMPT_COUNTS, ...(options.config ?? [])] });
  return Object.assign(broker, { host: '127.0.0.1' }) as OwnBroker;
}
