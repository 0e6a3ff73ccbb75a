import { basename } from 'node:path';
import { AppError } from '../../common/errors.ts';

/** Paths that tails of this window write to, or have filled. What replaced such a file would take with it what has left its queue. */
export const tailFiles = new Set<string>();

/** @throws AppError `fileInUse` */
export function mustBeFree(path: string): void {
  if (tailFiles.has(path)) throw new AppError('fileInUse', { name: basename(path), isOurs: true });
}
