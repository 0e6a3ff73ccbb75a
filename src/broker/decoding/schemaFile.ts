import type { StructuredDecoder } from '../message/decode.ts';

/** A schema that has been read. */
export interface SchemaFile {
  /** The paths of all files that it was read from. */
  readonly files: readonly string[];
  /** The names of the types that bodies can be of. */
  readonly types: readonly string[];
  /**
   * @param type may be left out where there is but one
   * @throws Error with a clause that says why there is none
   */
  decoder(type: string | undefined): StructuredDecoder;
}

/** The text of a file by its path. @throws Error when it cannot be read */
export type ReadText = (path: string) => Promise<string>;
