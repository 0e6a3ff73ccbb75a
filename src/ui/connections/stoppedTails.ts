import type { Tail } from '../../broker/consume/tail.ts';

/** Tails of a connection that the settings have no more, or otherwise. */
export interface TailsStopping {
  /** Its name. */
  readonly connection: string;
  readonly tails: readonly Tail[];
  /** The id of the one that has its name in the settings now. */
  readonly successor: string | undefined;
  /** Settles when all they held is back. Never rejects. */
  readonly stopped: Promise<void>;
}
