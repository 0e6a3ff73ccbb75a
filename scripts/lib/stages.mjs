// The stages of a test run: what each checks and what it needs to be there first.
import { writeSync } from 'node:fs';
import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { aptInstall, canInstall } from './apt.mjs';
import { PROMPT_COUNTS, startBroker } from './broker.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureCodeServer } from './codeServer.mjs';
import { startCodeServer } from './editor.mjs';
import { runHostTests } from './hostTests.mjs';
import { failure, runMocha, withSecondTry } from './mocha.mjs';
import { buildExtension, packageExtension } from './package.mjs';
import { temporaryFolder } from './owned.mjs';
import { ensureRabbitmq, ensureRabbitmq4 } from './rabbitmq.mjs';
import { capture, PlainError, root } from './run.mjs';
import { SharedFiles, sum } from './sharing.mjs';

/** @typedef {import('./mocha.mjs').Outcome} Outcome */
/**
 * @typedef {object} Needs what is being provided meanwhile
 * @property {() => Promise<unknown>} broker
 * @property {() => Promise<Record<string, string>>} broker4 the environment that tells tests of it
 * @property {() => Promise<unknown>} editor
 */
/**
 * @typedef {object} Choice of tests, from the command line
 * @property {readonly string[]} files
 * @property {readonly string[]} mochaArgs
 * @property {number} [log] where to write what tests print, in place of the terminal
 * @property {Promise<number>} [beside] settles when there is time to run a part of the files beside the others, with where
 *   to write what those print
 */

/** A workbench takes seconds to come up; hooks close the browser and keep a picture of what failed. */
const UI_OPTIONS = ['--timeout', '60000', '--require', './test/ui/hooks.ts'];

export const STAGES = /** @type {const} */ (['lint', 'types', 'unit', 'integration', 'host', 'ui']);
/** @typedef {(typeof STAGES)[number]} Stage */

/** @type {Record<Stage, (needs: Needs, choice: Choice) => Promise<Outcome>>} */
export const runStage = {
  lint: async () => {
    const linted = await check('oxlint', '--type-aware', '--deny-warnings');
    const formatted = await check('prettier', '--check', '--log-level', 'warn', '.');
    return verdict(linted, formatted);
  },
  types: async () => {
    const host = await check('tsc', '-p', '.');
    const webview = await check('tsc', '-p', 'src/webview');
    return verdict(host, webview);
  },
  unit: (_needs, choice) => mocha('unit', choice),
  integration: async (needs, choice) => {
    const needs4 = choice.files.length === 0 || choice.files.some((file) => /\/(faults|consume|routing)\//.test(file));
    const [env4] = await Promise.all([needs4 ? needs.broker4() : {}, needs.broker()]);
    return withBroker((env) =>
      orOnceMore(choice, (files) => mocha('integration', { ...choice, files }, { ...env, ...env4 })),
    );
  },
  host: async (needs, { mochaArgs }) => {
    await Promise.all([needs.broker(), needs.editor(), buildExtension()]);
    const option = mochaArgs.findIndex((each) => each === '--grep' || each === '-g');
    const grep = option === -1 ? undefined : mochaArgs[option + 1];
    // The connection that `npm start` gives too: connected without a word.
    return withBroker(({ WARREN_TEST_AMQP_URL = '', WARREN_TEST_MANAGEMENT_URL = '', ...env }) =>
      runHostTests({
        env: {
          ...env,
          WARREN_TEST_AMQP_URL,
          WARREN_TEST_MANAGEMENT_URL,
          WARREN_CONNECT: WARREN_TEST_AMQP_URL,
          WARREN_CONNECT_MANAGEMENT: WARREN_TEST_MANAGEMENT_URL,
        },
        grep,
        say: console.log,
      }),
    );
  },
  ui: async (needs, choice) => {
    const [, , packed] = await Promise.all([needs.broker(), needs.editor(), packageExtension()]);
    await rm(join(root, 'artifacts', 'ui'), { recursive: true, force: true });
    const folder = temporaryFolder('package');
    // The test of `npm start` packs it anew.
    const vsix = join(folder.path, 'warren.vsix');
    await copyFile(packed, vsix);
    try {
      return await orOnceMore(choice, async (files) => {
        const { beside } = choice;
        // A part without a test that fits the options would be a failure.
        if (beside === undefined || files.length > 0 || choice.mochaArgs.length > 0) {
          return withEditor(vsix, (env) => uiTests({ ...choice, files }, env));
        }
        const shared = new SharedFiles(await testFiles('ui'));
        const work = (/** @type {Choice} */ own) =>
          withEditor(vsix, (env) => shared.run((part) => uiTests({ ...own, files: part }, env)));
        const both = [work(choice), beside.then((log) => (shared.isEmpty ? sum([]) : work({ ...choice, log })))];
        // One that cannot start leaves all files to the other.
        await Promise.allSettled(both);
        return sum(await Promise.all(both));
      });
    } finally {
      folder.remove();
    }
  },
};

/**
 * Starts to provide what the stages need, in the background: downloads go on while other stages run. A failure is told
 * by the stage that needs it.
 * @param {readonly Stage[]} stages
 * @returns {Needs}
 */
export function provide(stages) {
  const some = (/** @type {readonly Stage[]} */ ...names) => stages.some((stage) => names.includes(stage));
  const broker = some('integration', 'host', 'ui') ? provideBroker() : Promise.resolve();
  const editor = some('host', 'ui') ? Promise.all([ensureCodeServer(), ensureChromium()]) : Promise.resolve();
  for (const each of [broker, editor]) each.catch(() => undefined);
  /** @type {ReturnType<typeof provideBroker4> | undefined} */
  let four;
  const broker4 = () => (four ??= provideBroker4());
  if (stages.length > 1 && some('integration')) void broker4();
  return { broker: () => broker, broker4, editor: () => editor };
}

/** RabbitMQ 4.0, for what depends on the version; where it cannot be had its tests are skipped, and counted. */
async function provideBroker4() {
  try {
    return { WARREN_TEST_RABBITMQ_4: JSON.stringify(await ensureRabbitmq4()) };
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    console.log(`RabbitMQ 4.0 cannot be had, its tests are skipped: ${error.message}`);
    return {};
  }
}

/** The broker, and clients in another language to meet it with. */
async function provideBroker() {
  if (await canInstall()) await aptInstall(['rabbitmq-server', 'python3-pika', 'amqp-tools']);
  await ensureRabbitmq();
}

/**
 * @param {(env: Record<string, string>) => Promise<Outcome>} body
 * @returns {Promise<Outcome>}
 */
async function withBroker(body) {
  const broker = await startBroker({ plugins: ['rabbitmq_consistent_hash_exchange'], config: [PROMPT_COUNTS] });
  try {
    return await body({
      WARREN_TEST_AMQP_URL: broker.amqpUrl,
      WARREN_TEST_MANAGEMENT_URL: broker.managementUrl ?? '',
    });
  } finally {
    await broker.dispose();
  }
}

/**
 * An editor with the extension, and a broker, of a run's own.
 * @param {string} vsix
 * @param {(env: Record<string, string>) => Promise<Outcome>} body
 * @returns {Promise<Outcome>}
 */
async function withEditor(vsix, body) {
  const folder = temporaryFolder('workspace');
  const editor = await startCodeServer({ folder: folder.path, vsix });
  try {
    return await withBroker(async (env) =>
      body({
        ...env,
        WARREN_TEST_EDITOR_PORT: String(editor.port),
        WARREN_TEST_EDITOR_LOGS: editor.logs,
        WARREN_TEST_CHROMIUM: await ensureChromium(),
      }),
    );
  } finally {
    await editor.dispose();
    folder.remove();
  }
}

/**
 * @param {Choice} choice
 * @param {Record<string, string>} env
 */
function uiTests({ mochaArgs, ...choice }, env) {
  return mocha('ui', { ...choice, mochaArgs: [...UI_OPTIONS, ...mochaArgs] }, env);
}

/**
 * @param {string} kind a folder of test/
 * @returns {Promise<string[]>} its test files
 */
async function testFiles(kind) {
  const names = await readdir(join(root, 'test', kind), { recursive: true });
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .toSorted()
    .map((name) => `test/${kind}/${name}`);
}

/**
 * @param {string} kind a folder of test/
 * @param {Choice} choice
 * @param {Record<string, string>} [env]
 */
async function mocha(kind, { files, mochaArgs, log }, env = {}) {
  const own = files.filter((file) => file.includes(`test/${kind}/`));
  if (files.length > 0 && own.length === 0) return failure(`None of the files is in test/${kind}.`);
  return runMocha(own.length > 0 ? own : [`test/${kind}/**/*.test.ts`], {
    env,
    args: mochaArgs,
    ...(log !== undefined && { log }),
  });
}

/**
 * Tries what failed in a whole suite once more; tests that were named are run once, for whoever names some wants to know.
 * @param {Choice} choice
 * @param {(files: readonly string[]) => Promise<Outcome>} run the given files; all of them when none is given
 */
async function orOnceMore({ files, log }, run) {
  if (files.length > 0) return run(files);
  const say = log === undefined ? console.log : (/** @type {string} */ text) => writeSync(log, `${text}\n`);
  return withSecondTry(run, say);
}

/**
 * Runs a tool from node_modules.
 * @param {string} tool
 * @param {string[]} args
 * @returns {Promise<string | undefined>} what it complains about
 */
async function check(tool, ...args) {
  const program = { oxlint: 'oxlint/bin/oxlint', prettier: 'prettier/bin/prettier.cjs', tsc: 'typescript/bin/tsc' }[
    tool
  ];
  if (program === undefined) throw new PlainError(`${tool} is not known`);
  const { code, output } = await capture(process.execPath, [join(root, 'node_modules', program), ...args]);
  return code === 0 ? undefined : `${tool}\n${output.trimEnd()}`;
}

/**
 * @param {(string | undefined)[]} complaints
 * @returns {Outcome}
 */
function verdict(...complaints) {
  const problems = complaints.filter((each) => each !== undefined);
  const isGood = problems.length === 0;
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0, problems };
}
