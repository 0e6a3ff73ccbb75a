import { cpuUsage } from 'node:process';
import { createContext, Script } from 'node:vm';

/**
 * A regular expression can take longer than anyone waits: `(a+)+$` doubles its work with every letter. So can a decoder: a
 * list of 2^60 nothings takes ten bytes in Avro. JavaScript cannot stop them from within, but the time limit of `node:vm` does,
 * since V8 looks for it in every loop, and whenever an expression tries again.
 */

/** As long as one message may take, in milliseconds. Hundreds of times what an honest expression takes for 64 kB. */
const usualMs = 100;

const sandbox = createContext(Object.assign(Object.create(null) as object, { run: () => undefined }));
const script = new Script('run()');
let isWatching = false;

/** Thrown when something was stopped that would have gone on. */
export class TookTooLong extends Error {}

/** The expression's answer. @throws TookTooLong */
export function testWatched(pattern: RegExp, text: string): boolean {
  if (isWatching) return pattern.test(text);
  let found = false;
  watched(() => {
    found = pattern.test(text);
  });
  return found;
}

/**
 * Runs something under watch, which costs as much as some hundred tests of an expression. `run` may be stopped anywhere, and is
 * run again unless its tries took the processor's time as well.
 * @throws TookTooLong
 */
export function watched(run: () => void, limitMs = usualMs): void {
  const before = cpuUsage();
  for (;;) {
    if (ranInTime(run, limitMs)) return;
    const { user, system } = cpuUsage(before);
    // On a busy machine time passes while nothing runs.
    if (user + system > limitMs * 500) throw new TookTooLong();
  }
}

function ranInTime(run: () => void, limitMs: number): boolean {
  const context = sandbox as { run: () => void };
  isWatching = true;
  try {
    context.run = run;
    script.runInContext(sandbox, { timeout: Math.ceil(limitMs) });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    isWatching = false;
    context.run = () => undefined;
  }
}
