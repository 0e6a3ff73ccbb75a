// The tests that run inside an extension host: bundled, then run by @vscode/test-electron.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { chooseDesktop } from './desktop.mjs';
import { withStats } from './mocha.mjs';
import { temporaryFolder } from './owned.mjs';
import { root } from './run.mjs';

const BUNDLE = join(root, 'dist', 'test', 'host');

/**
 * Builds test/host and runs it in desktop VS Code, or in code-server's extension host where that cannot be had.
 * @param {{ env?: Record<string, string>, grep?: string | undefined, say?: (message: string) => void }} [options]
 * @returns {Promise<import('./mocha.mjs').Outcome>}
 */
export async function runHostTests({ env = {}, grep, say = () => undefined } = {}) {
  await bundle();
  const { runTests } = await import('@vscode/test-electron');
  const desktop = await chooseDesktop(process.env['WARREN_EDITOR'], say);
  const workspace = temporaryFolder('workspace');
  const profile = temporaryFolder('profile');
  try {
    return await withStats((stats) =>
      runTests({
        // The stand-in takes VS Code's arguments and passes them on to code-server and a browser.
        vscodeExecutablePath: desktop?.executable ?? join(root, 'scripts', 'codeServerHost.mjs'),
        extensionDevelopmentPath: root,
        extensionTestsPath: join(BUNDLE, 'index.cjs'),
        launchArgs: [workspace.path, `--user-data-dir=${profile.path}`, '--disable-extensions'],
        extensionTestsEnv: {
          ...env,
          WARREN_MOCHA_STATS: stats,
          WARREN_TEST_WORKSPACE: workspace.path,
          ...(grep === undefined ? {} : { WARREN_TEST_GREP: grep }),
        },
      }).then(
        (code) => code === 0,
        () => false,
      ),
    );
  } finally {
    workspace.remove();
    profile.remove();
  }
}

/** One file per suite, CommonJS, since an extension host requires what it runs. */
async function bundle() {
  const { build } = await import('esbuild');
  const folder = join(root, 'test', 'host');
  const names = await readdir(folder, { recursive: true });
  await rm(BUNDLE, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: names
      .filter((name) => name === 'index.ts' || name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
    outdir: BUNDLE,
    outbase: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.18',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [ownFolder],
  });
  // The nearest package.json decides what a file without a telling extension is.
  await writeFile(join(BUNDLE, 'package.json'), '{ "type": "commonjs" }\n');
}

/** @type {import('esbuild').Plugin} A source file's own folder, which is not the bundle's. */
const ownFolder = {
  name: 'own-folder',
  setup(build) {
    build.onLoad({ filter: /\.(ts|mjs)$/ }, async ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const text = await readFile(path, 'utf8');
      return {
        contents: text.replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
        loader: extname(path) === '.ts' ? 'ts' : 'js',
      };
    });
  },
};
