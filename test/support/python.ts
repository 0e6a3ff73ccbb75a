import { run } from '../../scripts/lib/run.mjs';
import { Program } from './program.ts';

/** Debian's own: python3-pika belongs to it, not to another Python that comes first on PATH. */
export const PYTHON = '/usr/bin/python3';

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
export function startPython(script: string, args: readonly string[] = []): Program {
  return Program.start(PYTHON, ['-u', '-c', script, ...args]);
}
