// Running a mocha suite in a process of its own.
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { spawnOwned, temporaryFolder } from './owned.mjs';
import { killGroup } from './processes.mjs';
import { root } from './run.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, problems: string[], failedFiles?: string[] }} Outcome */

/** A suite that takes longer hangs. */
const LIMIT_MS = 30 * 60_000;

/** How long a process may take to be gone after it has left its figures; it reports sooner what keeps it. */
const END_MS = 30_000;

/** More files than these do not fail by chance. */
const MOST_TRIED_AGAIN = 3;

/**
 * Runs TypeScript test files under mocha, without a build.
 * @param {readonly string[]} files paths or globs
 * @param {{ env?: NodeJS.ProcessEnv, args?: readonly string[], log?: number, endMs?: number }} [options] `args` go to
 *   mocha as they are; what it prints goes to the file descriptor `log`, if there is one
 * @returns {Promise<Outcome>}
 */
export async function runMocha(files, { env = {}, args = [], log, endMs = END_MS } = {}) {
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = join(root, 'scripts', 'lib', 'mochaReporter.mjs');
  const options = ['--reporter', reporter, '--forbid-only', '--timeout', '20000'];
  return withStats(async (stats) => {
    const child = spawnOwned(process.execPath, ['--import', 'tsx', mocha, ...options, ...args, ...files], {
      cwd: root,
      env: { ...process.env, ...env, WARREN_MOCHA_STATS: stats },
      stdio: ['ignore', log ?? 'inherit', log ?? 'inherit'],
    });
    const started = Date.now();
    /** @type {string | undefined} */
    let why;
    const watch = setInterval(() => {
      why = hangs(stats, started, endMs);
      if (why !== undefined && child.pid !== undefined) killGroup(child.pid);
    }, 1000);
    const code = await new Promise((resolve) => child.once('exit', resolve).once('error', () => resolve(1)));
    clearInterval(watch);
    return why ?? code === 0;
  });
}

/**
 * Why a run is not worth waiting for any longer. Node itself has been seen to spin for ever on its way out.
 * @param {string} stats where its figures will be
 * @param {number} started in ms since the epoch
 * @param {number} endMs
 */
function hangs(stats, started, endMs) {
  const ended = statSync(stats, { throwIfNoEntry: false })?.mtimeMs;
  if (ended !== undefined && Date.now() - ended > endMs) return 'The run did not end after its last test.';
  return Date.now() - started > LIMIT_MS ? `The run took longer than ${LIMIT_MS / 60_000} minutes.` : undefined;
}

/**
 * Runs something that leaves mocha's figures in a file. No figures, no test, or a bad end without a failed test are
 * failures too.
 * @param {(file: string) => Promise<boolean | string>} body whether the run ended well, or how it did not
 * @returns {Promise<Outcome>}
 */
export async function withStats(body) {
  const folder = temporaryFolder('stats');
  try {
    const file = join(folder.path, 'stats.json');
    const end = await body(file);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return failure(typeof end === 'string' ? end : 'The run died: it left no figures.');
    /** @type {import('./mochaStats.mjs').MochaStats} */
    const { passes, failures, pending, problems, failedFiles } = JSON.parse(text);
    if (typeof end === 'string') problems.push(end);
    else if (!end && failures === 0 && problems.length === 0) problems.push('The run ended with an error.');
    if (passes + failures === 0 && problems.length === 0) problems.push('No test was run.');
    return { passed: passes, failed: failures + problems.length, skipped: pending, problems, failedFiles };
  } finally {
    folder.remove();
  }
}

/**
 * Runs a suite whose tests depend on other programs' time: what failed in a few files is tried once more, file by file
 * from its start, and a run that needed that says so.
 * @param {(files: readonly string[]) => Promise<Outcome>} run the given files; all of them when none is given
 * @param {(message: string) => void} say
 * @returns {Promise<Outcome>}
 */
export async function withSecondTry(run, say) {
  const first = await run([]);
  const files = first.failedFiles ?? [];
  if (first.problems.length > 0 || files.length === 0 || files.length > MOST_TRIED_AGAIN) return first;
  const names = files.map((file) => basename(file)).join(', ');
  say(`\nOnce more: ${names}`);
  const second = await run(files);
  if (second.failed > 0) return first;
  say(`⚠ Passed only at the second try: ${names}`);
  return { ...first, passed: first.passed + first.failed, failed: 0 };
}

/**
 * @param {string} problem
 * @returns {Outcome}
 */
export function failure(problem) {
  return { passed: 0, failed: 1, skipped: 0, problems: [problem] };
}
