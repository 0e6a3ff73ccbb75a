import type { ChildProcess } from 'node:child_process';
import { spawnOwned } from '../../scripts/lib/owned.mjs';
import { killGroup } from '../../scripts/lib/processes.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { waitFor } from './waitFor.ts';

/** Debian's own: python3-pika belongs to it, not to another Python that comes first on PATH. */
const PYTHON = '/usr/bin/python3';

/**
 * Runs a Python script to its end; `import pika` works in it.
 * @param args its `sys.argv[1:]`
 * @returns what it printed
 * @throws with its last lines, when it fails or takes longer than `timeoutMs` (20 s)
 */
export function python(script: string, args: readonly string[] = [], timeoutMs = 20_000): Promise<string> {
  return run(PYTHON, ['-c', script, ...args], { timeoutMs });
}

/** Starts a Python script that goes on, such as a consumer. */
export function startPython(script: string, args: readonly string[] = []): PythonProcess {
  return new PythonProcess(spawnOwned(PYTHON, ['-u', '-c', script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** A running Python script and what it has printed so far. */
export class PythonProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #output = '';
  #errors = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
  }

  get lines(): string[] {
    return this.#output.split('\n').slice(0, -1);
  }

  /** Waits for a line that it prints. */
  line(pattern: RegExp, timeoutMs = 10_000): Promise<string> {
    return waitFor(() => this.lines.find((each) => pattern.test(each)), {
      timeoutMs,
      describe: () => `a line like ${pattern.source}; there is:\n${this.#output}${this.#errors}`,
    });
  }

  async dispose(): Promise<void> {
    if (this.#child.pid !== undefined && this.#child.exitCode === null) killGroup(this.#child.pid);
    await this.#ended;
  }
}
