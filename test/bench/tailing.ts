import { setTimeout as delay } from 'node:timers/promises';
import type { Flood } from './agent/floodWatch.ts';
import type { Window } from './window.ts';

/** A benchmark message with its frames, roughly: to know when a part of a flood has come. */
const wireBytes = 1150;

/** A filled queue to be tailed in the Output panel. */
export interface Tailing {
  readonly queue: string;
  readonly count: number;
  /** In the last message. */
  readonly last: string;
}

export interface Tailed extends Flood {
  /** When the Output panel showed the last message. */
  readonly shownAt: number;
}

/**
 * Tails a queue by the command a person runs, in a window that shows it, and stops.
 * @param during runs beside it, and may wait for a part of the flood
 */
export async function tailInOutput(
  window: Window,
  { queue, count, last }: Tailing,
  during: (arrived: (messages: number) => Promise<void>) => Promise<void> = async () => {},
): Promise<Tailed> {
  const { host } = window;
  await host.expectFlood(count, last);
  const shown = window.inPage<number>(`outputShows(${JSON.stringify(last)})`);
  await host.command('warren.tailQueue', { connection: 'demo', queue, mode: 'drain' });
  const [flood] = await Promise.all([
    host.flood(),
    during(async (messages) => {
      while ((await host.floodBytes()) < messages * wireBytes) await delay(5);
    }),
  ]);
  const shownAt = await shown;
  // Stops the tail, then closes its channel.
  await host.command('warren.tail.stop');
  await host.command('warren.tail.stop');
  return { ...flood, shownAt };
}
