import type { FreshVhost } from '../../support/broker.ts';
import { waitFor } from '../../support/waitFor.ts';

interface Consumer {
  readonly channel_details: { readonly connection_name: string };
}

/** A queue `orders` whose rejected messages go to `orders.dead`, as the broker has it. */
export class Orders {
  readonly #vhost: FreshVhost;

  private constructor(vhost: FreshVhost) {
    this.#vhost = vhost;
  }

  static async declared(vhost: FreshVhost): Promise<Orders> {
    const { management, vhost: name } = vhost;
    const deadLetter = { 'x-dead-letter-exchange': 'orders.dlx' };
    await management.request('PUT', `exchanges/${name}/orders.dlx`, { type: 'fanout', durable: true });
    await management.request('PUT', `queues/${name}/orders`, { durable: true, arguments: deadLetter });
    await management.request('PUT', `queues/${name}/orders.dead`, { durable: true });
    await management.request('POST', `bindings/${name}/e/orders.dlx/q/orders.dead`, {});
    return new Orders(vhost);
  }

  async publish(from: number, to: number): Promise<void> {
    for (let id = from; id <= to; id++) {
      await this.#vhost.management.request('POST', `exchanges/${this.#vhost.vhost}/amq.default/publish`, {
        properties: {
          content_type: 'application/json',
          delivery_mode: 2,
          message_id: `order-${id}`,
          headers: { 'x-tenant': 'acme', 'x-route': { hops: ['eu', 'us'], fast: true } },
        },
        routing_key: 'orders',
        payload: JSON.stringify({ id, order: { total: id * 10 } }),
        payload_encoding: 'string',
      });
    }
  }

  /** Ends every connection to the vhost, the tails' among them; those that can connect again. */
  async cutConnections(): Promise<void> {
    const { management, vhost } = this.#vhost;
    const found = await waitFor(
      async () => {
        const all = (await management.request('GET', 'connections')) as { name: string; vhost: string }[];
        const own = all.filter((each) => each.vhost === vhost);
        const consumers = (await management.request('GET', `consumers/${vhost}`)) as Consumer[];
        const consuming = consumers.map(({ channel_details: { connection_name: name } }) => name);
        // Statistics come late: without the tail's own connection there would be nothing to see.
        return consuming.length > 0 && consuming.every((name) => own.some((each) => each.name === name)) && own;
      },
      { describe: 'connections to cut' },
    );
    for (const { name } of found) await management.request('DELETE', `connections/${encodeURIComponent(name)}`);
  }
}
