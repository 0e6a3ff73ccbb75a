import type { VariableSources } from '../../../src/broker/messageFile/variables.ts';

/** Variables whose values are known: noon on the first of January 2026, ids in a row, the highest random numbers. */
export function sources(changes: Partial<VariableSources> = {}): VariableSources {
  let ids = 0;
  return {
    environment: new Map(),
    clock: { now: () => Date.UTC(2026, 0, 1, 12) },
    random: () => 0.999,
    uuid: () => `id-${++ids}`,
    env: () => undefined,
    counter: 1,
    answers: new Map(),
    ...changes,
  };
}
