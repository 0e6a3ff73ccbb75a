import type { Consumer } from './consumer.ts';
import { arrivals } from './endDelivery.ts';
import type { DeliveredMessage } from './messageBuffer.ts';
import type { PeekLook } from './peekLook.ts';

interface Messages {
  readonly look: PeekLook;
  /** How many have come. */
  readonly seen: () => number;
  readonly keep: (raw: DeliveredMessage) => void;
}

/** Takes one message after the other until the look ends. @throws AppError */
export async function readByGet(consumer: Consumer, { look, keep }: Messages): Promise<void> {
  while (!look.end) {
    const raw = await consumer.get();
    if (raw) keep(raw);
    else look.endWith({ kind: 'empty' });
  }
}

/**
 * Consumes until the look ends, the consumer keeping what comes: twice as many at each turn, beginning with one, so that
 * few follow the message that ends it. In between, and afterwards, nobody is subscribed.
 * @throws AppError
 */
export async function readByConsuming(
  consumer: Consumer,
  { count }: { readonly count: number },
  { look, seen }: Messages,
): Promise<void> {
  for (let turn = 0; !look.end; turn++) {
    const before = seen();
    const until = Math.min(count, before + Math.max(before, 1));
    // The queue returns first what was delivered to the first consumer by name.
    await consumer.subscribe(until - before, `peek-${String(turn).padStart(3, '0')}`);
    await arrivals(consumer, () => (seen() < until ? seen() : undefined));
    await consumer.cancel();
    if (seen() < until) look.endWith({ kind: 'empty' });
  }
}
