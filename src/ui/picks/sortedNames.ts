import type { QueueEntry } from '../../broker/queueList.ts';
import type { Session } from '../../broker/session.ts';

/** Made when names are first sorted: the first use of Intl in a process takes 5 to 8 ms, which activation must not pay. */
let collator: Intl.Collator | undefined;

/** A session's queues in the order in which the tree and every pick show them: as people count, whatever their case. */
export class SortedNames {
  readonly #queues: Pick<Session['queues'], 'entries' | 'get'>;
  /** Of all queues; sorting thousands of names at each refresh or key would be seen. */
  #names: readonly string[] = [];

  constructor({ queues }: { readonly queues: Pick<Session['queues'], 'entries' | 'get'> }) {
    this.#queues = queues;
  }

  read(): readonly string[] {
    const entries = this.#queues.entries();
    if (!this.#isSorted(entries)) this.#names = sorted(entries);
    return this.#names;
  }

  entries(): QueueEntry[] {
    return this.read().flatMap((name) => this.#queues.get(name) ?? []);
  }

  /** Whether the names are those that were sorted last. */
  #isSorted(entries: readonly QueueEntry[]): boolean {
    return entries.length === this.#names.length && this.#names.every((name) => this.#queues.get(name));
  }
}

function sorted(entries: readonly QueueEntry[]): string[] {
  collator ??= new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  return entries.map(({ name }) => name).toSorted(collator.compare);
}
