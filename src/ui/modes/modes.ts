import { drain } from './drain.ts';
import { hold } from './hold.ts';
import type { Mode, ModeChoice } from './mode.ts';
import { peek } from './peek.ts';
import type { QueueFacts } from './queueFacts.ts';
import { stream } from './stream.ts';
import { tap } from './tap.ts';

/** Every way to read a queue, the least harmful first. */
export const modes: readonly Mode[] = [tap, peek, hold, drain, stream];

/** A mode, and how it is offered on a queue. */
export interface OfferedMode {
  readonly mode: Mode;
  readonly choice: ModeChoice;
}

/** Those that this queue can be read in, best first. */
export function offeredModes(facts: QueueFacts): OfferedMode[] {
  const offered = possibleModes(facts).flatMap((mode) => {
    const choice = mode.offer(facts);
    return choice ? [{ mode, choice }] : [];
  });
  return [...offered.filter(({ choice }) => !choice.isPartial), ...offered.filter(({ choice }) => choice.isPartial)];
}

/** From a queue that is exclusive to another connection nobody else can consume. */
function possibleModes({ isLocked = false }: QueueFacts): readonly Mode[] {
  return isLocked ? [tap] : modes;
}

/** A mode that must not be used on a queue. */
export interface RefusedMode {
  /** As people know it: `Peek`. */
  readonly name: string;
  /** Why, in a sentence. */
  readonly why: string;
}

/** Those that must not be used on this queue. */
export function refusedModes(facts: QueueFacts): RefusedMode[] {
  return possibleModes(facts).flatMap((each) => {
    const why = each.refuse?.(facts);
    return why === undefined ? [] : [{ name: `${each.mode.charAt(0).toUpperCase()}${each.mode.slice(1)}`, why }];
  });
}
