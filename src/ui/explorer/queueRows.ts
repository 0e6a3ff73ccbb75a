import type { QueueEntry } from '../../broker/queueList.ts';
import type { Session } from '../../broker/session.ts';
import { SortedNames } from '../picks/sortedNames.ts';

/** How many queues a connection shows at first, and how many more at each request. */
const pageSize = 500;
/** As many as a tall window has room for: the first drawing does not wait for the rest of its page. */
const firstRows = 100;

/** Which of a session's queues the tree shows: filtered by name, sorted, and a page at a time. */
export class QueueRows {
  readonly session: Session;
  #filter = '';
  #limit = firstRows;
  readonly #sorted: SortedNames;

  constructor(session: Session) {
    this.session = session;
    this.#sorted = new SortedNames(session);
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
    return this.#sorted.read().length > firstRows;
  }

  /** What to show now, with how many match and how many there are. */
  read(): { shown: QueueEntry[]; matching: number; total: number } {
    const names = this.#sorted.read();
    const wanted = this.#filter.toLowerCase();
    const matching = wanted === '' ? names : names.filter((name) => name.toLowerCase().includes(wanted));
    const shown: QueueEntry[] = [];
    for (const name of matching.slice(0, this.#limit)) {
      const entry = this.session.queues.get(name);
      if (entry) shown.push(entry);
    }
    return { shown, matching: matching.length, total: names.length };
  }
}
