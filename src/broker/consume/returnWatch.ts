import type { Message } from '../message/message.ts';
import type { DeliveryLimit } from './queueTraits.ts';
import type { TailNotice } from './tailStatus.ts';

/** Tells when returning a message again would lose it. */
export class ReturnWatch {
  #hasSaidThatReturnsCount = false;

  /** What is to be said of a message that came back. */
  look({ number, redelivered, properties }: Message, limit: DeliveryLimit): TailNotice | undefined {
    // Without `redelivered` the header is whatever the publisher wrote; on a queue that does not count it is so with it too.
    const count: unknown = properties.headers?.['x-delivery-count'];
    const returns = redelivered && typeof count === 'number' ? count : 0;
    if (limit.kind === 'known') return returns >= limit.limit ? { kind: 'lastReturn', number, returns } : undefined;
    if (limit.kind !== 'unknown' || !(returns > 0) || this.#hasSaidThatReturnsCount) return undefined;
    this.#hasSaidThatReturnsCount = true;
    return { kind: 'returnsCount', number, returns };
  }
}
