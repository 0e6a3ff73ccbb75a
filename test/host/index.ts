import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'node:util';
import { recordStats, TEST_OUTPUT } from '../../scripts/lib/mochaStats.mjs';

/**
 * Runs every suite of this folder inside the extension host. VS Code calls it; the figures go to the file that
 * `WARREN_MOCHA_STATS` names, because an extension host that died is reported as a success.
 */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const { WARREN_MOCHA_STATS: stats, WARREN_TEST_GREP: grep } = process.env;
  if (stats === undefined) throw new Error('WARREN_MOCHA_STATS is not set');
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => {
    // oxlint-disable-next-line no-console -- the one way out of an extension host that every editor passes on
    for (const line of format(...args).split('\n')) console.log(TEST_OUTPUT + line);
  };
  process.setSourceMapsEnabled(true);
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 20_000,
    forbidOnly: true,
    reporter: 'spec',
    ...(grep === undefined ? {} : { grep }),
  });
  const names = await readdir(__dirname, { recursive: true });
  for (const name of names.filter((each) => each.endsWith('.test.cjs')).toSorted())
    mocha.addFile(join(__dirname, name));

  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} failed`));
    });
    const report = recordStats(runner, stats);
    process.on('unhandledRejection', (reason) => {
      if (isOurs(reason)) report(`unhandled rejection: ${describe(reason)}`);
    });
  });
}

/** The built-in extensions live in the same process; theirs are not our business. */
function isOurs(reason: unknown): boolean {
  const stack = reason instanceof Error ? reason.stack : undefined;
  return stack === undefined || stack.includes(join(__dirname, '..', '..', '..'));
}

function describe(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}
