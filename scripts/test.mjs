// npm test: all stages, or those named: `node scripts/test.mjs unit integration [files…] [mocha options…]`.
// The last line says how many checks passed and failed.
import { ensureDependencies } from './lib/deps.mjs';
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
  const summary = [];
  for (const stage of stages) {
    console.log(`\n── ${stage}`);
    const started = Date.now();
    const outcome = await runStage[stage](needs, { files, mochaArgs }).catch((/** @type {unknown} */ error) =>
      failure(error instanceof PlainError ? error.message : String(error instanceof Error ? error.stack : error)),
    );
    for (const problem of outcome.problems) console.log(`✗ ${problem}`);
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped += outcome.skipped;
    const line = `${stage}: ${counts(outcome)} (${((Date.now() - started) / 1000).toFixed(1)} s)`;
    summary.push(line);
    console.log(line);
  }
  if (summary.length > 1) console.log(`\n${summary.join('\n')}`);
  console.log(`\n${counts(total)}`);
  return total.failed === 0 ? 0 : 1;
});

/** @param {{ passed: number, failed: number, skipped: number }} outcome */
function counts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
