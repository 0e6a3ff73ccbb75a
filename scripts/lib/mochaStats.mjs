// What a mocha run came to, as a file: an exit code alone has been seen to say 0 for a run that died.
import { writeFileSync } from 'node:fs';

/**
 * @typedef {object} MochaStats
 * @property {number} passes
 * @property {number} failures
 * @property {number} pending
 * @property {string[]} problems what went wrong outside of any test
 * @property {string[]} failedFiles those with a failed test
 */

/** Begins the lines of a suite inside an extension host, whose output is mixed with the workbench's own. */
export const TEST_OUTPUT = 'test| ';

/** How long a run may take to end by itself after its last test. */
const GRACE_MS = 10_000;

/**
 * Writes a run's figures to a file when it ends, and again for what goes wrong after that.
 * @param {{ stats?: { passes: number, failures: number, pending: number } | undefined, on(event: 'fail', listener: (test: { file?: string | undefined }) => void): unknown, once(event: 'end', listener: () => void): unknown }} runner
 * @param {string} file
 * @returns {(problem: string) => void} adds a problem
 */
export function recordStats(runner, file) {
  /** @type {string[]} */
  const problems = [];
  /** @type {Set<string>} */
  const failedFiles = new Set();
  let hasEnded = false;
  const write = () => {
    const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
    writeFileSync(file, JSON.stringify({ passes, failures, pending, problems, failedFiles: [...failedFiles] }));
  };
  runner.on('fail', ({ file: failed }) => failed !== undefined && failedFiles.add(failed));
  runner.once('end', () => {
    hasEnded = true;
    write();
  });
  return (problem) => {
    // mocha emits an unhandled rejection a second time.
    if (!problems.includes(problem)) problems.push(problem);
    if (hasEnded) write();
  };
}

/**
 * Makes a rejection that nobody handles fail the test it happens in. mocha leaves it to other listeners, and its being
 * one of them keeps Node from ending the process.
 */
export function failOnUnhandledRejection() {
  process.on('unhandledRejection', (reason) => {
    throw reason instanceof Error ? reason : new Error(`rejected with ${String(reason)}`);
  });
}

/**
 * Reports what a run's own process does after the last test: an error nobody caught, or not ending, because something
 * that a test opened is still open.
 * @param {{ once(event: 'end', listener: () => void): unknown }} runner
 * @param {(problem: string) => void} report
 */
export function watchTheEnd(runner, report) {
  runner.once('end', () => {
    process.on('uncaughtException', (error) => report(`after the last test: ${error.stack ?? error.message}`));
    setTimeout(() => {
      report(`still open ${GRACE_MS / 1000} s after the last test: ${process.getActiveResourcesInfo().join(', ')}`);
      process.exit(1);
    }, GRACE_MS).unref();
  });
}
