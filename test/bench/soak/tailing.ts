import { setTimeout as delay } from 'node:timers/promises';
import type { Settlement } from '../../../src/broker/consume/ackState.ts';
import { queueTail } from '../../../src/broker/consume/queueTail.ts';
import type { Tail } from '../../../src/broker/consume/tail.ts';
import type { QueueTailMode } from '../../../src/broker/consume/tailOptions.ts';
import type { Session } from '../../../src/broker/session.ts';
import { toAppError } from '../../../src/common/errors.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from '../../support/random.ts';
import type { Tally } from './tally.ts';

/** What every tail of a run shares. */
export interface TailingParts {
  readonly session: Session;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly errors: Tally;
  /** Whether messages may be rejected now. */
  readonly mayReject: (queue: string) => boolean;
}

/**
 * In `hold` small, so that it is full soon, and the run's memory is what it stays at; every held message is kept anyway. A drain
 * keeps all that may come between two looks, however long the machine is busy with something else.
 */
const buffers = {
  hold: { messages: 2_000, bytes: 8 << 20 },
  drain: { messages: 200_000, bytes: 512 << 20 },
} as const;

/**
 * One queue's tail as a person uses it: in `hold` it settles what comes at random, it is paused, stopped and opened again; a
 * tail that ended is opened again.
 */
export class Tailing {
  readonly #parts: TailingParts;
  readonly #queue: string;
  readonly #mode: QueueTailMode;
  #tail: Tail | undefined;
  /** The last message that the ledger knows of. */
  #cursor = 0;
  #count = 0;
  #stopped = false;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(parts: TailingParts, queue: string, mode: QueueTailMode) {
    this.#parts = parts;
    this.#queue = queue;
    this.#mode = mode;
    this.#ended = this.#run();
  }

  /** Stops the tail, which gives back what it holds. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stop.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#open();
      } catch (error) {
        this.#parts.errors.add(`tail ${toAppError(error).code}`);
      }
      await this.#sleep(500);
    }
  }

  async #open(): Promise<void> {
    const { session, random, errors } = this.#parts;
    const prefetch = random.pick([1, 20, 200]);
    const tail = session.openTail(
      queueTail({
        queue: this.#queue,
        mode: this.#mode,
        prefetch,
        buffer: buffers[this.#mode],
        traits: { canCancel: true, deliveryLimit: { kind: 'none' } },
      }),
    );
    this.#tail = tail;
    this.#cursor = 0;
    const name = `${this.#queue} ${this.#mode} ${++this.#count}`;
    errors.note(`${name} opens with prefetch ${prefetch}`);
    tail.onDidReceive(() => this.#look(tail));
    tail.onDidNotice((notice) => errors.add(`notice ${notice.kind}`, name));
    tail.onDidChangeStatus((status) => {
      errors.note(`${name} is ${status.kind}, ${tail.heldCount} held, ${tail.buffer.lastNumber} received`);
      if (status.kind === 'ended' && status.error) errors.add(`tail ended ${status.error.code}`, name);
    });
    await tail.start();
    const until = Date.now() + 1000 * random.whole(10, 60);
    while (!this.#stopped && tail.status.kind !== 'ended' && Date.now() < until) {
      await this.#sleep(random.whole(300, 2_000));
      await this.#act(tail);
    }
    await tail.stop();
    this.#look(tail);
  }

  /** What a person does between two messages. */
  async #act(tail: Tail): Promise<void> {
    const { random } = this.#parts;
    if (this.#mode === 'hold') this.#settleUpTo(tail, random.pick([...tail.heldNumbers(), 0]));
    if (!random.chance(0.05)) return;
    try {
      await tail.pause();
      await this.#sleep(random.whole(200, 2_000));
      await tail.resume();
    } catch (error) {
      this.#parts.errors.add(`pause ${toAppError(error).code}`);
    }
  }

  #look(tail: Tail): void {
    if (tail !== this.#tail) return;
    const { ledger } = this.#parts;
    while (this.#cursor < tail.buffer.lastNumber) {
      const number = ++this.#cursor;
      const message = tail.buffer.get(number);
      if (!message) throw new Error(`#${number} of ${this.#queue} came and went unseen: the run cannot be judged`);
      const id = ledger.seen(message.properties.messageId, message.content);
      if (this.#mode === 'drain') ledger.taken(id);
      else this.#settle(tail, number, id);
    }
  }

  #settle(tail: Tail, number: number, id: number): void {
    const { ledger, random } = this.#parts;
    const settlement = this.#choose();
    if (settlement === undefined || tail.settle([number], settlement) === 0) return;
    if (settlement === 'acked') ledger.taken(id);
    else if (settlement === 'requeued') ledger.requeued();
    else ledger.rejected();
    // A double click must settle nothing more.
    if (random.chance(0.1) && tail.settle([number], settlement) !== 0) throw new Error(`#${number} was settled twice`);
  }

  #choose(): Settlement | undefined {
    const { random, mayReject } = this.#parts;
    const draw = random.next();
    if (draw < 0.7) return 'acked';
    if (draw < 0.78) return 'requeued';
    if (draw < 0.83) return mayReject(this.#queue) ? 'rejected' : undefined;
    return undefined;
  }

  #settleUpTo(tail: Tail, number: number): void {
    const upTo = tail.heldNumbers().filter((held) => held <= number);
    const ids = upTo.map((held) => Number(tail.buffer.get(held)?.properties.messageId));
    if (tail.settleUpTo(number, 'acked') !== upTo.length) return;
    for (const id of ids) this.#parts.ledger.taken(id);
  }

  async #sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
