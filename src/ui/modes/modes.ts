import { drain } from './drain.ts';
import { hold } from './hold.ts';
import type { Mode, ModeChoice } from './mode.ts';
import { peek } from './peek.ts';
import type { QueueFacts } from './queueFacts.ts';

/** Every way to read a queue, the least harmful first. */
export const modes: readonly Mode[] = [peek, hold, drain];

/** A mode, and how it is offered on a queue. */
export interface OfferedMode {
  readonly mode: Mode;
  readonly choice: ModeChoice;
}

/** Those that this queue can be read in, best first. */
export function offeredModes(facts: QueueFacts): OfferedMode[] {
  return modes.flatMap((mode) => {
    const choice = mode.offer(facts);
    return choice ? [{ mode, choice }] : [];
  });
}

/** Why some must not be used on this queue, each a sentence. */
export function refusedModes(facts: QueueFacts): string[] {
  return modes.flatMap((mode) => mode.refuse?.(facts) ?? []);
}
