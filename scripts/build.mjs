// Bundles what runs in the extension host. Each dynamic import of our own or of a package begins a file of its own in dist/,
// which an activation need not read; all that src/extension.ts imports in the usual way is one file. What runs in a webview
// is bundled apart, into dist/webview.
// `--watch` rebuilds on change (F5 in VS Code uses it).
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { amqplibClient } from './lib/amqplibClient.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const main = join(root, 'src', 'extension.ts');
const isWatching = process.argv.includes('--watch');

/**
 * What is loaded on demand finds all of the main file loaded, and is bundled as if it had imported it: else esbuild would put each
 * set of modules that some of the files share into a file of its own, and an activation would read them all.
 * @type {esbuild.Plugin}
 */
const onDemand = {
  name: 'on-demand',
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) =>
      kind === 'dynamic-import' ? { path: join(resolveDir, path), namespace: 'on-demand' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'on-demand' }, ({ path }) => ({
      contents: `import ${JSON.stringify(main)}; export * from ${JSON.stringify(path)};`,
      resolveDir: root,
    }));
  },
};

/**
 * The editor's API as it is: an `import *` of what is not bundled copies its hundreds of members for every file anew, which
 * took 9 ms of an activation.
 * @type {esbuild.Plugin}
 */
const editorApi = {
  name: 'editor-api',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace(/^import \* as vscode from 'vscode';$/m, "import vscode = require('vscode');");
      return { contents, loader: 'ts' };
    });
  },
};

const common = /** @type {const} */ ({
  minify: !isWatching,
  platform: 'node',
  // The Node of the oldest VS Code in `engines.vscode`.
  target: 'node20.18',
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
});

/**
 * Writes the files as CommonJS, which VS Code loads; esbuild itself splits ES modules only.
 * @type {esbuild.Plugin}
 */
const asCommonJs = {
  name: 'as-common-js',
  setup(build) {
    build.onEnd(async ({ outputFiles = [], metafile }) => {
      const errors = metafile ? inMainAnyway(metafile) : [];
      if (errors.length > 0 || outputFiles.length === 0) return { errors };
      await mkdir(dist, { recursive: true });
      const written = await Promise.all(outputFiles.map(writeAsCommonJs));
      const names = new Set(written.flat());
      const old = (await readdir(dist)).filter((name) => /\.cjs(\.map)?$/.test(name) && !names.has(name));
      await Promise.all(old.map((name) => rm(join(dist, name), { force: true })));
      return undefined;
    });
  },
};

/**
 * What is to be loaded on demand, and is in the main file for someone imports it in the usual way.
 * @param {esbuild.Metafile} metafile
 */
function inMainAnyway({ outputs }) {
  const files = Object.values(outputs);
  const inMain = files.find(({ inputs }) => 'src/extension.ts' in inputs)?.inputs ?? {};
  return files
    .map(({ entryPoint = '' }) => relative(root, entryPoint.replace('on-demand:', '')).replaceAll(sep, '/'))
    .filter((path) => path !== 'src/extension.ts' && path in inMain)
    .map((path) => ({ text: `${path} is loaded on demand: import it dynamically everywhere, or nowhere` }));
}

/**
 * @param {Pick<esbuild.OutputFile, 'path' | 'text'>} file
 * @returns {Promise<string[]>} the names of what was written
 */
async function writeAsCommonJs({ path, text }) {
  const name = basename(path);
  const { code, map } = await esbuild.transform(text, {
    ...common,
    format: 'cjs',
    sourcefile: name,
    sourcemap: true,
    // `require` it is: the loader of ES modules would be started for nothing else.
    supported: { 'dynamic-import': false },
  });
  await writeFile(path, code.replace(/^\/\/# sourceMappingURL=.*\n?$/m, `//# sourceMappingURL=${name}.map\n`));
  await writeFile(`${path}.map`, map);
  return [name, `${name}.map`];
}

/** @type {esbuild.BuildOptions} */
const options = {
  ...common,
  absWorkingDir: root,
  entryPoints: [main],
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  write: false,
  metafile: true,
  sourcemap: 'inline',
  external: ['vscode'],
  // Modules where a package has them: what is not used of it is left out.
  mainFields: ['module', 'main'],
  // Without remote calls and files of its own.
  alias: { avsc: 'avsc/etc/browser/avsc-types.js' },
  plugins: [onDemand, editorApi, amqplibClient, asCommonJs],
  logLevel: isWatching ? 'info' : 'warning',
};

/** @type {esbuild.BuildOptions} */
const webview = {
  minify: !isWatching,
  absWorkingDir: root,
  entryPoints: [
    { in: 'src/webview/main.tsx', out: 'messages' },
    { in: 'src/webview/messages.css', out: 'messages' },
  ],
  outdir: join(dist, 'webview'),
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: 'es2023',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  charset: 'utf8',
  logLevel: isWatching ? 'info' : 'warning',
};

await Promise.all(
  [options, webview].map(async (each) => {
    if (isWatching) await (await esbuild.context(each)).watch();
    else await esbuild.build(each);
  }),
);
