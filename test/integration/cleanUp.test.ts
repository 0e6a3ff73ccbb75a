import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { signal } from '../../scripts/lib/processes.mjs';
import { answersTcp } from '../../scripts/lib/ready.mjs';
import { root } from '../../scripts/lib/run.mjs';
import { Program } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';

/** What a script says that it started. */
interface Started {
  readonly pids: readonly number[];
  readonly folder: string;
  readonly port?: number;
}

/** Imports of a script's text. */
function lib(name: string): string {
  return JSON.stringify(pathToFileURL(join(root, 'scripts', 'lib', name)).href);
}

/** Starts a process that starts one more, and a folder; the first line it prints says which. */
const owning = (next: string): string => `
import { main } from ${lib('run.mjs')};
import { spawnOwned, temporaryFolder } from ${lib('owned.mjs')};
await main(async () => {
  const { path } = temporaryFolder('clean-up');
  const program = 'const { pid } = require("node:child_process").spawn("sleep", ["1000"], { stdio: "ignore" }); console.log(pid); setInterval(() => {}, 1e6)';
  const child = spawnOwned(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.once('data', (pid) => {
    console.log(JSON.stringify({ pids: [child.pid, Number(pid)], folder: path }));
    ${next}
  });
  await new Promise(() => undefined);
});`;

const owningBroker = `
import { main } from ${lib('run.mjs')};
import { startBroker } from ${lib('broker.mjs')};
await main(async () => {
  const { pid, dir, amqpPort } = await startBroker();
  console.log(JSON.stringify({ pids: [pid], folder: dir, port: amqpPort }));
  await new Promise(() => undefined);
});`;

describe('what a script has started', () => {
  const programs: Program[] = [];
  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.dispose()));
  });

  async function start(script: string): Promise<{ program: Program; started: Started }> {
    const program = Program.start(process.execPath, ['--input-type=module', '-e', script]);
    programs.push(program);
    const started = JSON.parse(await program.line(/^\{"pids"/, 30_000)) as Started;
    assert.ok(started.pids.every(isRunning), 'it runs');
    assert.ok(existsSync(started.folder));
    return { program, started };
  }

  for (const [name, code, how] of [
    ['SIGINT', 130, 'Ctrl+C'],
    ['SIGTERM', 143, 'SIGTERM'],
    ['SIGHUP', 129, 'closing the terminal'],
    ['SIGKILL', 'SIGKILL', 'kill -9, by its watchdog'],
  ] as const) {
    it(`is gone after ${how}`, async () => {
      const { program, started } = await start(owning(''));
      process.kill(program.pid, name);
      assert.equal(await program.ended, code);
      await isGone(started);
    });
  }

  for (const [how, next] of [
    ['an error that nobody caught', 'throw new Error("boom")'],
    ['a rejection that nobody handled', 'Promise.reject(new Error("boom"))'],
    ['an exit in the midst of it', 'process.exit(1)'],
  ] as const) {
    it(`is gone after ${how}`, async () => {
      const program = Program.start(process.execPath, ['--input-type=module', '-e', owning(next)]);
      programs.push(program);
      const started = JSON.parse(await program.line(/^\{"pids"/)) as Started;
      assert.equal(await program.ended, 1);
      await isGone(started);
    });
  }

  for (const name of ['SIGINT', 'SIGKILL'] as const) {
    it(`is gone with all that a broker is, after ${name}`, async function () {
      this.timeout(60_000);
      const { program, started } = await start(owningBroker);
      process.kill(program.pid, name);
      await program.ended;
      await isGone(started);
    });
  }
});

/** A killed process whose parent has not taken note of it yet is not running. */
function isRunning(pid: number): boolean {
  if (!signal(pid, 0)) return false;
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

async function isGone({ pids, folder, port }: Started): Promise<void> {
  await waitFor(() => !pids.some(isRunning) && !existsSync(folder), {
    describe: () => `gone: ${pids.filter(isRunning).join(', ')} ${existsSync(folder) ? folder : ''}`,
  });
  // The last of a killed process's threads closes its sockets.
  await waitFor(async () => port === undefined || !(await answersTcp(port)), { describe: `nobody on port ${port}` });
}
