// Programs of another Debian release, unpacked into the cache and run by chroot as a user without rights.
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aptInstall, canInstall } from './apt.mjs';
import { cached } from './cache.mjs';
import { spawnOwned } from './owned.mjs';
import { capture, PlainError, tail } from './run.mjs';

/** Of the mirror; longer means that it does not answer. */
const LIMIT_MS = 5 * 60_000;

/** `nobody` of Debian. */
export const CHROOT_USER = 65_534;

/**
 * Runs a program in the root folder $0, with the folder $1 as /mnt, as the user $2. The mounts are in a namespace of the
 * process's own: they are gone with it, however it ends.
 */
const ENTER = `
mount -t proc proc "$0/proc" && mount --bind "$1" "$0/mnt" || exit 1
root=$0 user=$2
shift 2
exec chroot --userspec="$user:$user" "$root" "$@"
`;

/**
 * Packages of a release with all that they depend on, unpacked and not configured: no script of theirs is run.
 * @param {string} release such as `trixie`
 * @param {string} name of the package
 * @param {(message: string) => void} [say]
 * @returns {Promise<string>} the root folder
 * @throws {PlainError} why it cannot be had here
 */
export async function ensureDebianRoot(release, name, say = () => undefined) {
  if (!(await canInstall())) throw new PlainError('it needs to be root on Debian');
  const { code } = await capture('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs none /mnt']);
  if (code !== 0) throw new PlainError('nothing can be mounted here');
  return cached(`debian-${release}-${name}-${process.arch}`, async (temporary) => {
    say(`Fetching ${name} of Debian ${release} (debootstrap) …`);
    await aptInstall(['debootstrap']);
    await unpack(release, name, temporary);
  });
}

/**
 * @param {string} release
 * @param {string} name
 * @param {string} folder
 */
async function unpack(release, name, folder) {
  const wgetrc = join(folder, 'wgetrc');
  await writeFile(wgetrc, 'timeout = 20\ntries = 2\n');
  // --foreign: downloads all, unpacks what every system has, and would leave the rest to a second stage inside.
  const stage = ['--foreign', '--variant=minbase', `--include=${name}`];
  await runOwned('debootstrap', [...stage, release, folder], { ...process.env, WGETRC: wgetrc });
  const archives = join(folder, 'var', 'cache', 'apt', 'archives');
  const packages = (await readdir(archives)).filter((file) => file.endsWith('.deb'));
  for (const each of packages) await runOwned('dpkg-deb', ['-x', join(archives, each), folder], process.env);
  await Promise.all([archives, wgetrc].map((path) => rm(path, { recursive: true, force: true })));
  await mkdir(join(folder, 'mnt'), { recursive: true });
  await writeFile(join(folder, 'etc', 'hosts'), '127.0.0.1 localhost\n::1 localhost\n');
  // A temporary folder is its owner's alone; this one is somebody else's root.
  await chmod(folder, 0o755);
}

/**
 * The command that runs a program inside a root folder.
 * @param {string} folder the root
 * @param {string} mounted a folder that is /mnt inside; its files are to belong to `CHROOT_USER`
 * @param {readonly string[]} command
 * @returns {[string, string[]]}
 */
export function inDebianRoot(folder, mounted, command) {
  return ['unshare', ['--mount', 'sh', '-c', ENTER, folder, mounted, String(CHROOT_USER), ...command]];
}

/**
 * Runs a program to its end; it ends with this process.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @throws {PlainError}
 */
async function runOwned(command, args, env) {
  const child = spawnOwned(command, args, { env, timeout: LIMIT_MS, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += String(data)));
  const code = await new Promise((resolve) => child.once('close', resolve).once('error', () => resolve(127)));
  if (code !== 0) throw new PlainError(`${command} failed:\n${tail(output)}`);
}
