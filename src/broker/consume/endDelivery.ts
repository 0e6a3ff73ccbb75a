import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer } from './consumer.ts';
import type { Deliveries } from './deliveries.ts';
import { drainPrefetch } from './tailOptions.ts';

const lookMs = 10;
/** Where nothing comes for so long nothing is under way: another consumer may be the single active one. */
const quietMs = 300;

/**
 * Ends delivery to a tail that stops, after all that is under way when it `takesAll`: a drain would lose it otherwise, for
 * nobody has seen it. Never throws.
 */
export async function endDelivery(consumer: Consumer, deliveries: Deliveries, takesAll: boolean): Promise<void> {
  try {
    if (takesAll) await lastArrivals(consumer, deliveries);
    await consumer.cancel();
  } catch {
    // The queue or the connection is gone, or does not answer: closing the channel ends delivery too, and tells.
  }
}

/**
 * Waits until all that the broker has sent to a drain is here, with acknowledgements held back: that is when the window is
 * full, or the queue has nothing more. A quorum queue returns by itself what is under way when its consumer is cancelled,
 * and each return counts; measured on 3.10.
 */
async function lastArrivals(consumer: Consumer, deliveries: Deliveries): Promise<void> {
  await arrivals(consumer, () => (deliveries.heldCount < drainPrefetch ? deliveries.heldCount : undefined));
}

/**
 * Waits until all that the queue has for this consumer is here, or nothing comes any more.
 * @param arrived how many messages are here; undefined once no more are wanted
 * @throws AppError why the queue cannot be looked at
 */
export async function arrivals(consumer: Consumer, arrived: () => number | undefined): Promise<void> {
  let quiet = 0;
  for (let before = arrived(); consumer.isOpen && before !== undefined && quiet < quietMs;) {
    if ((await consumer.countReady()) === 0) {
      // What the queue sent before it counted comes before the next answer.
      await consumer.countReady();
      return;
    }
    await delay(lookMs);
    const now = arrived();
    quiet = now === before ? quiet + lookMs : 0;
    before = now;
  }
}
