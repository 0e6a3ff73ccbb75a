// npm test: all stages, or those named: `node scripts/test.mjs unit integration [files…] [mocha options…]`.
// The last line says how many checks passed and failed.
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies } from './lib/deps.mjs';
import { temporaryFolder } from './lib/owned.mjs';
import { main, PlainError } from './lib/run.mjs';

await main(async () => {
  await ensureDependencies(console.log);
  const { failure } = await import('./lib/mocha.mjs');
  const { provide, runStage, STAGES } = await import('./lib/stages.mjs');

  const isStage = (/** @type {string} */ name) => STAGES.some((stage) => stage === name);
  const words = process.argv.slice(2);
  const count = words.findIndex((word) => !isStage(word));
  const rest = count === -1 ? [] : words.slice(count);
  const named = count === -1 ? words : words.slice(0, count);
  const files = rest.filter((word) => word.endsWith('.test.ts'));
  const mochaArgs = rest.filter((word) => !word.endsWith('.test.ts'));
  if (mochaArgs[0]?.startsWith('-') === false) {
    throw new PlainError(`There is no stage ${mochaArgs[0]}. Stages: ${STAGES.join(', ')}.`);
  }

  const stages = STAGES.filter((stage) => named.length === 0 || named.includes(stage));
  const needs = provide(stages);
  const total = { passed: 0, failed: 0, skipped: 0 };
  /** @type {Map<string, string>} */
  const lines = new Map();
  /**
   * @param {typeof stages[number]} stage
   * @param {{ log?: number, beside?: Promise<number> }} [where] what its tests print is written to
   */
  const run = async (stage, where = {}) => {
    if (where.log === undefined) console.log(`\n── ${stage}`);
    const started = Date.now();
    const choice = { files, mochaArgs, ...where };
    const outcome = await runStage[stage](needs, choice).catch((/** @type {unknown} */ error) =>
      failure(error instanceof PlainError ? error.message : String(error instanceof Error ? error.stack : error)),
    );
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped += outcome.skipped;
    lines.set(stage, `${stage}: ${counts(outcome)} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    return outcome;
  };
  /**
   * @param {typeof stages[number]} stage
   * @param {Promise<number>} [beside]
   */
  const runAndTell = async (stage, beside) => tell(stage, await run(stage, beside && { beside }));
  /**
   * @param {string} stage
   * @param {{ problems: readonly string[] }} outcome
   */
  const tell = (stage, { problems }) => {
    for (const problem of problems) console.log(`✗ ${problem}`);
    console.log(lines.get(stage));
  };
  /** @param {(typeof stages[number])[]} names */
  const only = (...names) => stages.filter((stage) => names.includes(stage));
  // These say nothing until they are done.
  const checks = only('lint', 'types').map((stage) => /** @type {const} */ ([stage, run(stage)]));
  for (const stage of only('unit')) await runAndTell(stage);
  for (const [stage, outcome] of checks) tell(stage, await outcome);
  const inEditor = only('host', 'ui');
  if (inEditor.length === 0 || !stages.includes('integration')) {
    for (const stage of only('integration', 'host', 'ui')) await runAndTell(stage);
  } else {
    // Both wait for others most of the time, and nothing of theirs is shared; what ends first takes over files of the other.
    // What the one prints is shown when the other is done.
    const folder = temporaryFolder('log');
    const path = join(folder.path, 'beside.log');
    const log = openSync(path, 'a');
    const integration = run('integration', { log });
    const beside = integration.then(() => log);
    for (const stage of inEditor) await runAndTell(stage, beside);
    const outcome = await integration;
    closeSync(log);
    console.log(`\n── integration and then a part of ui, meanwhile\n${readFileSync(path, 'utf8')}`);
    folder.remove();
    tell('integration', outcome);
  }
  const summary = stages.flatMap((stage) => lines.get(stage) ?? []);
  if (summary.length > 1) console.log(`\n${summary.join('\n')}`);
  console.log(`\n${counts(total)}`);
  return total.failed === 0 ? 0 : 1;
});

/** @param {{ passed: number, failed: number, skipped: number }} outcome */
function counts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
