// Ending processes and removing folders, at once and for good.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

/**
 * Kills (-9) a process and everything in its group; nothing happens when it is gone already.
 * @param {number} pid
 */
export function killGroup(pid) {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { windowsHide: true });
    return;
  }
  for (const target of [-pid, pid]) signal(target, 'SIGKILL');
}

/**
 * Sends a signal; false when there is no such process (macOS says EPERM of a group of which only zombies are left).
 * @param {number} pid
 * @param {NodeJS.Signals | 0} name 0 only asks
 */
export function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')) return false;
    throw error;
  }
}

/**
 * The process id that a daemon wrote to a file, once it has.
 * @param {string} path
 */
export function readPid(path) {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @typedef {object} Owned
 * @property {number} [pid] leader of a process group of its own
 * @property {string} [pidFile] a file that a daemon writes its process id to
 * @property {string} [container] a Docker container
 * @property {string} [path] a file or folder to remove
 */

/**
 * Ends processes, then removes files and folders; synchronous, so that it can be the last thing a process does.
 * @param {readonly Owned[]} things
 */
export function removeAll(things) {
  for (const { pid, pidFile, container } of things) {
    if (container !== undefined) spawnSync('docker', ['rm', '--force', '--volumes', container], { windowsHide: true });
    const fromFile = pidFile === undefined ? undefined : readPid(pidFile);
    if (fromFile !== undefined) killGroup(fromFile);
    if (pid !== undefined) killGroup(pid);
  }
  // A process that was just killed may still be writing: removal is retried for a second.
  for (const { path } of things) {
    if (path !== undefined) rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
