import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { peekPlan, type PeekFacts, type PeekPlan } from '../../../src/broker/consume/peekPlan.ts';
import { peekTail } from '../../../src/broker/consume/peekTail.ts';
import { deliveryLimitOf } from '../../../src/broker/consume/queueTraits.ts';
import type { Tail } from '../../../src/broker/consume/tail.ts';
import type { PeekResult, TailNotice } from '../../../src/broker/consume/tailStatus.ts';
import type { Clock } from '../../../src/common/clock.ts';
import type { Session } from '../../../src/broker/session.ts';
import { seenIn, type Scene, type Seen } from './scene.ts';

interface Asked {
  /** How many to look at; 100 unless given. */
  readonly count?: number;
  readonly maxBytes?: number;
  /** In place of what the plan says. */
  readonly holdMs?: number;
  /** As it is without a management API. */
  readonly unknown?: boolean;
  readonly session?: Session;
  /** In place of the session's. */
  readonly clock?: Clock;
}

/** A look at a queue that has not begun, by the plan that Warren makes for that queue. */
export class Looking {
  readonly tail: Tail;
  readonly notices: TailNotice[] = [];
  /** Numbers of messages whose state has changed, in the order that was told. */
  readonly changed: number[] = [];

  private constructor(tail: Tail) {
    this.tail = tail;
    tail.onDidNotice((notice) => this.notices.push(notice));
    tail.onDidSettle((numbers) => this.changed.push(...numbers));
  }

  static async at(on: Scene, queue: string, asked: Asked = {}): Promise<Looking> {
    const { count = 100, maxBytes = 1e9, session = on.session } = asked;
    const facts = await peekFacts(on, queue, asked.unknown);
    const made = peekPlan(facts);
    assert.ok(made.kind === 'peek');
    const plan = { ...made, holdMs: asked.holdMs ?? made.holdMs };
    const { limit } = facts;
    const make = peekTail({ queue, count, maxBytes, plan, limit });
    return new Looking(session.openTail((parts) => make({ ...parts, clock: asked.clock ?? parts.clock })));
  }

  /** What it came to. */
  get result(): PeekResult {
    const told = this.notices.find(({ kind }) => kind === 'peeked');
    assert.ok(told?.kind === 'peeked', 'nothing was told');
    return told.result;
  }

  /** Waits for its first message, and no longer: looking is quick. */
  async begun(): Promise<void> {
    while (this.tail.buffer.lastNumber === 0) await setImmediate();
  }

  get seen(): Seen[] {
    return seenIn(this.tail.buffer);
  }
}

/** Looks at a queue to the end. */
export async function look(on: Scene, queue: string, asked: Asked = {}): Promise<Looking> {
  const looking = await Looking.at(on, queue, asked);
  await looking.tail.start();
  return looking;
}

/** How Warren would look at a queue. */
export async function planFor(on: Scene, queue: string): Promise<PeekPlan> {
  return peekPlan(await peekFacts(on, queue));
}

async function peekFacts(on: Scene, queue: string, unknown = false): Promise<PeekFacts> {
  const { ready, consumers } = await on.session.admin.check(queue);
  const details = unknown ? undefined : await on.details(queue);
  const brokerVersion = on.session.server?.version;
  return { ready, consumers, details, limit: deliveryLimitOf(details, brokerVersion), brokerVersion };
}
