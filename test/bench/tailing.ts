import { setTimeout as delay } from 'node:timers/promises';
import type { Flood } from './agent/floodWatch.ts';
import { messageBytes } from './messages.ts';
import { openPanel } from './panel.ts';
import type { Window } from './window.ts';

/** What a message has beside its body on the wire, roughly: to know when a part of a flood has come. */
const frameBytes = 126;

/** A filled queue to be tailed. */
export interface Tailing {
  readonly queue: string;
  readonly count: number;
  /** In the last message. */
  readonly last: string;
  /** Of each body, 1 KB unless it says otherwise. */
  readonly bytes?: number;
}

export interface Tailed extends Flood {
  /** When the last message was on the screen. */
  readonly shownAt: number;
}

/** Runs beside a tail, and may wait for a part of the flood. */
type During = (arrived: (messages: number) => Promise<void>) => Promise<void>;

const nothing: During = async () => {};

/** Tails a queue by the command a person runs, in a window whose Output panel shows it, and stops. */
export async function tailInOutput(window: Window, tailing: Tailing, during = nothing): Promise<Tailed> {
  // A tail is shown in the Messages panel where that one is in view.
  await window.host.command('workbench.panel.output.focus');
  const shown = (): Promise<number> => window.inPage<number>(`outputShows(${JSON.stringify(tailing.last)})`);
  return tailShown(window, tailing, shown, during);
}

/** The same in the Messages panel. */
export async function tailInPanel(window: Window, tailing: Tailing, during = nothing): Promise<Tailed> {
  const panel = await openPanel(window);
  return tailShown(window, tailing, () => panel.inPage<number>(`messageShows(${tailing.count})`), during);
}

async function tailShown(
  { host }: Window,
  { queue, count, last, bytes = messageBytes }: Tailing,
  show: () => Promise<number>,
  during: During,
): Promise<Tailed> {
  await host.expectFlood(count, last, bytes);
  await host.command('warren.tailQueue', { connection: 'demo', queue, mode: 'drain' });
  // Not before: what the last tail showed is gone by then.
  const shown = show();
  const [flood] = await Promise.all([
    host.flood(),
    during(async (messages) => {
      while ((await host.floodBytes()) < messages * (bytes + frameBytes)) await delay(5);
    }),
  ]);
  const shownAt = await shown;
  await stopTail(host);
  return { ...flood, shownAt };
}

/** Stops the tail that is shown, then closes its channel. */
export async function stopTail(host: Window['host']): Promise<void> {
  await host.command('warren.tail.stop');
  await host.command('warren.tail.stop');
}
