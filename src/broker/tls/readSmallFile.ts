import { readFile, stat } from 'node:fs/promises';
import { AppError, toError } from '../../common/errors.ts';

/** In bytes; a bundle of every public authority has 0.25 MB. */
const largest = 4 * 1024 * 1024;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist.',
  EACCES: 'permission is denied.',
  EPERM: 'permission is denied.',
};

/**
 * A file that is small by its nature: no pipe that never ends, and no disk image that was chosen by mistake.
 * @throws AppError `fileUnreadable`
 */
export async function readSmallFile(path: string): Promise<Buffer> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw unreadable(path, 'it is not a file.');
    if (stats.size > largest) throw unreadable(path, 'it is larger than 4 MB.');
    return await readFile(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const cause = toError(error);
    const code = 'code' in cause ? String(cause.code) : '';
    throw unreadable(path, reasons[code] ?? cause.message, cause);
  }
}

function unreadable(name: string, reason: string, cause?: Error): AppError {
  return new AppError('fileUnreadable', { name, reason }, cause && { cause });
}
