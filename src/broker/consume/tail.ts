import type { Event } from '../../common/event.ts';
import type { MessageState, Settlement } from './ackState.ts';
import type { Holding } from './holding.ts';
import type { MessageBuffer } from './messageBuffer.ts';
import type { TailNotice, TailStatus } from './tailStatus.ts';

/**
 * How messages are read. `hold`: manual acknowledgement, nothing leaves the queue until a person settles it. `drain`:
 * acknowledged in batches once kept. `tap`: copies through a queue of our own. `peek`: the first messages, given back.
 * `stream`: by offset.
 */
export type TailMode = (typeof tailModes)[number];
export const tailModes = ['hold', 'drain', 'tap', 'peek', 'stream'] as const;

/** Whether settings, a keybinding or what was remembered name a mode. */
export function isTailMode(value: unknown): value is TailMode {
  return tailModes.some((mode) => mode === value);
}

/** What is read: a queue, or what an exchange routes by a key or pattern. */
export type TailSource =
  | { readonly kind: 'queue'; readonly name: string }
  | { readonly kind: 'exchange'; readonly name: string; readonly routingKey: string };

/** The tail that reads this queue itself or a copy of what it gets. */
export function tailOfQueue<T extends Pick<Tail, 'source'>>(tails: readonly T[], queue: string): T | undefined {
  return tails.find(({ source }) => source.kind === 'queue' && source.name === queue);
}

/** Whether both are the same queue, or the same exchange by the same key or pattern. */
export function isSameSource(a: TailSource, b: TailSource): boolean {
  if (a.kind === 'queue' || b.kind === 'queue') return a.kind === b.kind && a.name === b.name;
  return a.name === b.name && a.routingKey === b.routingKey;
}

/** Messages as they come, as views know them: they read the buffer and own no state. */
export interface Tail {
  readonly mode: TailMode;
  readonly source: TailSource;
  /** Bounded; numbers are given from 1 in the order of arrival. */
  readonly buffer: MessageBuffer;
  readonly status: TailStatus;
  /** Messages that would go back if the tail stopped now, those not yet shown included; 0 in modes that hold nothing. */
  readonly heldCount: number;
  /** Undefined in modes that hold nothing. */
  readonly holding?: Holding | undefined;
  /** New messages are in the buffer; fires at most every 50 ms. */
  readonly onDidReceive: Event<void>;
  /** The state of these messages has changed. */
  readonly onDidSettle: Event<readonly number[]>;
  readonly onDidChangeStatus: Event<TailStatus>;
  readonly onDidNotice: Event<TailNotice>;

  /** Undefined for a message that was never held, or settled too long ago to be remembered. */
  stateOf(number: number): MessageState | undefined;
  /** Numbers of the messages that can be settled, oldest first. */
  heldNumbers(): number[];
  /** Those that are held and that their next return would lose: the queue drops or dead-letters them by its delivery limit. */
  lastReturns?(): number[];
  /** @throws AppError why it could not; the tail has ended then */
  start(): Promise<void>;
  /** Stops delivery and keeps what is held. @throws AppError why the broker could not be told; the tail has ended then */
  pause(): Promise<void>;
  /** @throws AppError why delivery could not begin again; the tail has ended then */
  resume(): Promise<void>;
  /** Settles those of the messages that are still held; returns how many these were. */
  settle(numbers: Iterable<number>, settlement: Settlement): number;
  /** Settles every held message up to and including this one; returns how many these were. */
  settleUpTo(number: number, settlement: Settlement): number;
  /** Ends the tail, and gives back what is held. Never throws. */
  stop(): Promise<void>;
}
