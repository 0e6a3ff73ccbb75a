// npm run bench: measures what Warren promises, each figure beside its reference in the same run.
//   npm run bench -- consume publish     only rows whose names begin so
//   npm run bench -- --rounds 3          instead of 5
//   npm run bench -- --json figures.json
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './lib/deps.mjs';
import { main, PlainError } from './lib/run.mjs';

await main(async () => {
  const options = parse();
  await ensureDependencies(console.error);
  const { register } = await import('tsx/esm/api');
  register();
  const { runBenchmarks } = await import('../test/bench/run.ts');
  return runBenchmarks(options);
});

function parse() {
  const { positionals: names, values } = readArguments();
  const rounds = Number(values.rounds ?? 5);
  if (!Number.isInteger(rounds) || rounds < 1) throw new PlainError('--rounds takes a whole number from 1 up.');
  return { names, rounds, json: values.json === undefined ? undefined : resolve(values.json) };
}

function readArguments() {
  try {
    const options = /** @type {const} */ ({ json: { type: 'string' }, rounds: { type: 'string' } });
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new PlainError(error instanceof Error ? error.message : String(error));
  }
}
