import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError, toError } from '../../../common/errors.ts';
import type { ReadItems } from './item.ts';

/**
 * The files of a folder, byte for byte, in the order of their names as people count: `2.json` before `10.json`. Folders in it
 * and hidden files are left out. The name is their value `file`.
 */
export function folderItems(path: string, contentTypeOf: (name: string) => string): ReadItems {
  return async function* () {
    for (const name of await filesIn(path)) {
      const content = await attempt(name, () => readFile(join(path, name)));
      yield { place: name, content, contentType: contentTypeOf(name), values: { file: name } };
    }
  };
}

/** @throws AppError `fileUnreadable` */
export async function filesIn(path: string): Promise<string[]> {
  const entries = await attempt(basename(path), () => readdir(path, { withFileTypes: true }));
  const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
  return names.toSorted(new Intl.Collator('en', { numeric: true }).compare);
}

async function attempt<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new AppError('fileUnreadable', { name, reason: toError(error).message }, { cause: error });
  }
}
