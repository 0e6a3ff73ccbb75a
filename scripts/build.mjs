// Bundles what runs in the extension host: our code, and apart from it what is loaded when it is first needed.
// `--watch` rebuilds on change (F5 in VS Code uses it).
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { amqplibClient } from './lib/amqplibClient.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * In files of their own in dist/: an activation need not read them. Only dynamic imports may name them. Each file has a copy
 * of what it shares with the rest, so that no class and no state may be shared. .vscodeignore lists the files too.
 */
const onDemand = { amqplib: 'src/broker/connection/amqplib/amqplib.ts', compose: 'src/ui/discovery/composeFile.ts' };

/** @type {esbuild.Plugin} */
const loadedOnDemand = {
  name: 'loaded-on-demand',
  setup(build) {
    for (const [name, entry] of Object.entries(onDemand)) {
      const file = basename(entry);
      build.onResolve({ filter: new RegExp(`(^|/)${file.replaceAll('.', '\\.')}$`) }, ({ path, kind, resolveDir }) => {
        if (path !== entry && join(resolveDir, path) !== join(root, entry)) return undefined;
        if (kind !== 'dynamic-import')
          return { errors: [{ text: `${entry} is loaded on demand: import it dynamically` }] };
        return { path: `./${name}.cjs`, external: true };
      });
    }
  },
};

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: root,
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  minify: true,
  format: 'cjs',
  platform: 'node',
  // The Node of the oldest VS Code in `engines.vscode`.
  target: 'node20.18',
  // `require` it is: the loader of ES modules would be started for nothing else.
  supported: { 'dynamic-import': false },
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
};

/** @type {esbuild.BuildOptions[]} */
const bundles = [
  { ...common, entryPoints: ['src/extension.ts'], external: ['vscode'], plugins: [loadedOnDemand] },
  { ...common, entryPoints: onDemand, plugins: [amqplibClient] },
];

if (process.argv.includes('--watch')) {
  for (const bundle of bundles) {
    const context = await esbuild.context({ ...bundle, minify: false, logLevel: 'info' });
    await context.watch();
  }
} else {
  await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));
}
