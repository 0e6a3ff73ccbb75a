// What is big (editor, its Node) is kept outside the repository, by version, and shared by all checkouts.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { own } from './owned.mjs';

/** The cache folder: `WARREN_CACHE`, else where the platform keeps caches. */
export function cacheRoot() {
  const { WARREN_CACHE: chosen, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (chosen !== undefined && chosen !== '') return chosen;
  if (process.platform === 'win32') return join(local ?? join(homedir(), 'AppData', 'Local'), 'warren', 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'warren');
  return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache'), 'warren');
}

/**
 * A folder of the cache, filled on first use. It is filled beside its place and then renamed, so that it is whole or
 * absent, also with two runs at once: the first one wins.
 * @param {string} name includes the version and the platform
 * @param {(folder: string) => Promise<void>} install
 * @returns {Promise<string>}
 */
export async function cached(name, install) {
  const target = join(cacheRoot(), name);
  if (existsSync(target)) return target;
  await mkdir(cacheRoot(), { recursive: true });
  const temporary = await mkdtemp(join(cacheRoot(), `.${name}-`));
  const release = own({ path: temporary });
  try {
    await install(temporary);
    await rename(temporary, target).catch((/** @type {unknown} */ error) => {
      if (!existsSync(target)) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
    release();
  }
  return target;
}
