// npm run bench: measures what Warren promises, each figure beside its reference in the same run.
//   npm run bench -- consume publish     only rows whose names begin so
//   npm run bench -- --rounds 3          instead of 5
//   npm run bench -- --json figures.json
//   npm run bench -- soak                20 minutes of faults; --minutes N, --seed N for the same faults again, --log FILE for what happened when
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './lib/deps.mjs';
import { main, PlainError } from './lib/run.mjs';

await main(async () => {
  const options = parse();
  await ensureDependencies(console.error);
  const { register } = await import('tsx/esm/api');
  register();
  if (options.names.includes('soak')) {
    const { runSoak } = await import('../test/bench/soak/soak.ts');
    return runSoak(options);
  }
  const { runBenchmarks } = await import('../test/bench/run.ts');
  return runBenchmarks(options);
});

function parse() {
  const { positionals: names, values } = readArguments();
  const rounds = wholeNumber('--rounds', values.rounds ?? '5', 1);
  const seed = wholeNumber('--seed', values.seed ?? String(Date.now() % 1_000_000), 0);
  const minutes = Number(values.minutes ?? 20);
  if (!(minutes > 0)) throw new PlainError('--minutes takes a number above 0.');
  if (names.includes('soak') && names.length > 1) throw new PlainError('soak runs alone.');
  const json = values.json === undefined ? undefined : resolve(values.json);
  const log = values.log === undefined ? undefined : resolve(values.log);
  return { names, rounds, seed, minutes, json, log };
}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} least
 */
function wholeNumber(name, text, least) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least) return number;
  throw new PlainError(`${name} takes a whole number from ${least} up.`);
}

function readArguments() {
  try {
    const text = /** @type {const} */ ({ type: 'string' });
    return parseArgs({
      options: { json: text, rounds: text, minutes: text, seed: text, log: text },
      allowPositionals: true,
    });
  } catch (error) {
    throw new PlainError(error instanceof Error ? error.message : String(error));
  }
}
