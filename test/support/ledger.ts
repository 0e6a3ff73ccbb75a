import assert from 'node:assert/strict';
import { connect } from './amqplib.ts';

/** What became of a published message, as its publisher was told. */
export type Told = 'routed' | 'unroutable' | 'refused' | 'unknown';

/** What the books come to; ids are message-ids. */
export interface Balance {
  readonly published: number;
  /** Confirmed and routed: these are the broker's to keep. */
  readonly confirmed: number;
  readonly unknown: number;
  readonly acked: number;
  /** Copies found in the queues. */
  readonly inQueues: number;
  /** Ids of which there is more than one copy, an acked one included. */
  readonly duplicates: readonly string[];
  /** Confirmed, and neither acked nor given up nor in a queue. */
  readonly lost: readonly string[];
}

/**
 * The books of messages: whatever was published with a confirm is, at the end, acked by someone or in a queue. Messages
 * are known by their message-id. Nothing of Warren's reads the queues.
 */
export class Ledger {
  readonly #published = new Map<string, Told>();
  readonly #acked = new Map<string, number>();
  readonly #givenUp = new Set<string>();

  /** Notes what a publisher was told. */
  published(id: string, told: Told): void {
    this.#published.set(id, told);
  }

  /** Notes that someone acknowledged a message. */
  acked(id: string): void {
    this.#acked.set(id, (this.#acked.get(id) ?? 0) + 1);
  }

  /** Notes that a message is gone by what someone asked for: a purge, a deleted queue, a queue's length limit. */
  gaveUp(id: string): void {
    this.#givenUp.add(id);
  }

  /** Ids of messages that the publisher was told this of. */
  told(told: Told): string[] {
    return [...this.#published].filter(([, each]) => each === told).map(([id]) => id);
  }

  /**
   * Takes all messages off the queues and draws the balance. Nobody else may consume any more.
   * @param amqpUrl with the vhost
   */
  async balance(amqpUrl: string, queues: readonly string[]): Promise<Balance> {
    const copies = new Map(this.#acked);
    let inQueues = 0;
    for (const id of await takeAll(amqpUrl, queues)) {
      inQueues++;
      copies.set(id, (copies.get(id) ?? 0) + 1);
    }
    const confirmed = this.told('routed');
    return {
      published: this.#published.size,
      confirmed: confirmed.length,
      unknown: this.told('unknown').length,
      acked: this.#acked.size,
      inQueues,
      duplicates: [...copies].filter(([, count]) => count > 1).map(([id]) => id),
      lost: confirmed.filter((id) => !copies.has(id) && !this.#givenUp.has(id)),
    };
  }

  /** As `balance`, and nothing may be lost. */
  async mustBalance(amqpUrl: string, queues: readonly string[]): Promise<Balance> {
    const balance = await this.balance(amqpUrl, queues);
    assert.deepEqual(balance.lost, [], 'confirmed, and neither acked nor in a queue');
    return balance;
  }
}

/** The message-ids of all that is in the queues, which are empty then; one that does not exist is skipped. */
async function takeAll(amqpUrl: string, queues: readonly string[]): Promise<string[]> {
  const connection = await connect(amqpUrl, { noDelay: true });
  connection.on('error', () => undefined);
  const ids: string[] = [];
  try {
    for (const queue of queues) {
      const channel = await connection.createChannel();
      let isThere = true;
      channel.on('error', () => (isThere = false));
      for (;;) {
        // A missing queue rejects, and closes the channel.
        const message = await channel.get(queue, { noAck: true }).catch(() => false as const);
        if (message === false) break;
        ids.push(String(message.properties.messageId));
      }
      if (isThere) await channel.close();
    }
  } finally {
    await connection.close();
  }
  return ids;
}
