/** The middle value; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  if (upper === undefined) throw new Error('There is nothing to take a median of.');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/**
 * Runs variants in turn, round after round (a, b, a, b, …), so that what the machine does meanwhile hits all alike. Each
 * round begins with the next variant: none always has the first place.
 * @returns each variant's figures, one a round
 */
export async function interleave<T extends Readonly<Record<string, unknown>>>(
  rounds: number,
  variants: { readonly [K in keyof T]: (round: number) => Promise<T[K]> },
  before: (round: number) => Promise<void> = async () => {},
): Promise<{ [K in keyof T]: T[K][] }> {
  const names: (keyof T)[] = Object.keys(variants);
  const figures = Object.fromEntries(names.map((name) => [name, []])) as unknown as { [K in keyof T]: T[K][] };
  for (let round = 0; round < rounds; round++) {
    await before(round);
    for (let i = 0; i < names.length; i++) {
      const name = names[(round + i) % names.length];
      if (name !== undefined) figures[name].push(await variants[name](round));
    }
  }
  return figures;
}
