import assert from 'node:assert/strict';
import { QueueAdmin } from '../../../src/broker/admin.ts';
import type { BrokerConnection } from '../../../src/broker/connection/connection.ts';
import type { QueueTailOptions } from '../../../src/broker/consume/tailOptions.ts';
import { Publisher } from '../../../src/broker/publish/publisher.ts';
import { freshVhost, type FreshVhost } from '../../support/broker.ts';
import { Core, tailOf, type ReadTail } from './core.ts';

/** A vhost for the suite; for each test a durable queue of its own, a connection to tail it and others for the rest. */
export class Queues {
  vhost!: FreshVhost;
  core!: Core;
  /** For tails. */
  connection!: BrokerConnection;
  admin!: QueueAdmin;
  publisher!: Publisher;
  /** The name of the queue under test; a test may choose another. */
  queue = '';
  #count = 0;

  async open(): Promise<void> {
    this.vhost = await freshVhost();
    this.core = new Core(this.vhost.amqpUrl);
  }

  async begin(): Promise<void> {
    this.connection = await this.core.connected();
    const others = await this.core.connected();
    this.admin = new QueueAdmin(others);
    this.publisher = new Publisher(others);
    this.queue = `q${++this.#count}`;
    await this.admin.declare({ name: this.queue, durable: true, arguments: {} });
  }

  /** Publishes numbers as texts, persistent. */
  async fill(count: number, from = 1): Promise<void> {
    const drafts = Array.from({ length: count }, (_, i) => ({
      exchange: '',
      routingKey: this.queue,
      content: Buffer.from(String(from + i)),
      properties: { persistent: true },
    }));
    await this.publisher.publishMany(drafts, { onOutcome: (_i, { kind }) => assert.equal(kind, 'routed') });
  }

  async started(options: Partial<QueueTailOptions> = {}, connection = this.connection): Promise<ReadTail> {
    const tail = tailOf(connection, this.queue, options);
    await tail.start();
    return tail;
  }

  /** Waits for the broker's own counts. */
  async counts(ready: number, unacknowledged: number, queue = this.queue): Promise<void> {
    await this.vhost.hasCounts(queue, ready, unacknowledged);
  }
}

/** To be called in a `describe`. */
export function useQueues(): Queues {
  const queues = new Queues();
  before(() => queues.open());
  beforeEach(() => queues.begin());
  afterEach(() => queues.core.dispose());
  after(() => queues.vhost.dispose());
  return queues;
}
