import type { Message } from '../message/message.ts';
import type { DeliveryLimit } from './queueTraits.ts';
import type { TailNotice } from './tailStatus.ts';

/** Tells when returning a message again would lose it. */
export class ReturnWatch {
  #hasSaidThatReturnsCount = false;

  /** What is to be said of a message that came back. */
  look({ number, redelivered, properties }: Message, limit: DeliveryLimit): TailNotice | undefined {
    // Without `redelivered` the header is whatever the publisher wrote.
    const returns = redelivered ? Number(properties.headers?.['x-delivery-count'] ?? 0) : 0;
    if (limit.kind === 'known') return returns >= limit.limit ? { kind: 'lastReturn', number, returns } : undefined;
    if (limit.kind !== 'unknown' || !(returns > 0) || this.#hasSaidThatReturnsCount) return undefined;
    this.#hasSaidThatReturnsCount = true;
    return { kind: 'returnsCount', number, returns };
  }
}
