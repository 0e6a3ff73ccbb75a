/** One piece of what a batch is made from: a line, a row, a file. */
export interface Item {
  /** Where it stands, for people: `line 12`, `order.json`. */
  readonly place: string;
  readonly content: Buffer;
  readonly contentType: string;
  /** What a template may use of it by name: the columns of a row, the fields of a JSON object. */
  readonly values: Readonly<Record<string, string>>;
}

/** Reads the pieces in order. @throws AppError `fileUnreadable`, and `invalidInput` for a piece that cannot be read */
export type ReadItems = () => AsyncIterable<Item>;
