/** Tells whether a value that came from the other side is what was agreed on. */
export type Shape<T> = (value: unknown) => value is T;

/** What a shape lets through. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

export const boolean: Shape<boolean> = (value) => typeof value === 'boolean';

/** A whole number that is exact. */
export const integer: Shape<number> = (value): value is number => Number.isSafeInteger(value);

/** A text of so many UTF-16 units at the most. */
export function text(maxLength: number): Shape<string> {
  return (value): value is string => typeof value === 'string' && value.length <= maxLength;
}

export function oneOf<const T extends string>(...values: readonly T[]): Shape<T> {
  return (value): value is T => values.some((each) => each === value);
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value): value is T | undefined => value === undefined || shape(value);
}

export function list<T>(item: Shape<T>, maxLength: number): Shape<T[]> {
  return (value): value is T[] =>
    Array.isArray(value) && value.length <= maxLength && value.every((each) => item(each));
}

export function pair<A, B>(first: Shape<A>, second: Shape<B>): Shape<readonly [A, B]> {
  return (value): value is readonly [A, B] =>
    Array.isArray(value) && value.length === 2 && first(value[0]) && second(value[1]);
}

/** An object that has these fields; others are not looked at. */
export function object<F extends Readonly<Record<string, Shape<unknown>>>>(
  fields: F,
): Shape<{ readonly [K in keyof F]: Shaped<F[K]> }> {
  const entries = Object.entries(fields);
  return (value): value is { readonly [K in keyof F]: Shaped<F[K]> } =>
    isObject(value) && entries.every(([name, shape]) => shape(value[name]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
