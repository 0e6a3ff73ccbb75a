import { AppError } from '../../../common/errors.ts';
import type { ManagementClient } from '../../management/client.ts';
import { readExchanges } from './exchangeFacts.ts';
import { copyingOf } from './exchangeTypes.ts';
import { judge, type Verdict, type Wanted } from './exchangePlan.ts';
import type { TapFeed, Tell } from './tapFeed.ts';
import type { TapBinding, TapQueue } from './tapQueue.ts';

export interface ExchangeFeedOptions {
  readonly vhost: string;
  readonly exchange: string;
  readonly wanted: Wanted;
  /** A person agreed that mandatory publishers may not be told of what no queue takes. */
  readonly isAgreed: boolean;
  /** Undefined where there is no management API: then a person has answered for the exchange. */
  readonly client: () => ManagementClient | undefined;
}

/** What an exchange routes by a key or pattern. */
export class ExchangeFeed implements TapFeed {
  readonly #options: ExchangeFeedOptions;
  #isMissing = false;
  /** Without a management API it is asked once for each queue: binding again tells whether the exchange is still there. */
  #isTypeKnown = false;

  constructor(options: ExchangeFeedOptions) {
    this.#options = options;
  }

  async attach(own: TapQueue): Promise<void> {
    this.#isTypeKnown = false;
    await this.#check(own);
    await own.bind(this.#binding);
  }

  async look(own: TapQueue, tell: Tell): Promise<void> {
    await this.#check(own);
    // An exchange that was deleted and declared anew has none of its bindings.
    await own.bind(this.#binding);
    if (this.#isMissing) tell({ kind: 'boundAgain' });
    this.#isMissing = false;
  }

  async suspend(own: TapQueue, tell: Tell): Promise<void> {
    if (this.#options.isAgreed) return;
    await own.unbind(this.#binding);
    tell({ kind: 'suspended', exchange: this.#options.exchange });
  }

  get #binding(): TapBinding {
    const { exchange, wanted } = this.#options;
    return { source: exchange, ...wanted };
  }

  /** @throws AppError `exchangeNotFound`, or `tapRefused`: things may have changed since a person was asked */
  async #check(own: TapQueue): Promise<void> {
    const { exchange, vhost, wanted, isAgreed } = this.#options;
    const client = this.#options.client();
    if (!client) return this.#checkType(own);
    const bindings = await client.exchangeBindings(vhost, exchange);
    const found = (await readExchanges(client, vhost)).find(({ name }) => name === exchange);
    if (!found) throw new AppError('exchangeNotFound', { exchange });
    const verdict: Verdict = judge(found, bindings, wanted);
    this.#isMissing = !bindings.some(({ destination }) => destination === own.name);
    const why = verdict.kind === 'refused' ? verdict.why : 'uncovered';
    if (verdict.kind === 'refused' || (verdict.kind === 'hidesUnroutable' && !isAgreed)) {
      throw new AppError('tapRefused', { exchange, why });
    }
  }

  /** @throws AppError `exchangeNotFound`, or `tapRefused` unless it is known that the exchange gives everybody all */
  async #checkType(own: TapQueue): Promise<void> {
    if (this.#isTypeKnown) return;
    const { exchange } = this.#options;
    const type = await own.exchangeType(exchange);
    const copying = type === undefined ? 'unknown' : copyingOf({ type, arguments: {} });
    if (copying !== 'copies') {
      throw new AppError('tapRefused', { exchange, why: copying === 'splits' ? 'splits' : 'typeUnknown' });
    }
    this.#isTypeKnown = true;
  }
}
