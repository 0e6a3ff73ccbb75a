import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMocha, withSecondTry, withStats } from '../../scripts/lib/mocha.mjs';
import { temporaryFolder } from '../../scripts/lib/owned.mjs';
import { capture, root } from '../../scripts/lib/run.mjs';

describe('a test run', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  before(() => {
    folder = temporaryFolder('runs');
    mkdirSync(join(folder.path, 'test', 'unit'), { recursive: true });
  });
  after(() => folder.remove());

  /** Runs one file as `npm run test:unit` does; returns the exit code and what was printed. */
  async function run(body: string): Promise<{ code: number; lines: string[] }> {
    const file = join(folder.path, 'test', 'unit', 'one.test.ts');
    writeFileSync(file, body);
    return runFile(file);
  }

  for (const [what, body, problem] of [
    ['finds no test', '// Nothing.', '✗ No test was run.'],
    ['leaves out all tests', `it.skip('is left out', () => {});`, '✗ No test was run.'],
    [
      'dies in the midst of a test, even with exit code 0',
      `it('dies', () => process.exit(0));`,
      '✗ The run died: it left no figures.',
    ],
    [
      'meets a rejection that nobody handles',
      `it('passes', async () => { void Promise.reject(new Error('lost')); await new Promise((done) => setImmediate(done)); });`,
      'Error: lost',
    ],
    ['runs a part of the tests only, by a forgotten `only`', `it.only('alone', () => {});`, '`.only` forbidden'],
  ] as const) {
    it(`fails when it ${what}`, async () => {
      const { code, lines } = await run(body);
      assert.equal(code, 1);
      assert.ok(
        lines.some((line) => line.includes(problem)),
        lines.join('\n'),
      );
      assert.match(lines.at(-1) ?? '', /^\d passed, [12] failed(, 1 skipped)?$/);
    });
  }

  it('fails when its process spins on its way out', async () => {
    const file = join(folder.path, 'test', 'unit', 'spins.test.ts');
    writeFileSync(file, `it('passes', () => {}); process.on('exit', () => { for (;;); });`);
    const log = openSync(join(folder.path, 'log'), 'a');
    const { passed, failed, problems } = await runMocha([file], { log, endMs: 100 });
    closeSync(log);
    assert.deepEqual([passed, failed, problems], [1, 1, ['The run did not end after its last test.']]);
  });

  it('fails when a file that was named is not there', async () => {
    const { code, lines } = await runFile('test/unit/nowhere.test.ts');
    assert.equal(code, 1);
    assert.equal(lines.at(-1), '0 passed, 1 failed');
  });

  it('passes with a test that passes, and says how many in its last line', async () => {
    assert.deepEqual(await lastOf(`it('passes', () => {});`), [0, '1 passed, 0 failed']);
  });

  it('fails with a test that fails', async () => {
    assert.deepEqual(await lastOf(`it('passes', () => {}); it('fails', () => { throw new Error('no'); });`), [
      1,
      '1 passed, 1 failed',
    ]);
  });

  describe('of tests that depend on time', () => {
    const failed = { passed: 5, failed: 2, skipped: 0, problems: [], failedFiles: ['/t/a.test.ts'] };
    const passed = { passed: 3, failed: 0, skipped: 0, problems: [], failedFiles: [] };

    /** What comes of these outcomes, the files that were run, and what was said. */
    async function tried(...outcomes: (typeof failed | typeof passed)[]) {
      const runs: (readonly string[])[] = [];
      const said: string[] = [];
      const attempt = (files: readonly string[]) => Promise.resolve(outcomes[runs.push(files) - 1] ?? failed);
      return { outcome: await withSecondTry(attempt, (text) => said.push(text)), runs, said };
    }

    it('tries a file that failed once more, and says that it passed only then', async () => {
      const { outcome, runs, said } = await tried(failed, passed);
      assert.deepEqual([outcome.passed, outcome.failed], [7, 0]);
      assert.deepEqual(runs, [[], ['/t/a.test.ts']]);
      assert.equal(said.at(-1), '⚠ Passed only at the second try: a.test.ts');
    });

    it('fails with what fails twice', async () => {
      const { outcome } = await tried(failed, { ...failed, failed: 1 });
      assert.deepEqual([outcome.passed, outcome.failed], [5, 2]);
    });

    it('fails at once with many files, or with what went wrong outside of any test', async () => {
      const many = { ...failed, failedFiles: ['a', 'b', 'c', 'd'] };
      const broken = { ...failed, problems: ['The run ended with an error.'] as never[] };
      for (const first of [many, broken]) assert.equal((await tried(first, passed)).runs.length, 1);
    });
  });

  it('refuses a stage that it does not know', async () => {
    const { code, output } = await capture(process.execPath, [join(root, 'scripts', 'test.mjs'), 'units']);
    assert.equal(code, 1);
    assert.match(output, /There is no stage units\. Stages: lint, types, unit, integration, host, ui\./);
  });

  it('fails when its extension host dies, whatever the editor says of its own end', async () => {
    for (const said of [true, false]) {
      // One after the other, as runs are.
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await withStats(() => Promise.resolve(said));
      assert.deepEqual(outcome, { passed: 0, failed: 1, skipped: 0, problems: ['The run died: it left no figures.'] });
    }
  });

  it('fails when its extension host ends badly after tests that all passed', async () => {
    const outcome = await withStats((file) => {
      writeFileSync(file, JSON.stringify({ passes: 3, failures: 0, pending: 0, problems: [] }));
      return Promise.resolve(false);
    });
    assert.deepEqual([outcome.passed, outcome.failed, outcome.problems], [3, 1, ['The run ended with an error.']]);
  });

  async function lastOf(body: string): Promise<[number, string | undefined]> {
    const { code, lines } = await run(body);
    return [code, lines.at(-1)];
  }
});

async function runFile(file: string): Promise<{ code: number; lines: string[] }> {
  const { code, output } = await capture(process.execPath, [join(root, 'scripts', 'test.mjs'), 'unit', file]);
  return { code, lines: output.trimEnd().split('\n') };
}
