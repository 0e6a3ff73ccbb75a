import { unlessAborted } from '../../common/abort.ts';
import type { Tail } from './tail.ts';

/** How long the broker may take to take back what tails hold before the connection is closed over them, in milliseconds. */
const stopTimeoutMs = 3_000;

/** Stops tails, unless the broker does not answer: they end with their connection then. Never throws. */
export async function stopTails(tails: readonly Tail[]): Promise<void> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), stopTimeoutMs);
  const stopping = Promise.all(tails.map((tail) => tail.stop()));
  await unlessAborted(stopping, controller.signal).catch(() => undefined);
  clearTimeout(timer);
}
