import type { Message } from '../message/message.ts';
import type { DeliveryLimit } from './queueTraits.ts';
import type { TailNotice } from './tailStatus.ts';

/**
 * How often a message came back, as a queue that counts it says. Without `redelivered` the header is whatever the publisher
 * wrote; on a queue that does not count it is so with it too.
 */
export function returnsOf({ redelivered, properties }: Pick<Message, 'redelivered' | 'properties'>): number {
  const count: unknown = properties.headers?.['x-delivery-count'];
  return redelivered && typeof count === 'number' ? count : 0;
}

/** Tells when returning a message again would lose it, and remembers which those are. */
export class ReturnWatch {
  readonly #last = new Set<number>();
  #hasSaidThatReturnsCount = false;

  /** Of a message that was looked at. */
  isLast(number: number): boolean {
    return this.#last.has(number);
  }

  /** What is to be said of a message that came back. */
  look(message: Message, limit: DeliveryLimit): TailNotice | undefined {
    const { number } = message;
    const returns = returnsOf(message);
    if (limit.kind === 'known') {
      if (returns < limit.limit) return undefined;
      this.#last.add(number);
      return { kind: 'lastReturn', number, returns };
    }
    if (limit.kind !== 'unknown' || !(returns > 0) || this.#hasSaidThatReturnsCount) return undefined;
    this.#hasSaidThatReturnsCount = true;
    return { kind: 'returnsCount', number, returns };
  }
}
