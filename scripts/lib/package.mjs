// The extension as people install it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run } from './run.mjs';

/** The packed extension. */
export const PACKAGE = join(root, 'dist', 'warren.vsix');

/** Builds what runs in the extension host, in dist. */
export async function buildExtension() {
  await run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
}

/**
 * Builds and packs the extension; dependencies are in the bundle.
 * @returns {Promise<string>} the path of the .vsix
 */
export async function packageExtension() {
  await mkdir(join(root, 'dist'), { recursive: true });
  await buildExtension();
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', PACKAGE];
  await run(process.execPath, [vsce, 'package', ...options]);
  return PACKAGE;
}
