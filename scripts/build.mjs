// Bundles what runs in the extension host: our code, and apart from it what is loaded when it is first needed.
// `--watch` rebuilds on change (F5 in VS Code uses it).
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { amqplibClient } from './lib/amqplibClient.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Libraries in files of their own in dist/: an activation need not read them. Only dynamic imports may name them. */
const onDemand = ['amqplib'];

/** @type {esbuild.Plugin} */
const loadedOnDemand = {
  name: 'loaded-on-demand',
  setup(build) {
    build.onResolve({ filter: /^[^.]/ }, ({ path, kind }) => {
      if (!onDemand.includes(path)) return undefined;
      if (kind !== 'dynamic-import')
        return { errors: [{ text: `${path} is loaded on demand: import it dynamically` }] };
      return { path: `./${path}.cjs`, external: true };
    });
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
