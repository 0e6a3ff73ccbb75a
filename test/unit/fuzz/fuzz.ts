import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { AppError } from '../../../src/common/errors.ts';
import { errorText } from '../../../src/ui/errorText.ts';
import { everythingOf, SecretSearch } from '../../support/secrets.ts';

/**
 * Fuzzing: random input from a seed. fast-check prints the seed and the smallest input that fails; to see it again, or to look
 * elsewhere, run with `WARREN_FUZZ_SEED=<number>`, and longer with `WARREN_FUZZ_MS=<milliseconds for each property>`.
 */
const seed = numberFrom('WARREN_FUZZ_SEED', 20_261_122);
/** A property ends after it, however many runs it has had: all of them together are a part of the unit tests. */
const limitMs = numberFrom('WARREN_FUZZ_MS', 300);
/** As long as any single input may take, in milliseconds; generous, since the machine may be busy. */
const slowMs = 2_000;
/** The longest sentence that a person is shown for an error: a name of 255 bytes or two may be in it. */
const longestSentence = 4_000;

/** Runs a property on random values until its time is over. */
export async function fuzz<T>(values: fc.Arbitrary<T>, check: (value: T) => void | Promise<void>): Promise<void> {
  const property = fc.asyncProperty(values, async (value) => {
    const started = performance.now();
    await check(value);
    const ms = performance.now() - started;
    assert.ok(ms < slowMs, `it took ${ms.toFixed(0)} ms`);
  });
  await fc.assert(property, {
    seed,
    numRuns: 1_000_000,
    interruptAfterTimeLimit: limitMs,
    markInterruptAsFailure: false,
  });
}

/**
 * What it returns, or the AppError that it throws; in no error's text is a secret, and a person is shown a sentence of
 * bounded length.
 */
export async function resultOrAppError<T>(
  run: () => T | Promise<T>,
  secrets: readonly string[] = [],
): Promise<T | AppError> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError)) throw new Error('It threw something else than an AppError.', { cause: error });
    noSecretIn(everythingOf(error), secrets);
    const sentence = errorText(error);
    noSecretIn(sentence, secrets);
    assert.ok(sentence.length < longestSentence, `a sentence of ${sentence.length} characters`);
    return error;
  }
}

export function noSecretIn(text: string, secrets: readonly string[]): void {
  const leaks = new SecretSearch(secrets.map((value) => ({ name: 'secret', value }))).in(text);
  assert.deepEqual(leaks, [], text);
}

const odd = Array.from('aZ09@:/%?#[]&=+ \'"<>\\$`|{}~é€');

/** Passwords as they may be, and long enough to be told from other text. */
export const secret: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 8, maxLength: 24 }),
    fc.string({ unit: fc.constantFrom(...odd), minLength: 8, maxLength: 24 }),
    // Mostly plain, as people's are.
    fc
      .array(fc.constantFrom(...odd, 'word', 'Pass', '2026', 'xyz'), { minLength: 5, maxLength: 7 })
      .map((parts) => `word${parts.join('')}`),
  )
  .map((text) => `S3cr~${text}`);

/** Names of properties that an object has without having been given them. */
export const inherited = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'toJSON',
  'then',
);

/** Stand for what is too large to be carried along as a value, until `jsonOf` makes text of it. */
const large: Readonly<Record<string, string>> = {
  '\u0001array': `${'['.repeat(30_000)}1${']'.repeat(30_000)}`,
  '\u0001object': `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  '\u0001text': `"${'x'.repeat(1_000_000)}"`,
};

/**
 * Anything that JSON can hold, with names that objects inherit, deep nesting and long texts; only `jsonOf` and `parsed` make
 * it what it stands for.
 */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 12, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 4,
    arbitrary: fc.dictionary(fc.oneof(inherited, fc.string()), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 4 }),
  },
  { weight: 1, arbitrary: fc.constantFrom(...Object.keys(large)) },
);

/** As it should be, and now and then anything at all. */
export function mostly(right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 20, arbitrary: right }, { weight: 1, arbitrary: anyJson });
}

/** As JSON text. Depth is written down here, since `JSON.stringify` runs out of stack where `JSON.parse` does not. */
export function jsonOf(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.replaceAll(/"\\u0001\w+"/g, (marker) => large[JSON.parse(marker) as string] ?? marker);
}

/** As whoever reads JSON gets it: a property that is named `__proto__` is one of its own. */
export function parsed(value: unknown): unknown {
  return JSON.parse(jsonOf(value));
}

function numberFrom(name: string, usual: number): number {
  const text = process.env[name];
  const number = text === undefined ? usual : Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`${name} must be a whole number.`);
  return number;
}
