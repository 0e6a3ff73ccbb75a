import { AppError, toAppError } from '../../../common/errors.ts';
import type { ManagementClient } from '../../management/client.ts';
import type { BindingInfo } from '../../management/model.ts';
import { readExchanges, type TapExchange } from './exchangeFacts.ts';
import { queuePlan, type LeftOut, type NotCopied } from './queuePlan.ts';
import { lookMs, type TapFeed, type Tell } from './tapFeed.ts';
import type { TapQueue } from './tapQueue.ts';

/** Copies of a queue's bindings, as they come and go. */
export class QueueFeed implements TapFeed {
  readonly #vhost: string;
  readonly #queue: string;
  readonly #client: () => ManagementClient;
  readonly #mayBeEmpty: boolean;
  #exchanges: readonly TapExchange[] = [];
  /** Copies at the last look. */
  #copies: readonly BindingInfo[] = [];
  /** What could not be copied, and has been told. */
  #leftOut = new Map<string, NotCopied>();

  /**
   * @param client throws AppError where there is no management API now
   * @param mayBeEmpty whether it is worth while without any binding, for the tap is fed by something else too
   */
  constructor(vhost: string, queue: string, client: () => ManagementClient, mayBeEmpty: boolean) {
    this.#vhost = vhost;
    this.#queue = queue;
    this.#client = client;
    this.#mayBeEmpty = mayBeEmpty;
  }

  async attach(own: TapQueue, _others: readonly TapQueue[], tell: Tell): Promise<void> {
    const bindings = await this.#read();
    this.#exchanges = await readExchanges(this.#client(), this.#vhost);
    const { copied, leftOut } = queuePlan(bindings, this.#exchanges);
    const refused: AppError[] = [];
    this.#copies = copied;
    for (const binding of copied) {
      const refusal = await this.#copy(own, binding, tell);
      if (refusal) refused.push(refusal);
    }
    for (const each of leftOut) this.#tellLeftOut(each, tell);
    const [first] = refused;
    if (first && refused.length === copied.length && !this.#mayBeEmpty) throw first;
  }

  async look(own: TapQueue, tell: Tell): Promise<void> {
    const bindings = await this.#read();
    const present = (await this.#client().queueBindings(this.#vhost, own.name)).filter(({ source }) => source !== '');
    const gone = present.filter((binding) => !bindings.some((each) => isSame(each, binding)));
    for (const binding of gone) {
      await own.unbind(binding);
      tell({ kind: 'unbound', binding, withinMs: lookMs, hasAlternate: this.#hasAlternate(binding) });
    }
    this.#copies = bindings.filter((binding) => present.some((each) => isSame(each, binding)));
    const missing = bindings.filter(
      (binding) =>
        binding.source !== '' && !this.#leftOut.has(idOf(binding)) && !present.some((each) => isSame(each, binding)),
    );
    for (const id of this.#leftOut.keys()) if (!bindings.some((each) => idOf(each) === id)) this.#leftOut.delete(id);
    if (missing.length === 0) return;
    this.#exchanges = await readExchanges(this.#client(), this.#vhost);
    const { copied, leftOut } = queuePlan(missing, this.#exchanges);
    this.#copies = [...this.#copies, ...copied];
    for (const binding of copied) if (!(await this.#copy(own, binding, tell))) tell({ kind: 'bound', binding });
    for (const each of leftOut) this.#tellLeftOut(each, tell);
  }

  async suspend(own: TapQueue, tell: Tell): Promise<void> {
    const risky = this.#copies.filter((binding) => this.#hasAlternate(binding));
    this.#copies = this.#copies.filter((binding) => !risky.includes(binding));
    for (const binding of risky) {
      await own.unbind(binding);
      tell({ kind: 'suspended', exchange: binding.source });
    }
  }

  #hasAlternate({ source }: BindingInfo): boolean {
    const exchange = this.#exchanges.find(({ name }) => name === source);
    return exchange !== undefined && exchange.alternate !== null;
  }

  /** Returns why the user may not. */
  async #copy(own: TapQueue, binding: BindingInfo, tell: Tell): Promise<AppError | undefined> {
    try {
      await own.bind(binding);
      return undefined;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // Deleted since it was listed; the next look knows.
      if (error.is('exchangeNotFound')) return undefined;
      if (!error.is('tapForbidden')) throw error;
      this.#tellLeftOut({ binding, why: 'forbidden' }, tell);
      return error;
    }
  }

  #tellLeftOut({ binding, why }: LeftOut, tell: Tell): void {
    if (this.#leftOut.get(idOf(binding)) === why) return;
    this.#leftOut.set(idOf(binding), why);
    tell({ kind: 'leftOut', binding, why });
  }

  /** RabbitMQ lists the binding to the default exchange of queues too that do not exist. @throws AppError `queueNotFound` */
  async #read(): Promise<BindingInfo[]> {
    const client = this.#client();
    try {
      await client.queue(this.#vhost, this.#queue);
    } catch (error) {
      if (!toAppError(error).is('managementNotFound')) throw error;
      throw new AppError('queueNotFound', { queue: this.#queue }, { cause: error });
    }
    return await client.queueBindings(this.#vhost, this.#queue);
  }
}

function isSame(a: BindingInfo, b: BindingInfo): boolean {
  return idOf(a) === idOf(b);
}

function idOf({ source, routingKey, arguments: args }: BindingInfo): string {
  return JSON.stringify([source, routingKey, sorted(args)]);
}

/** RabbitMQ sorts the arguments of a binding, LavinMQ does not. */
function sorted(args: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
