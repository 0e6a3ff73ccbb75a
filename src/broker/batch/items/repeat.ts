import type { Item, ReadItems } from './item.ts';

/** The same piece so many times. */
export function repeated(item: Omit<Item, 'place' | 'values'>, times: number): ReadItems {
  return async function* () {
    for (let number = 1; number <= times; number++) yield { ...item, place: `message ${number}`, values: {} };
  };
}
