import type { QueueEntry } from '../../broker/queueList.ts';
import type { Session } from '../../broker/session.ts';

/** How many queues a connection shows at first, and how many more at each request. */
const pageSize = 500;
/** As many as a tall window has room for: the first drawing does not wait for the rest of its page. */
const firstRows = 100;

/** Made when names are first sorted: the first use of Intl in a process takes 5 to 8 ms, which activation must not pay. */
let collator: Intl.Collator | undefined;

/** Which of a session's queues the tree shows: filtered by name, sorted, and a page at a time. */
export class QueueRows {
  readonly session: Session;
  #filter = '';
  #limit = firstRows;
  /** Sorted names of all queues; sorting thousands of names at each refresh would be seen. */
  #sorted: readonly string[] = [];

  constructor(session: Session) {
    this.session = session;
  }

  get filter(): string {
    return this.#filter;
  }

  set filter(text: string) {
    this.#filter = text;
    this.#limit = pageSize;
  }

  showMore(): void {
    this.#limit += pageSize;
  }

  /** Shows the whole first page from now on. @returns whether that is more than was shown */
  completePage(): boolean {
    if (this.#limit >= pageSize) return false;
    this.#limit = pageSize;
    return this.#sorted.length > firstRows;
  }

  /** What to show now, with how many match and how many there are. */
  read(): { shown: QueueEntry[]; matching: number; total: number } {
    const entries = this.session.queues.entries();
    if (!this.#isSorted(entries)) this.#sorted = sortedNames(entries);
    const wanted = this.#filter.toLowerCase();
    const matching = wanted === '' ? this.#sorted : this.#sorted.filter((name) => name.toLowerCase().includes(wanted));
    const shown: QueueEntry[] = [];
    for (const name of matching.slice(0, this.#limit)) {
      const entry = this.session.queues.get(name);
      if (entry) shown.push(entry);
    }
    return { shown, matching: matching.length, total: entries.length };
  }

  /** Whether the names are those that were sorted last. */
  #isSorted(entries: readonly QueueEntry[]): boolean {
    return entries.length === this.#sorted.length && this.#sorted.every((name) => this.session.queues.get(name));
  }
}

function sortedNames(entries: readonly QueueEntry[]): string[] {
  collator ??= new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  return entries.map(({ name }) => name).toSorted(collator.compare);
}
