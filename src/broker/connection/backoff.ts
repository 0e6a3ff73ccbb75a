const first = 500;
const longest = 30_000;

/**
 * How long to wait before the attempt after `attempt` failed ones (from 1), in milliseconds: 0.5 s doubling to 30 s, of
 * which a random half is taken off so that many clients of one broker do not come back in step.
 * @param random a number from 0 up to 1
 */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  const ceiling = Math.min(longest, first * 2 ** Math.min(attempt - 1, 16));
  return Math.round(ceiling * (1 - random / 2));
}
