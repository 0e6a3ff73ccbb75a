import { setTimeout as delay } from 'node:timers/promises';

/** How often a condition is looked at. */
const EVERY_MS = 25;

/**
 * Waits until a condition gives something other than undefined, null or false. An error it throws is like a no, and
 * told if it was the last word.
 * @returns what the condition gave
 * @throws after `timeoutMs` (10 s), saying what was waited for
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, describe }: { timeoutMs?: number; describe: string | (() => string) },
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) return value as NonNullable<Exclude<T, false>>;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) {
      const what = typeof describe === 'string' ? describe : describe();
      throw new Error(`not within ${timeoutMs / 1000} s: ${what}`, { cause });
    }
    await delay(EVERY_MS);
  }
}
