import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const lookMs = 500;
/** The share of the machine that may be busy. */
const calmShare = 0.2;
/** On a machine that others use it may never be calm. */
const patienceMs = 8_000;

/** Waits until the machine has nothing left to do: an editor that has just started still has, for seconds. */
export async function machineCalm(): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (let before = times(); Date.now() < deadline;) {
    await delay(lookMs);
    const after = times();
    const busy = 1 - (after.idle - before.idle) / (after.total - before.total);
    if (busy <= calmShare) return;
    before = after;
  }
}

function times(): { idle: number; total: number } {
  const all = cpus().map((cpu) => cpu.times);
  const idle = all.reduce((sum, each) => sum + each.idle, 0);
  const total = all.reduce((sum, each) => sum + each.user + each.nice + each.sys + each.irq + each.idle, 0);
  return { idle, total };
}
