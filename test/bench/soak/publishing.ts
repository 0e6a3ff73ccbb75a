import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from '../../../src/broker/session.ts';
import { toAppError } from '../../../src/common/errors.ts';
import type { Draft } from '../../../src/broker/publish/draft.ts';
import type { Ledger } from './ledger.ts';
import { draftOf } from './messages.ts';
import type { Random } from '../../support/random.ts';
import type { Tally } from './tally.ts';

/** Publishes batches of random size through the session's publisher, until it is stopped. What is unknown is not sent again. */
export class Publishing {
  readonly #session: Session;
  readonly #queues: readonly string[];
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #errors: Tally;
  #stopped = false;
  readonly #ended: Promise<void>;

  constructor(session: Session, queues: readonly string[], ledger: Ledger, random: Random, errors: Tally) {
    this.#session = session;
    this.#queues = queues;
    this.#ledger = ledger;
    this.#random = random;
    this.#errors = errors;
    this.#ended = this.#run();
  }

  /** Sends no further batch, and settles when every message sent has its outcome. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const failed = await this.#batch();
      // A person who is told that there is no connection tries again after a while.
      await delay(failed ? 500 : this.#random.whole(100, 500));
    }
  }

  async #batch(): Promise<boolean> {
    const queue = this.#random.pick(this.#queues);
    const size = this.#random.chance(0.2) ? 1 : this.#random.whole(2, 150);
    const window = this.#random.pick([1, 20, 500]);
    const ledger = this.#ledger;
    const open: number[] = [];
    function* drafts(): Generator<Draft> {
      for (let i = 0; i < size; i++) {
        const number = ledger.draw(queue);
        open[i] = number;
        yield draftOf(number, queue);
      }
    }
    const settled = new Set<number>();
    try {
      await this.#session.publisher.publishMany(drafts(), {
        window,
        onOutcome: (index, outcome) => {
          const number = open[index] ?? -1;
          settled.add(number);
          if (outcome.kind === 'routed') ledger.confirmed(number);
          else if (outcome.kind === 'unknown') ledger.unknown(number);
          else ledger.refused(number);
          if (outcome.kind !== 'routed')
            this.#errors.add('error' in outcome ? `${outcome.kind} ${outcome.error.code}` : outcome.kind);
        },
      });
      return false;
    } catch (error) {
      this.#errors.add(`publish ${toAppError(error).code}`);
      return true;
    } finally {
      for (const number of open) if (!settled.has(number)) ledger.unsent(number);
    }
  }
}
