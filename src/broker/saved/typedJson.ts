/**
 * A header table in JSON: what JSON says plainly is plain, and whatever else is `{ "!": type, … }`. docs/saved-messages.md is
 * its specification.
 */
export type TypedJson =
  string | number | boolean | null | readonly TypedJson[] | { readonly [name: string]: TypedJson };

/** Far more than anyone means; without a limit depth would exhaust the stack. */
export const deepest = 500;

/** Whole numbers: their names, the tags of their types, bytes, and whether they have a sign. The plain one is int32. */
export const integers = [
  { name: 'int8', tag: 'b', bytes: 1, isSigned: true },
  { name: 'uint8', tag: 'B', bytes: 1, isSigned: false },
  { name: 'int16', tag: 's', bytes: 2, isSigned: true },
  { name: 'uint16', tag: 'u', bytes: 2, isSigned: false },
  { name: 'int32', tag: 'I', bytes: 4, isSigned: true },
  { name: 'uint32', tag: 'i', bytes: 4, isSigned: false },
  { name: 'int64', tag: 'l', bytes: 8, isSigned: true },
  // RabbitMQ reads it as a second int64, and old clients write it.
  { name: 'long', tag: 'L', bytes: 8, isSigned: true },
  { name: 'timestamp', tag: 'T', bytes: 8, isSigned: false },
] as const;

export type IntegerType = (typeof integers)[number];

/**
 * Whether a table with these names can be a plain object: `!` would be taken for a type, a number or `__proto__` would be put
 * elsewhere by what reads it, and no name may be there twice.
 */
export function arePlainNames(names: readonly string[]): boolean {
  return new Set(names).size === names.length && names.every((name) => !/^(?:\d|!$|__proto__$)/.test(name));
}
