import type { Rabbitmq } from '../../../scripts/lib/rabbitmq.mjs';
import { ownBroker, rabbitmq4, type OwnBroker } from '../../support/broker.ts';

/** A version of RabbitMQ to inject faults into. */
export interface Version {
  readonly name: string;
  readonly major: number;
  readonly rabbitmq?: Rabbitmq;
}

/** This machine's own, and 4.0 where the runner could get it: else its tests are skipped, and counted. */
export function onEachVersion(title: string, body: (version: Version) => void): void {
  describe(`${title} (this machine’s RabbitMQ)`, function () {
    this.timeout(60_000);
    body({ name: 'own', major: 3 });
  });
  const rabbitmq = rabbitmq4();
  describe(`${title} (RabbitMQ 4.0)`, function () {
    this.timeout(60_000);
    if (!rabbitmq) before(skipAll);
    body({ name: '4.0', major: 4, ...(rabbitmq && { rabbitmq }) });
  });
}

function skipAll(this: Mocha.Context): void {
  this.skip();
}

/** A broker of this version for the suite; to be called in a `describe`. */
export function useBroker({ rabbitmq }: Version, config: readonly string[] = []): { readonly broker: OwnBroker } {
  let broker: OwnBroker | undefined;
  before(async () => {
    broker = await ownBroker({ config, ...(rabbitmq && { rabbitmq }) });
  });
  after(() => broker?.dispose());
  return {
    get broker() {
      if (!broker) throw new Error('the broker is not started yet');
      return broker;
    },
  };
}
