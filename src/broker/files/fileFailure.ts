import { basename } from 'node:path';
import { AppError, toError } from '../../common/errors.ts';

/** A file that cannot be written, with why as people say it. */
export function fileFailure(path: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const cause = toError(thrown);
  const code = 'code' in cause ? cause.code : undefined;
  return new AppError('fileUnwritable', { name: basename(path), reason: reasonOf(code) ?? cause.message }, { cause });
}

function reasonOf(code: unknown): string | undefined {
  switch (code) {
    case 'ENOSPC':
      return 'the disk is full';
    case 'EDQUOT':
      return 'your disk quota is used up';
    case 'EFBIG':
      return 'it would be larger than a file may be';
    case 'EACCES':
    case 'EPERM':
      return 'you may not write there';
    case 'EROFS':
      return 'the disk is read-only';
    case 'ENOENT':
      return 'its folder does not exist';
    case 'EISDIR':
      return 'it is a folder';
    case 'EEXIST':
      return 'it exists already';
    default:
      return undefined;
  }
}
