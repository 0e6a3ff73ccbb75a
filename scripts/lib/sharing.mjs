// Sharing the files of a suite between runs that go on side by side.

/** @typedef {import('./mocha.mjs').Outcome} Outcome */

/** Who shares files takes this part of those that are left: many while there are many, one by one in the end. */
const PART = 1 / 4;

/** Files that wait to be run by whoever has time, each once. */
export class SharedFiles {
  #left;

  /** @param {readonly string[]} files in the order they are begun in */
  constructor(files) {
    this.#left = [...files];
  }

  get isEmpty() {
    return this.#left.length === 0;
  }

  /**
   * Runs files until none is left. Several may do so at once: they end at about the same time, however long each file takes.
   * @param {(files: readonly string[]) => Promise<Outcome>} run
   * @returns {Promise<Outcome>} of those that were run here
   */
  async run(run) {
    /** @type {Outcome[]} */
    const outcomes = [];
    while (!this.isEmpty) {
      // One part after the other.
      // oxlint-disable-next-line no-await-in-loop
      outcomes.push(await run(this.#left.splice(0, Math.ceil(this.#left.length * PART))));
    }
    return sum(outcomes);
  }
}

/**
 * Several outcomes as one.
 * @param {readonly Outcome[]} outcomes
 * @returns {Outcome}
 */
export function sum(outcomes) {
  const count = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    problems: outcomes.flatMap(({ problems }) => problems),
    failedFiles: outcomes.flatMap(({ failedFiles = [] }) => failedFiles),
  };
}
