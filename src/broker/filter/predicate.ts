import type { Subject } from './subject.ts';

/** What a test reads, cheapest first; of several tests the cheap ones are tried first. */
export const cost = { fields: 0, properties: 1, headers: 2, body: 3, json: 4 } as const;

/** A test of one message. */
export interface Predicate {
  readonly cost: number;
  test(subject: Subject): boolean;
}

/** True where each one is, of none too; the cheapest is tested first. */
export function all(predicates: readonly Predicate[]): Predicate {
  const [first, ...rest] = cheapestFirst(predicates);
  if (first && rest.length === 0) return first;
  const ordered = first ? [first, ...rest] : [];
  return { cost: costliest(ordered), test: (subject) => ordered.every((each) => each.test(subject)) };
}

/** True where one is, of none never; the cheapest is tested first. */
export function any(predicates: readonly Predicate[]): Predicate {
  const ordered = cheapestFirst(predicates);
  return { cost: costliest(ordered), test: (subject) => ordered.some((each) => each.test(subject)) };
}

export function not(predicate: Predicate): Predicate {
  return { cost: predicate.cost, test: (subject) => !predicate.test(subject) };
}

function cheapestFirst(predicates: readonly Predicate[]): Predicate[] {
  return predicates.toSorted((a, b) => a.cost - b.cost);
}

function costliest(predicates: readonly Predicate[]): number {
  return Math.max(0, ...predicates.map((each) => each.cost));
}
