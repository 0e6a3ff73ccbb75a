import type { Tail, TailMode } from '../../broker/consume/tail.ts';
import type { TailFactory } from '../../broker/consume/tailFactory.ts';
import type { Session } from '../../broker/session.ts';
import type { QueueFacts } from './queueFacts.ts';

/** A way to read a queue, as it is offered. */
export interface ModeChoice {
  readonly label: string;
  readonly description: string;
  /** Its cost, true for this queue; short, for a quick pick cuts it at about 85 characters. */
  readonly detail: string;
  /** It does not show all that comes, or at a price: it is offered after the others. */
  readonly isPartial?: boolean;
}

/** What a person has settled on. */
export interface PreparedTail {
  readonly make: TailFactory;
  /** How many messages were asked for, to be offered next time. */
  readonly count?: number;
  /** How it reads and at what cost, as the first line of its output ends: `drain: messages are taken off for good`. */
  readonly cost: string;
}

/** What is known of a person's wish beside the mode. */
export interface Wish {
  /** So many messages, without asking. */
  readonly count?: number | undefined;
  /** As many as last time, if nothing else is said. */
  readonly lastCount?: number | undefined;
  /** An ended tail in this mode that is to be read once more in the same way, without asking. */
  readonly before?: Tail | undefined;
}

/** A way to read a queue, as people meet it. */
export interface Mode {
  readonly mode: TailMode;
  /** The id of a codicon. */
  readonly icon: string;
  /** Undefined where it cannot be done on this queue, or would destroy. */
  offer(facts: QueueFacts): ModeChoice | undefined;
  /** Why it must not be done on this queue, in a sentence; undefined also where it is just not the way to read it. */
  refuse?(facts: QueueFacts): string | undefined;
  /** What must be agreed to first, each a sentence. */
  warnings(facts: QueueFacts): string[];
  /** Asks for what else it needs. Undefined: the person gave up. @throws AppError why it cannot be done */
  prepare(facts: QueueFacts, session: Session, wish?: Wish): Promise<PreparedTail | undefined>;
}
