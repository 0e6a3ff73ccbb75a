import type { FormValues } from '../connectionForm/values.ts';

/** A connection that a file describes. */
export interface Found {
  /** What in the file it is: a variable's name, a service. Never a value. */
  readonly what: string;
  /** An empty password: the file has none. */
  readonly values: FormValues;
}

/** A connection that a file of the workspace describes, and where. */
export interface Offer {
  /** As in `AMQP_URL in .env`. No value of the file is in it. */
  readonly source: string;
  readonly values: FormValues;
}
