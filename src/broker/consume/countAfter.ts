import { setTimeout as delay } from 'node:timers/promises';
import type { TailParts } from './tailFactory.ts';
import type { PeekResult } from './tailStatus.ts';

/** What a channel held is ready again within this time, in milliseconds. */
const backWithinMs = 1_000;
/** Where others consume it need not come to that; our own consumer is counted for a moment after it is gone. */
const takenWithinMs = 200;
const lookMs = 20;

/** Whether a queue has as many ready messages as it should, after so many went back. Never throws. */
export async function countAfter(
  { admin }: Pick<TailParts, 'admin'>,
  queue: string,
  expected: number,
): Promise<PeekResult['count']> {
  const from = performance.now();
  try {
    for (;;) {
      const { ready, consumers } = await admin.check(queue);
      if (ready >= expected) return 'same';
      const passed = performance.now() - from;
      if (consumers > 0 && passed > takenWithinMs) return 'untold';
      if (passed > backWithinMs) return { less: expected - ready };
      await delay(lookMs);
    }
  } catch {
    return 'untold';
  }
}
