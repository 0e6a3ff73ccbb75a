import type { ChildProcess } from 'node:child_process';
import { spawnOwned } from '../../scripts/lib/owned.mjs';
import { killGroup } from '../../scripts/lib/processes.mjs';
import { root } from '../../scripts/lib/run.mjs';
import { waitFor } from './waitFor.ts';

/** A running program and what it has printed so far. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #output = '';
  #errors = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
  }

  /** @param env added to the environment */
  static start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    return new Program(spawnOwned(command, args, { stdio: [...stdio], cwd: root, env: { ...process.env, ...env } }));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The exit code, or the signal it ended by, once it has. */
  get ended(): Promise<number | NodeJS.Signals> {
    return this.#ended.then(() => this.#child.exitCode ?? this.#child.signalCode ?? -1);
  }

  /** All that it has printed, on both streams. */
  get text(): string {
    return this.#output + this.#errors;
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
