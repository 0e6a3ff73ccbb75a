// Whatever a script starts has an owner: this file. Processes and temporary folders registered here are gone when the
// script is, also after a crash, and also after kill -9, for which a watchdog process waits.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeAll } from './processes.mjs';

/** @typedef {import('./processes.mjs').Owned} Owned */

/** @type {Set<Owned>} */
const owned = new Set();

/** @type {import('node:child_process').ChildProcess | undefined} */
let watchdog;

/**
 * Makes this process responsible for a process or a folder.
 * @param {Owned} thing
 * @returns {() => void} call it when the thing is gone
 */
export function own(thing) {
  if (watchdog === undefined) {
    watchdog = startWatchdog();
    process.on('exit', () => removeAll([...owned]));
  }
  owned.add(thing);
  report();
  return () => {
    if (owned.delete(thing)) report();
  };
}

/**
 * Starts a program in a process group of its own, which ends with this process at the latest.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function spawnOwned(command, args, options = {}) {
  const child = spawn(command, args, { ...options, detached: process.platform !== 'win32', windowsHide: true });
  if (child.pid !== undefined) child.once('exit', own({ pid: child.pid }));
  return child;
}

/**
 * A new folder for temporary files.
 * @param {string} purpose part of its name
 * @returns {{ path: string, remove: () => void }}
 */
export function temporaryFolder(purpose) {
  const path = mkdtempSync(join(tmpdir(), `warren-${purpose}-`));
  const release = own({ path });
  return {
    path,
    remove() {
      removeAll([{ path }]);
      release();
    },
  };
}

function report() {
  watchdog?.stdin?.write(`${JSON.stringify([...owned])}\n`);
}

/** Starts the process that removes what is left when this one is gone. Electron needs to be told to be Node. */
function startWatchdog() {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'watchdog.mjs')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    cwd: tmpdir(),
    detached: true,
    windowsHide: true,
  });
  child.unref();
  // Without a watchdog the exit handler still does its part.
  child.on('error', () => (watchdog = undefined));
  child.stdin.on('error', () => (watchdog = undefined));
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
}
