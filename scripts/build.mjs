// Bundles the extension host file. `--watch` rebuilds on change (F5 in VS Code uses it).
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { amqplibClient } from './lib/amqplibClient.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @type {esbuild.BuildOptions} */
const host = {
  absWorkingDir: root,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.cjs',
  bundle: true,
  minify: true,
  format: 'cjs',
  platform: 'node',
  // The Node of the oldest VS Code in `engines.vscode`.
  target: 'node20.18',
  external: ['vscode'],
  plugins: [amqplibClient],
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
};

if (process.argv.includes('--watch')) {
  const context = await esbuild.context({ ...host, minify: false, logLevel: 'info' });
  await context.watch();
} else {
  await esbuild.build(host);
}
