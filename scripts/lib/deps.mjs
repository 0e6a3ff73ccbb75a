// The packages of package-lock.json, installed when they are not what it says.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npmCommand, root, run } from './run.mjs';

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockedPackage */

/**
 * Runs `npm ci` when node_modules is missing, incomplete or out of date.
 * @param {(message: string) => void} [say]
 */
export async function ensureDependencies(say = () => undefined) {
  if (await areInstalled()) return;
  say('Installing packages (npm ci) …');
  const [npm, ...args] = await npmCommand();
  await run(npm, [...args, 'ci', '--no-audit', '--no-fund', '--prefer-offline']);
}

/** npm keeps a lock file of what it installed, which also says whether it came to the end. */
async function areInstalled() {
  const wanted = await lockedPackages(join(root, 'package-lock.json'));
  const installed = await lockedPackages(join(root, 'node_modules', '.package-lock.json'));
  // Optional ones may be for other platforms.
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional === true || installed[path]?.version === version,
  );
}

/**
 * @param {string} path
 * @returns {Promise<Record<string, LockedPackage>>}
 */
async function lockedPackages(path) {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  return JSON.parse(text).packages ?? {};
}
