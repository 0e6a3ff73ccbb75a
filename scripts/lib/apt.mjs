// Debian packages, for machines where we are root: containers and CI. Nothing that they bring may be left running.
import { capture, onPath, PlainError, run } from './run.mjs';

/**
 * Debian starts a service as its package is configured, unless policy-rc.d says no (exit 101). The shell removes the
 * policy it made when apt ends, and apt writes to a file: both go on to the end if nobody waits any more. The package lists of a fresh container are empty,
 * those of an old one out of date: hence the second try.
 */
const INSTALL = `
log=$(mktemp)
trap 'rm -f "$log"' EXIT
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$log" "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
{ apt-get "$0" "$@" || { apt-get update -q && apt-get "$0" "$@"; }; } > "$log" 2>&1 || { tail -n 20 "$log"; exit 1; }
`;

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
  const before = await enabledServices();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const options = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=300'];
  const args = ['-c', INSTALL, 'install', ...options, '--no-install-recommends', ...missing];
  // Out of reach of Ctrl+C: a package manager that is cut short leaves the machine in a bad state.
  const { code, output } = await capture('sh', args, { env, detached: true });
  const added = [...(await enabledServices())].filter((unit) => !before.has(unit));
  if (added.length > 0) await run('systemctl', ['disable', ...added]);
  if (code !== 0) throw new PlainError(`apt could not install ${missing.join(' ')}:\n${output}`);
}

/** @param {string} name */
async function isInstalled(name) {
  const { code, stdout } = await capture('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]);
  return code === 0 && stdout === 'installed';
}

/**
 * Services that the next boot starts. Debian adds those of each package, and ours were not asked for.
 * @returns {Promise<Set<string>>}
 */
async function enabledServices() {
  if ((await onPath('systemctl')) === undefined) return new Set();
  const types = ['--type=service,socket', '--state=enabled', '--no-legend', '--plain'];
  const { stdout } = await capture('systemctl', ['list-unit-files', ...types]);
  return new Set(stdout.split('\n').flatMap((line) => line.split(/\s+/)[0] || []));
}
