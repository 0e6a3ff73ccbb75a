import type { ConsumeMessage } from 'amqplib';
import { toAppError } from '../../../common/errors.ts';
import type { BrokerConnection } from '../../connection/connection.ts';
import type { ManagementClient } from '../../management/client.ts';
import type { TapFeed, Tell } from './tapFeed.ts';
import { TapQueue } from './tapQueue.ts';
import { tapQueueLimits } from './tapQueueArguments.ts';

interface BranchOptions {
  readonly feed: TapFeed;
  readonly username: string;
  readonly keep: (message: ConsumeMessage) => void;
  readonly tell: Tell;
}

/** What feeds a tap, with the queue that it binds; a new queue after each reconnect. */
export class TapBranch {
  readonly #options: BranchOptions;
  #queue: TapQueue | undefined;
  #isFull = false;
  #dropped = 0;

  constructor(options: BranchOptions) {
    this.#options = options;
  }

  /** Undefined while there is none. */
  get queue(): TapQueue | undefined {
    return this.#queue?.isOpen === true ? this.#queue : undefined;
  }

  /** Declares the queue and has it bound; nothing is delivered yet. @throws AppError */
  async open(connection: BrokerConnection, others: readonly TapQueue[]): Promise<void> {
    const { feed, username, keep, tell } = this.#options;
    await this.forget();
    const queue = await TapQueue.open(connection, username, {
      onMessage: (raw) => {
        const message = feed.read ? feed.read(raw) : raw;
        if (message) keep(message);
      },
    });
    this.#queue = queue;
    this.#isFull = false;
    this.#dropped = 0;
    await feed.attach(queue, others, tell);
  }

  /** @throws AppError */
  async subscribe(): Promise<void> {
    const { queue } = this;
    if (!queue) return;
    if (isFull(await queue.countReady())) this.#options.tell({ kind: 'full' });
    await queue.subscribe();
  }

  /** @throws AppError */
  async cancel(): Promise<void> {
    await this.queue?.cancel();
  }

  /** Whether the queue is there; a policy may have let it expire, which nobody tells. @throws AppError */
  async isThere(): Promise<boolean> {
    try {
      await this.queue?.countReady();
    } catch (error) {
      if (!toAppError(error).is('queueNotFound')) throw error;
    }
    return this.queue !== undefined;
  }

  /** @throws AppError as the feed */
  async look(): Promise<void> {
    if (this.queue) await this.#options.feed.look(this.queue, this.#options.tell);
  }

  /** What cannot be unbound goes with the connection. Never throws. */
  async suspend(): Promise<void> {
    const { feed, tell } = this.#options;
    try {
      if (this.queue) await feed.suspend?.(this.queue, tell);
    } catch {
      await this.forget();
    }
  }

  /**
   * Tells when messages are dropped, for more comes than is taken. The statistics are some seconds late, and know only what
   * channels have published: what they count and has neither come nor waits was dropped, that much at the least.
   * @throws AppError
   */
  async watchDrops(client: ManagementClient | undefined, vhost: string): Promise<void> {
    const { queue } = this;
    if (!queue) return;
    const { tell } = this.#options;
    const published = await client?.publishedTo(vhost, queue.name);
    const ready = await queue.countReady();
    if (isFull(ready) && !this.#isFull) tell({ kind: 'full' });
    this.#isFull = isFull(ready);
    const dropped = (published ?? 0) - queue.received - ready;
    if (dropped <= this.#dropped) return;
    this.#dropped = dropped;
    tell({ kind: 'dropped', atLeast: dropped });
  }

  /** The connection is gone, and the queue with it. */
  async forget(): Promise<void> {
    const queue = this.#queue;
    this.#queue = undefined;
    await queue?.remove();
  }

  /** The tap is over. Never throws. */
  async end(): Promise<void> {
    await this.forget();
    await this.#options.feed.detach?.(this.#options.tell);
  }
}

function isFull(ready: number): boolean {
  return ready >= tapQueueLimits.messages;
}
