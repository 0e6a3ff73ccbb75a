import type { Disposable } from '../../common/disposable.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { parseJson } from './httpReply.ts';
import type { Alarm, BindingInfo, BrokerIdentity, ExchangeInfo, Identity, PolicyInfo, QueueInfo } from './model.ts';
import * as schema from './schema.ts';
import { Transport, type Credentials, type RequestOptions, type TransportOptions } from './transport.ts';

/** `policy` is absent when there is none; `consumers` and a stream's counts are never in this form. */
const listColumns =
  'name,type,durable,exclusive,auto_delete,arguments,messages_ready,messages_unacknowledged,state,policy';
const listForm = `disable_stats=true&enable_queue_totals=true&columns=${listColumns}`;
const statsColumns = `${listColumns},consumers,effective_policy_definition`;
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

  /** All policies of a vhost. Only policymakers may ask: @throws AppError `managementForbidden` */
  async policies(vhost: string, options?: RequestOptions): Promise<PolicyInfo[]> {
    return await this.#get(schema.policyList, `/api/policies/${part(vhost)}`, options);
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
