// An editor for npm start: with folders of its own, Warren installed from its package, and the demo workspace open.
import { spawn } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureCodeServer } from './codeServer.mjs';
import { chooseDesktop, findInstalled, hasDisplay } from './desktop.mjs';
import { QUIET_SETTINGS, startCodeServer } from './editor.mjs';
import { own, spawnOwned, temporaryFolder } from './owned.mjs';
import { onPath, root, run } from './run.mjs';

/**
 * @typedef {object} DemoOptions
 * @property {boolean} browser whether a browser may be opened
 * @property {Record<string, string>} env for the extension host
 * @property {string} vsix
 * @property {(message: string) => void} say
 */

/** A copy of the demo workspace: what people change in it is theirs to lose, and not ours to commit. */
export async function copyDemo() {
  const { path } = temporaryFolder('demo');
  const demo = join(root, 'demo');
  await cp(demo, path, { recursive: true });
  // This starts Warren with the window: elsewhere it waits until somebody looks at it.
  await writeFile(join(path, '.warren-demo'), 'A folder of npm start, which is deleted when that ends.\n');
  // The JavaScript programs find their client as in the repo.
  await mkdir(join(path, 'node_modules'));
  await symlink(join(root, 'node_modules', 'amqplib'), join(path, 'node_modules', 'amqplib'), 'junction');
  return path;
}

/**
 * Finds an editor: the VS Code that is installed, a downloaded one, or code-server; provides it where needed.
 * @param {string | undefined} choice `desktop`, `code-server`, or what is possible
 * @param {(message: string) => void} say
 * @returns {Promise<import('./desktop.mjs').Desktop | undefined>} undefined: code-server
 */
export async function provideEditor(choice, say) {
  const installed = choice === 'code-server' ? undefined : await findInstalled();
  const desktop = installed ?? (await chooseDesktop(choice, say));
  if (desktop === undefined) await ensureCodeServer(say);
  return desktop;
}

/**
 * Opens an editor.
 * @param {import('./desktop.mjs').Desktop | undefined} desktop undefined: code-server
 * @param {string} folder
 * @param {DemoOptions} options
 * @returns {Promise<{ ended: Promise<void> }>} settles when its window has closed
 */
export async function openEditor(desktop, folder, { browser, env, vsix, say }) {
  if (desktop !== undefined) return openDesktop(desktop.executable, folder, vsix, env, say);

  say('Starting code-server …');
  const editor = await startCodeServer({ folder, vsix, env });
  const opener = browser && hasDisplay() ? await browserOpener() : undefined;
  if (opener === undefined) {
    say(`\nOpen ${editor.url}`);
  } else {
    spawn(opener, [editor.url], { detached: true, stdio: 'ignore' }).unref();
    say(`\nOpening ${editor.url}`);
  }
  return editor;
}

/**
 * @param {string} executable
 * @param {string} folder
 * @param {string} vsix
 * @param {Record<string, string>} added
 * @param {(message: string) => void} say
 */
async function openDesktop(executable, folder, vsix, added, say) {
  const { resolveCliPathFromVSCodeExecutablePath } = await import('@vscode/test-electron');
  const { path: profile } = temporaryFolder('profile');
  const userData = join(profile, 'user-data');
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(join(userData, 'User', 'settings.json'), JSON.stringify(QUIET_SETTINGS, undefined, 2));
  const folders = ['--user-data-dir', userData, '--extensions-dir', join(profile, 'extensions')];
  // Chromium's sandbox refuses root, as in containers.
  if (process.getuid?.() === 0) folders.push('--no-sandbox');
  const env = { ...process.env, ...added };
  await run(resolveCliPathFromVSCodeExecutablePath(executable), [...folders, '--install-extension', vsix], { env });

  // The window's main process writes its id there.
  own({ pidFile: join(userData, 'code.lock') });
  const child = spawnOwned(executable, [...folders, '--new-window', '--skip-release-notes', folder], {
    env,
    stdio: 'ignore',
  });
  say('\nVS Code is open with Warren in it.');
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    for (const event of ['exit', 'error']) child.once(event, () => resolve());
  });
  return { ended };
}

/** @returns {Promise<string | undefined>} */
async function browserOpener() {
  if (process.platform === 'win32') return onPath('explorer');
  return onPath(process.platform === 'darwin' ? 'open' : 'xdg-open');
}
