import type { Disposable } from '../../common/disposable.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { withTypedNumbers } from './exactNumbers.ts';
import { parseJson } from './httpReply.ts';
import type {
  Alarm,
  BindingInfo,
  BrokerIdentity,
  ConsumerInfo,
  ExchangeInfo,
  Identity,
  PolicyInfo,
  QueueInfo,
  VhostInfo,
} from './model.ts';
import * as schema from './schema.ts';
import { Transport, type Credentials, type RequestOptions, type TransportOptions } from './transport.ts';

/** `policy` is absent when there is none; `consumers` and a stream's counts are never in this form. */
const listColumns =
  'name,type,durable,exclusive,auto_delete,arguments,messages_ready,messages_unacknowledged,state,policy';
const listForm = `disable_stats=true&enable_queue_totals=true&columns=${listColumns}`;
const statsColumns = `${listColumns},consumers,effective_policy_definition`;
const consumerColumns = [
  'consumer_tag',
  'channel_details.user',
  'channel_details.peer_host',
  'channel_details.peer_port',
]
  .map((column) => `consumer_details.${column}`)
  .join(',');
const exchangeColumns = 'name,type,durable,internal,auto_delete,arguments,policy';
const overviewColumns = 'product_name,product_version,rabbitmq_version,lavinmq_version,cluster_name';

/**
 * The management API of one broker as one user sees it. Every method throws AppError `managementUnreachable`,
 * `managementForbidden` (a vhost without access too), `managementNotFound`, `managementRejected`, `managementBadReply`,
 * `timeout` or `cancelled`.
 */
export class ManagementClient implements Disposable {
  readonly #transport: Transport;

  constructor(options: TransportOptions & { readonly credentials: Credentials }) {
    this.#transport = new Transport(options);
  }

  /** The base URL in use; it holds no login. */
  get url(): string {
    return this.#transport.baseUrl;
  }

  /** Who the credentials belong to, and what the user may see. */
  async whoami(options?: RequestOptions): Promise<Identity> {
    return await this.#get(schema.whoami, '/api/whoami', options);
  }

  /** Which broker it is. */
  async overview(options?: RequestOptions): Promise<BrokerIdentity> {
    const path = `/api/overview?disable_stats=true&columns=${overviewColumns}`;
    return schema.toBrokerIdentity(await this.#get(schema.overview, path, options));
  }

  /**
   * All queues of a vhost with live counts, by the cheapest complete GET: about 30 ms of the broker's time per 1,000
   * queues, where the form with statistics takes 280. Costs the same for a page, so the whole list is taken.
   */
  async queues(vhost: string, options?: RequestOptions): Promise<QueueInfo[]> {
    const path = `/api/queues/${part(vhost)}?${listForm}`;
    return (await this.#get(schema.queueList, path, options)).map(schema.toQueueInfo);
  }

  /**
   * One queue, 0.7 ms of the broker's time however many there are; it knows a policy's dead-letter exchange. No form of
   * this GET has live counts on RabbitMQ: `ready`, `unacknowledged`, `consumers` and the policy are up to 6.5 s late, and
   * undefined for a new queue.
   */
  async queue(vhost: string, name: string, options?: RequestOptions): Promise<QueueInfo> {
    if (isDotSegment(name)) return await this.#dottedQueue(vhost, name, options);
    const path = `/api/queues/${part(vhost)}/${part(name)}?columns=${statsColumns}`;
    const reply = await this.#get(schema.queue, path, options);
    const info = schema.toQueueInfo(reply);
    if (reply.effective_policy_definition) return info;
    // Not even `disable_stats` tells one queue's policy: without statistics there may be one.
    return { ...info, deadLetterExchange: info.deadLetterExchange ?? undefined };
  }

  /** Who consumes from a queue, up to 5 s late; none where that is not told. */
  async consumers(vhost: string, name: string, options?: RequestOptions): Promise<ConsumerInfo[]> {
    if (isDotSegment(name)) return [];
    const path = `/api/queues/${part(vhost)}/${part(name)}?columns=${consumerColumns}`;
    return (await this.#get(schema.queueConsumers, path, options)).consumer_details;
  }

  /** RabbitMQ resolves a path part `..` even when it is percent-encoded: such a queue is only found in a list. */
  async #dottedQueue(vhost: string, name: string, options?: RequestOptions): Promise<QueueInfo> {
    const pattern = encodeURIComponent(`^${name.replaceAll('.', '\\.')}$`);
    const page = `page=1&page_size=1&use_regex=true&name=${pattern}`;
    const path = `/api/queues/${part(vhost)}?${page}&${listForm}`;
    const { items } = await this.#get(schema.queuePage, path, options);
    const found = items.find((item) => item.name === name);
    if (!found) throw new AppError('managementNotFound', { url: this.#transport.urlOf(path) });
    return schema.toQueueInfo(found);
  }

  /** All exchanges of a vhost, those that RabbitMQ made included. */
  async exchanges(vhost: string, options?: RequestOptions): Promise<ExchangeInfo[]> {
    const path = `/api/exchanges/${part(vhost)}?disable_stats=true&columns=${exchangeColumns}`;
    return (await this.#get(schema.exchangeList, path, options)).map(schema.toExchangeInfo);
  }

  /** All bindings of a vhost, those to the default exchange included. */
  async bindings(vhost: string, options?: RequestOptions): Promise<BindingInfo[]> {
    return (await this.#get(schema.bindingList, `/api/bindings/${part(vhost)}`, options)).map(schema.toBindingInfo);
  }

  /** What a queue is bound to, `''` (the default exchange) included. RabbitMQ lists that one of a missing queue too. */
  async queueBindings(vhost: string, queue: string, options?: RequestOptions): Promise<BindingInfo[]> {
    return await this.#bindings(`/api/queues/${part(vhost)}/${part(queue)}/bindings`, options);
  }

  /** What is bound to an exchange; none where there is no such exchange. */
  async exchangeBindings(vhost: string, exchange: string, options?: RequestOptions): Promise<BindingInfo[]> {
    return await this.#bindings(`/api/exchanges/${part(vhost)}/${part(exchange)}/bindings/source`, options);
  }

  async #bindings(path: string, options?: RequestOptions): Promise<BindingInfo[]> {
    const url = this.#transport.urlOf(path);
    const reply = await this.#transport.fetch(path, options);
    if (reply.status !== 200) throw this.#transport.refusal(reply, url);
    const typed = Buffer.from(withTypedNumbers(reply.body.toString('utf8')));
    return schema.read(schema.bindingList, parseJson(typed, url), url).map(schema.toBindingInfo);
  }

  /** The policies of a vhost, those of operators not included. */
  async policies(vhost: string, options?: RequestOptions): Promise<PolicyInfo[]> {
    return await this.#get(schema.policyList, `/api/policies/${part(vhost)}`, options);
  }

  /** How many messages channels have published to a queue since it was declared; some seconds late, then undefined too. */
  async publishedTo(vhost: string, queue: string, options?: RequestOptions): Promise<number | undefined> {
    const path = `/api/queues/${part(vhost)}/${part(queue)}?columns=message_stats.publish`;
    return (await this.#get(schema.queueStats, path, options)).message_stats.publish;
  }

  /** What is set of a vhost. Only administrators may ask: @throws AppError `managementForbidden` */
  async vhost(vhost: string, options?: RequestOptions): Promise<VhostInfo> {
    return schema.toVhostInfo(await this.#get(schema.vhost, `/api/vhosts/${part(vhost)}`, options));
  }

  /**
   * Switches the firehose of a vhost on or off, and keeps what else is set of it: RabbitMQ wipes the description and the
   * tags unless they are sent back. Only administrators may.
   * @see https://www.rabbitmq.com/docs/firehose
   */
  async setTracing(vhost: string, tracing: boolean, options?: RequestOptions): Promise<void> {
    const { description, tags, defaultQueueType } = await this.vhost(vhost, options);
    const body = {
      description,
      tags: tags.join(','),
      ...(defaultQueueType !== undefined && { default_queue_type: defaultQueueType }),
      tracing,
    };
    await this.#transport.put(`/api/vhosts/${part(vhost)}`, body, options);
  }

  /** The vhosts that the user may see: all, or with the tag `management` alone those that the user may use. */
  async vhostNames(options?: RequestOptions): Promise<string[]> {
    const path = '/api/vhosts?disable_stats=true&columns=name';
    return (await this.#get(schema.vhostList, path, options)).map(({ name }) => name);
  }

  /** Whether a user has permissions in a vhost. Only administrators may ask: @throws AppError `managementForbidden` */
  async hasPermissions(vhost: string, username: string, options?: RequestOptions): Promise<boolean> {
    try {
      await this.#transport.get(`/api/permissions/${part(vhost)}/${part(username)}`, options);
      return true;
    } catch (error) {
      if (toAppError(error).is('managementNotFound')) return false;
      throw error;
    }
  }

  /** The alarms in effect in the cluster, for which publishing is blocked; none when all is well. */
  async alarms(options?: RequestOptions): Promise<Alarm[]> {
    const path = '/api/health/checks/alarms';
    const reply = await this.#transport.fetch(path, options);
    // RabbitMQ answers 503 when there are some. Whatever has no such check (LavinMQ) has no such alarms.
    if (reply.status === 200 || reply.status === 404) return [];
    const url = this.#transport.urlOf(path);
    if (reply.status !== 503) throw this.#transport.refusal(reply, url);
    return schema.read(schema.failedAlarmCheck, parseJson(reply.body, url), url).alarms;
  }

  dispose(): void {
    this.#transport.dispose();
  }

  async #get<T extends Parameters<typeof schema.read>[0]>(
    shape: T,
    path: string,
    options?: RequestOptions,
  ): Promise<ReturnType<typeof schema.read<T>>> {
    return schema.read(shape, await this.#transport.get(path, options), this.#transport.urlOf(path));
  }
}

/**
 * A name as one part of a path.
 * @throws AppError `notSupported` for a name that the API cannot address
 */
function part(name: string): string {
  if (isDotSegment(name)) throw new AppError('notSupported', { reason: `the management API cannot address "${name}"` });
  // By way of UTF-8, since encodeURIComponent throws on half of a surrogate pair.
  return encodeURIComponent(Buffer.from(name, 'utf8').toString('utf8'));
}

function isDotSegment(name: string): boolean {
  return name === '.' || name === '..';
}
