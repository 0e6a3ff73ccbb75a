import type { Message } from '../message/message.ts';
import { parse } from './parser.ts';
import type { Predicate } from './predicate.ts';
import { Subject, type FilterContext } from './subject.ts';
import { SyntaxProblem, type FilterProblem } from './syntaxProblem.ts';
import { TookTooLong, watched } from '../watched.ts';

export type { FilterContext } from './subject.ts';
export type { FilterProblem } from './syntaxProblem.ts';

/** So many messages may take too long, 0.1 s each, before a filter is given up. */
const mostSlow = 3;

/** Which messages are wanted; the language is described in `docs/filter.md`. */
export class Filter {
  readonly #predicate: Predicate;
  readonly #isWatched: boolean;
  #slow = 0;

  constructor(predicate: Predicate, isWatched: boolean) {
    this.#predicate = predicate;
    this.#isWatched = isWatched;
  }

  /** A sentence when the filter has been given up: it took too long, and no message matches any more. */
  get problem(): string | undefined {
    if (this.#slow < mostSlow) return undefined;
    return 'The regular expression takes too long. Say it with fewer repetitions (*, +, {…}) within and after one another.';
  }

  /** How many messages took so long that they count as not matching. */
  get slowCount(): number {
    return this.#slow;
  }

  /** Never throws, whatever the message. */
  matches(message: Message, context: FilterContext = {}): boolean {
    return this.matchEach([message], context)[0] ?? false;
  }

  /** The same for several messages, which is faster than one by one. */
  matchEach(messages: readonly Message[], context: FilterContext = {}): boolean[] {
    const found: boolean[] = [];
    const goOn = (): void => {
      while (found.length < messages.length) {
        found.push(this.#predicate.test(new Subject(messages[found.length] as Message, context)));
      }
    };
    while (found.length < messages.length && this.problem === undefined) {
      const before = found.length;
      try {
        if (this.#isWatched) watched(goOn);
        else goOn();
      } catch (error) {
        if (!(error instanceof TookTooLong)) throw error;
        if (found.length > before) continue;
        this.#slow++;
        found.push(false);
      }
    }
    while (found.length < messages.length) found.push(false);
    return found;
  }
}

/** The filter that a text describes, or what is wrong with the text. An empty text is a filter that all messages match. */
export function parseFilter(text: string): Filter | FilterProblem {
  try {
    const { predicate, isWatched } = parse(text);
    return new Filter(predicate, isWatched);
  } catch (error) {
    if (error instanceof SyntaxProblem) return { at: error.at, message: error.message };
    throw error;
  }
}
