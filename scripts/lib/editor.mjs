// code-server as a running editor with folders of its own.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureCodeServer } from './codeServer.mjs';
import { spawnOwned, temporaryFolder } from './owned.mjs';
import { freePort } from './ports.mjs';
import { killGroup } from './processes.mjs';
import { answersHttp, until } from './ready.mjs';
import { run, tail } from './run.mjs';

/** What a demonstration or a test does not want in its way. */
export const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
};

/**
 * @typedef {object} EditorOptions
 * @property {string} folder the workspace it opens
 * @property {string} [vsix] an extension to install first
 * @property {boolean} [asksForTrust] whether a folder is trusted, as a person's own editor does; else every folder is
 * @property {boolean} [smokeTest] runs extension tests given in the URL; hides notification toasts
 * @property {readonly string[]} [extraArgs]
 * @property {Record<string, string>} [env] added to the environment, also of the extension host
 */

/**
 * @typedef {object} Editor
 * @property {string} url opens the folder
 * @property {number} port
 * @property {string} dir everything it writes is below it
 * @property {string} logs the folder of its log files, output channels included
 * @property {Promise<void>} ended settles when the server has ended
 * @property {() => Promise<void>} dispose
 */

/**
 * Starts code-server, ready when this settles. It ends with this process at the latest.
 * @param {EditorOptions} options
 * @returns {Promise<Editor>}
 */
export async function startCodeServer(options) {
  const { node, entry } = await ensureCodeServer();
  const temporary = temporaryFolder('editor');
  const dir = temporary.path;
  const port = await freePort();
  await mkdir(join(dir, 'user-data', 'User'), { recursive: true });
  const { asksForTrust = false } = options;
  const settings = { ...QUIET_SETTINGS, 'security.workspace.trust.enabled': asksForTrust };
  await writeFile(join(dir, 'user-data', 'User', 'settings.json'), JSON.stringify(settings, undefined, 2));
  await writeFile(join(dir, 'config.yaml'), 'cert: false\n');

  const common = ['--config', join(dir, 'config.yaml'), '--user-data-dir', join(dir, 'user-data')];
  common.push('--extensions-dir', join(dir, 'extensions'));
  // No gallery: nothing is looked up or updated from outside. Its sockets are to go with the rest.
  const env = { ...process.env, ...options.env, EXTENSIONS_GALLERY: '{}', XDG_RUNTIME_DIR: dir };
  if (options.vsix !== undefined) await run(node, [entry, ...common, '--install-extension', options.vsix], { env });

  const args = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check'];
  args.push('--disable-getting-started-override', ...(asksForTrust ? [] : ['--disable-workspace-trust']));
  if (options.smokeTest === true) args.push('--vscode-option', 'enable-smoke-test-driver');
  const server = spawnOwned(node, [entry, ...common, ...args, ...(options.extraArgs ?? [])], {
    env,
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on('data', (data) => (output = (output + String(data)).slice(-20_000)));
  }
  let hasEnded = false;
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    for (const event of ['exit', 'error']) server.once(event, () => resolve());
  });
  void ended.then(() => (hasEnded = true));
  const dispose = async () => {
    if (server.pid !== undefined && !hasEnded) killGroup(server.pid);
    await ended;
    temporary.remove();
  };
  try {
    await until(() => answersHttp(`http://127.0.0.1:${port}/healthz`), {
      timeoutMs: 30_000,
      describe: 'code-server did not start',
      giveUp: () => (hasEnded ? `it ended\n${tail(output)}` : undefined),
    });
  } catch (error) {
    await dispose();
    throw error;
  }
  const url = `http://127.0.0.1:${port}/?folder=${encodeURI(options.folder)}`;
  return { url, port, dir, logs: join(dir, 'user-data', 'logs'), ended, dispose };
}
