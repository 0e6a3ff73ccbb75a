/** Why a filter cannot be used, for whoever types it. */
export interface FilterProblem {
  /** Where in the text, in UTF-16 units from 0; may be its end. */
  readonly at: number;
  /** A sentence. */
  readonly message: string;
}

/** Thrown and caught within this folder. */
export class SyntaxProblem extends Error implements FilterProblem {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}
