// Debian packages, for machines where we are root: containers and CI. Nothing that they bring may be left running.
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { own } from './owned.mjs';
import { capture, onPath, PlainError, run, tail } from './run.mjs';

const POLICY = '/usr/sbin/policy-rc.d';

/** apt takes one caller at a time. @type {Promise<unknown>} */
let queue = Promise.resolve();

/** Whether packages can be installed here without asking anyone. */
export async function canInstall() {
  return process.platform === 'linux' && process.getuid?.() === 0 && (await onPath('apt-get')) !== undefined;
}

/**
 * Installs packages that are missing, without recommended ones and without starting or enabling their services.
 * @param {readonly string[]} packages
 * @throws {PlainError}
 */
export function aptInstall(packages) {
  const mine = queue.then(() => install(packages));
  queue = mine.catch(() => undefined);
  return mine;
}

/** @param {readonly string[]} packages */
async function install(packages) {
  /** @type {string[]} */
  const missing = [];
  for (const each of packages) if (!(await isInstalled(each))) missing.push(each);
  if (missing.length === 0) return;
  await withoutServices(async () => {
    if ((await aptGet('install', '--no-install-recommends', ...missing)).code === 0) return;
    // The package lists of a fresh container are empty, those of an old one out of date.
    await aptGet('update');
    const second = await aptGet('install', '--no-install-recommends', ...missing);
    if (second.code !== 0) throw new PlainError(`apt could not install ${missing.join(' ')}:\n${tail(second.output)}`);
  });
}

/** @param {string[]} args */
function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  return capture('apt-get', ['-y', '-q', '-o', 'DPkg::Lock::Timeout=300', ...args], { env });
}

/** @param {string} name */
async function isInstalled(name) {
  const { code, stdout } = await capture('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]);
  return code === 0 && stdout === 'installed';
}

/**
 * Debian starts a service as its package is configured, unless policy-rc.d says no (exit 101), and enables it for the
 * next boot: services that were not there before are disabled again.
 * @param {() => Promise<void>} body
 */
async function withoutServices(body) {
  const ours = !existsSync(POLICY);
  const before = await enabledServices();
  const release = ours ? own({ path: POLICY }) : undefined;
  if (ours) await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await body();
  } finally {
    if (ours) await rm(POLICY, { force: true });
    release?.();
    const added = [...(await enabledServices())].filter((unit) => !before.has(unit));
    if (added.length > 0) await run('systemctl', ['disable', ...added]);
  }
}

/** @returns {Promise<Set<string>>} */
async function enabledServices() {
  if ((await onPath('systemctl')) === undefined) return new Set();
  const types = ['--type=service,socket', '--state=enabled', '--no-legend', '--plain'];
  const { stdout } = await capture('systemctl', ['list-unit-files', ...types]);
  return new Set(stdout.split('\n').flatMap((line) => line.split(/\s+/)[0] || []));
}
