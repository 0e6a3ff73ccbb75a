/** A filled queue to be emptied. */
export interface Drain {
  readonly url: string;
  readonly queue: string;
  readonly count: number;
  /** In the last message. */
  readonly last: string;
  /** Of each body, 1 KB unless it says otherwise. */
  readonly bytes?: number;
}

/** Messages to be published, each confirmed. */
export interface Publishing {
  readonly url: string;
  readonly queue: string;
  readonly count: number;
  /** How many may be unconfirmed at once. */
  readonly window: number;
}
