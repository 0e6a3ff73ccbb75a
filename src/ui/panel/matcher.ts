import { Filter, parseFilter, type FilterContext } from '../../broker/filter/filter.ts';
import type { Message } from '../../broker/message/message.ts';

/** What a filter lets through of several messages. */
export interface Matcher {
  matchEach(messages: readonly Message[]): boolean[];
  /** Why it was given up; then it lets nothing through any more. */
  readonly problem: string | undefined;
}

/** What was typed into the filter box: undefined when everything goes through. */
export type ReadFilter = { readonly matcher: Matcher | undefined } | { readonly error: string };

/** Reads what was typed into the filter box. */
export function readFilter(text: string, context: FilterContext): ReadFilter {
  if (text.trim() === '') return { matcher: undefined };
  const filter = parseFilter(text);
  if (!(filter instanceof Filter)) return { error: filter.message };
  return {
    matcher: {
      matchEach: (messages) => filter.matchEach(messages, context),
      get problem() {
        return filter.problem;
      },
    },
  };
}
