import type { Message } from '../message/message.ts';
import { judge, type Peek } from './peekPlan.ts';
import type { DeliveryLimit } from './queueTraits.ts';
import { returnsOf } from './returnWatch.ts';
import type { PeekEnd, PeekResult } from './tailStatus.ts';

/** How far to look. */
export interface PeekBounds {
  /** The first so many messages, 1 to 65535. */
  readonly count: number;
  /** Looking ends when it has kept so many bytes. */
  readonly maxBytes: number;
  readonly limit: DeliveryLimit;
}

interface Outcome extends Pick<PeekResult, 'held' | 'count'> {
  readonly ready: number;
  readonly last: Message | undefined;
  readonly plan: Peek;
}

/** How far a look has come, and what it has met. */
export class PeekLook {
  readonly #bounds: PeekBounds;
  readonly #kept = new Set<number>();
  #end: PeekEnd | undefined;

  constructor(bounds: PeekBounds) {
    this.#bounds = bounds;
  }

  /** Why to look no further; undefined while it goes on. */
  get end(): PeekEnd | undefined {
    return this.#end;
  }

  /** Numbers of those whose next return would lose them, or might. */
  get kept(): ReadonlySet<number> {
    return this.#kept;
  }

  /** The first reason counts. */
  endWith(end: PeekEnd): void {
    this.#end ??= end;
  }

  /** @param bytes kept so far, this message included */
  see(message: Message, bytes: number): void {
    const { number } = message;
    const { count, maxBytes } = this.#bounds;
    this.#judge(number, returnsOf(message));
    if (number >= count) this.endWith({ kind: 'all' });
    else if (bytes >= maxBytes) this.endWith({ kind: 'bytes', bytes: maxBytes });
  }

  /**
   * What it came to.
   * @param of what was ready before, the last message looked at, how many are still held, and what the queue has now
   */
  result({ ready, last, held, plan, count }: Outcome): PeekResult {
    const looked = last?.number ?? 0;
    const end = this.#end ?? { kind: 'stopped' };
    const someWentBack = looked > held;
    const mayBeBehind =
      someWentBack && plan.order === 'behindReturned' && last?.redelivered === true && end.kind !== 'empty';
    return {
      looked,
      of: Math.max(ready, looked),
      end,
      held,
      count,
      counts: plan.counts,
      mayBeBehindReturned: mayBeBehind,
    };
  }

  #judge(number: number, returns: number): void {
    const { limit } = this.#bounds;
    const most = limit.kind === 'known' ? limit.limit : undefined;
    const verdict = judge(returns, limit);
    if (verdict === 'keep') {
      // It is what a person must know first, though the look may have ended before.
      if (this.#kept.size === 0) this.#end = { kind: 'kept', number, returns, limit: most };
      this.#kept.add(number);
    } else if (verdict === 'stop' && most !== undefined) {
      this.endWith({ kind: 'nearLimit', number, returns, limit: most });
    }
  }
}
