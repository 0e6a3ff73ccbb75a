// Desktop VS Code: the one on PATH, or a download kept in the cache.
import { access, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheRoot } from './cache.mjs';
import { onPath, PlainError } from './run.mjs';

const DOWNLOADS = 'https://update.code.visualstudio.com/api/releases/stable';
/** A company network may drop packets instead of refusing them. */
const PROBE_MS = 4000;

/** @typedef {{ executable: string }} Desktop `executable` is the program itself: it stays in the foreground. */

/** Whether a window can be shown here. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/**
 * A downloaded desktop VS Code, where a window can be shown and the download is reachable.
 * @param {string | undefined} choice `desktop`, `code-server`, or what is possible
 * @param {(message: string) => void} say
 * @returns {Promise<Desktop | undefined>} undefined: use code-server
 * @throws {PlainError} when desktop was asked for and cannot be had
 */
export async function chooseDesktop(choice, say) {
  if (choice === 'code-server') return undefined;
  if (choice !== undefined && choice !== '' && choice !== 'desktop') {
    throw new PlainError(`The editor is desktop or code-server, not ${choice}.`);
  }
  const obstacle = hasDisplay()
    ? (await isReachable())
      ? undefined
      : 'its download cannot be reached'
    : 'there is no display';
  if (obstacle === undefined) return download(say);
  if (choice === 'desktop') throw new PlainError(`Desktop VS Code cannot be used: ${obstacle}.`);
  return undefined;
}

/**
 * The VS Code that is installed here, by the `code` on PATH.
 * @returns {Promise<Desktop | undefined>}
 */
export async function findInstalled() {
  // In a terminal of a remote window `code` only talks to that window.
  if (!hasDisplay() || process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) return undefined;
  const code = await onPath('code');
  if (code === undefined) return undefined;
  const script = await realpath(code);
  const candidates = {
    linux: [join(dirname(script), '..', 'code')],
    darwin: [join(dirname(script), '..', '..', '..', 'MacOS', 'Electron')],
    win32: [join(dirname(script), '..', 'Code.exe')],
  }[/** @type {string} */ (process.platform)];
  for (const executable of candidates ?? []) {
    if (
      await access(executable).then(
        () => true,
        () => false,
      )
    )
      return { executable };
  }
  return undefined;
}

/**
 * @param {(message: string) => void} say
 * @returns {Promise<Desktop>}
 */
async function download(say) {
  const { downloadAndUnzipVSCode, SilentReporter } = await import('@vscode/test-electron');
  const cachePath = join(cacheRoot(), 'vscode');
  await mkdir(cachePath, { recursive: true });
  say('Getting desktop VS Code …');
  return { executable: await downloadAndUnzipVSCode({ version: 'stable', cachePath, reporter: new SilentReporter() }) };
}

async function isReachable() {
  try {
    return (await fetch(DOWNLOADS, { signal: AbortSignal.timeout(PROBE_MS) })).ok;
  } catch {
    return false;
  }
}
