// mocha's own spec reporter for people, and a file of figures for the test runner.
import Mocha from 'mocha';
import { failOnUnhandledRejection, recordStats, watchTheEnd } from './mochaStats.mjs';

export default class Reporter extends Mocha.reporters.Spec {
  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    failOnUnhandledRejection();
    const file = process.env['WARREN_MOCHA_STATS'];
    if (file !== undefined) watchTheEnd(runner, recordStats(runner, file));
  }
}
