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
   * @param {number} [log] where to write what its tests print
   */
  const run = async (stage, log) => {
    if (log === undefined) console.log(`\n── ${stage}`);
    const started = Date.now();
    const choice = { files, mochaArgs, ...(log !== undefined && { log }) };
    const outcome = await runStage[stage](needs, choice).catch((/** @type {unknown} */ error) =>
      failure(error instanceof PlainError ? error.message : String(error instanceof Error ? error.stack : error)),
    );
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped += outcome.skipped;
    lines.set(stage, `${stage}: ${counts(outcome)} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    return outcome;
  };
  /** @param {typeof stages[number]} stage */
  const runAndTell = async (stage) => tell(stage, await run(stage));
  /**
   * @param {string} stage
   * @param {{ problems: readonly string[] }} outcome
   */
  const tell = (stage, { problems }) => {
    for (const problem of problems) console.log(`✗ ${problem}`);
    console.log(lines.get(stage));
  };
  // Both wait for others most of the time, and nothing of theirs is shared: what the one prints is shown when the other is done.
  const inEditor = stages.filter((stage) => stage === 'host' || stage === 'ui');
  const isBeside = inEditor.length > 0 && stages.includes('integration');
  for (const stage of stages) {
    if (!isBeside || (stage !== 'integration' && !inEditor.some((each) => each === stage))) await runAndTell(stage);
  }
  if (isBeside) {
    const folder = temporaryFolder('log');
    const path = join(folder.path, 'integration.log');
    const log = openSync(path, 'a');
    const beside = run('integration', log);
    for (const stage of inEditor) await runAndTell(stage);
    const outcome = await beside;
    closeSync(log);
    console.log(`\n── integration, meanwhile\n${readFileSync(path, 'utf8')}`);
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
