import { fileFailure } from './fileFailure.ts';

/** Paths that tails write to now. What replaced such a file would take with it what has left its queue. */
export const tailFiles = new Set<string>();

/** @throws AppError `fileUnwritable` */
export function mustBeFree(path: string): void {
  if (tailFiles.has(path)) throw fileFailure(path, new Error('a tail is writing to it'));
}
