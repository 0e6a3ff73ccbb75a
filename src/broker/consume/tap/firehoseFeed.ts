import type { ConsumeMessage } from 'amqplib';
import { toAppError } from '../../../common/errors.ts';
import type { ManagementClient } from '../../management/client.ts';
import { switchOffUnused, switchOn, traceExchange, type FirehoseNote } from './firehose.ts';
import type { TapFeed, Tell } from './tapFeed.ts';
import type { TapQueue } from './tapQueue.ts';
import { messageOf, traceIn } from './traced.ts';

/** What is traced: what goes through the default exchange, or all that is published in the vhost. */
export type FirehoseScope = 'defaultExchange' | 'vhost';

export interface FirehoseFeedOptions {
  readonly vhost: string;
  readonly queue: string;
  readonly scope: FirehoseScope;
  readonly note: FirehoseNote;
  /** Throws AppError where there is no management API now. */
  readonly client: () => ManagementClient;
}

/**
 * What the firehose tells was published to a queue and does not come as a copy anyway. A message that is dead-lettered is not
 * published anew: the firehose does not have it.
 */
export class FirehoseFeed implements TapFeed {
  readonly #options: FirehoseFeedOptions;
  /** Names of our queues: what they get comes by them. */
  #others: readonly string[] = [];
  #isOn = true;

  constructor(options: FirehoseFeedOptions) {
    this.#options = options;
  }

  async attach(own: TapQueue, others: readonly TapQueue[]): Promise<void> {
    const { scope, vhost, note, client } = this.#options;
    this.#others = others.map(({ name }) => name);
    const routingKey = scope === 'vhost' ? 'publish.#' : 'publish.';
    await own.bind({ source: traceExchange, routingKey, arguments: {} });
    await switchOn(client(), vhost, note);
    this.#isOn = true;
  }

  async look(_own: TapQueue, tell: Tell): Promise<void> {
    const isOn = (await this.#options.client().vhost(this.#options.vhost)).tracing === true;
    if (isOn !== this.#isOn) tell({ kind: 'firehose', isOn });
    this.#isOn = isOn;
  }

  read(raw: ConsumeMessage): ConsumeMessage | undefined {
    const trace = traceIn(raw);
    if (!trace?.queues.includes(this.#options.queue)) return undefined;
    return this.#others.some((name) => trace.queues.includes(name)) ? undefined : messageOf(trace, raw);
  }

  async detach(tell: Tell): Promise<void> {
    const { vhost, note, client } = this.#options;
    try {
      await switchOffUnused(client(), vhost, note);
    } catch (error) {
      tell({ kind: 'firehoseLeftOn', error: toAppError(error) });
    }
  }
}
