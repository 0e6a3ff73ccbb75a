// Running other programs, and failing in words a person can act on. Imports nothing that `npm ci` brings.
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

/** The repository's root folder. */
export const root = join(import.meta.dirname, '..', '..');

/** An expected failure: its message is for the person at the terminal, and a stack would only hide it. */
export class PlainError extends Error {}

/**
 * The absolute path of a program on PATH.
 * @param {string} name
 * @returns {Promise<string | undefined>}
 */
export async function onPath(name) {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const candidate of folders.flatMap((folder) => names.map((each) => join(folder, each)))) {
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

/** @param {string} path */
export function isExecutable(path) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] the repository's root unless given
 * @property {NodeJS.ProcessEnv} [env] replaces the environment
 * @property {boolean} [detached] in a process group of its own, where Ctrl+C does not reach it
 * @property {number} [timeoutMs] the program is killed after it
 */

/**
 * Runs a program to its end and returns what it said on standard output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>}
 * @throws {PlainError} with the last lines of its output, when it cannot start or exits with an error
 */
export async function run(command, args, options = {}) {
  const { code, output, stdout } = await capture(command, args, options);
  if (code === 0) return stdout;
  throw new PlainError(`\`${[command, ...args].join(' ')}\` failed:\n${tail(output)}`);
}

/**
 * Like {@link run}, for a program whose failure is an answer.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, stdout: string, output: string }>} `output` is both streams as they came
 */
export async function capture(command, args, { cwd = root, env = process.env, detached = false, timeoutMs } = {}) {
  const child = spawn(command, args, {
    cwd,
    env,
    detached,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' }),
  });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(127);
    });
    child.on('close', (status) => resolve(status ?? 1));
  });
  return { code, stdout, output };
}

/**
 * The last lines of a text, for an error that must stay readable.
 * @param {string} text
 */
export function tail(text) {
  return text.trimEnd().split('\n').slice(-20).join('\n');
}

/**
 * npm as a program and its first arguments: through this Node, so that Windows needs no shell.
 * @returns {Promise<[string, ...string[]]>}
 */
export async function npmCommand() {
  const fromNpm = process.env['npm_execpath'];
  if (fromNpm?.endsWith('npm-cli.js') === true) return [process.execPath, fromNpm];
  const besideNode = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const found = await access(besideNode).then(
    () => true,
    () => false,
  );
  return found ? [process.execPath, besideNode] : ['npm'];
}

/**
 * Runs a script's main function. Expected failures are said in plain words, anything else with its stack, and a signal
 * ends the process by the normal way out, on which everything owned is removed.
 * @param {() => Promise<number | void>} body returns the exit code
 */
export async function main(body) {
  const signals = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 });
  for (const [signal, code] of Object.entries(signals)) process.on(signal, () => process.exit(code));
  try {
    process.exit((await body()) ?? 0);
  } catch (error) {
    console.error(error instanceof PlainError ? `\n${error.message}` : error);
    process.exit(1);
  }
}
