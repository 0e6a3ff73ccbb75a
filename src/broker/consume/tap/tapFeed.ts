import type { ConsumeMessage } from 'amqplib';
import type { TapEvent } from './tapEvent.ts';
import type { TapQueue } from './tapQueue.ts';

/** What a tap is fed by: it binds a queue of the tap's, and keeps up with changes. */
export interface TapFeed {
  /**
   * Binds a queue that has just been declared.
   * @param others the tap's queues that are fed otherwise
   * @throws AppError why nothing can come by it
   */
  attach(queue: TapQueue, others: readonly TapQueue[], tell: Tell): Promise<void>;
  /** Looks for changes. @throws AppError why the tap ends, or that they cannot be seen now */
  look(queue: TapQueue, tell: Tell): Promise<void>;
  /** Changes have not been seen for some time: gives up what would do harm after one. @throws AppError */
  suspend?(queue: TapQueue, tell: Tell): Promise<void>;
  /** A message as it is shown; undefined where it is none of the tap's. It is shown as it came when left out. */
  read?(message: ConsumeMessage): ConsumeMessage | undefined;
  /** The tap has ended, and this queue is gone or will be. Never throws. */
  detach?(tell: Tell): Promise<void>;
}

export type Tell = (event: TapEvent) => void;

/** So often a tap looks for changes, in milliseconds. */
export const lookMs = 2_000;
