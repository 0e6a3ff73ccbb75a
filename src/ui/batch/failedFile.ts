import { appendFileSync } from 'node:fs';
import type { Draft } from '../../broker/publish/draft.ts';
import type { PublishOutcome } from '../../broker/publish/outcome.ts';
import { saveDraft } from '../../broker/saved/saved.ts';

/** Keeps the messages of a batch that were not published, as they were sent, in a file that can be published again. */
export class FailedFile {
  readonly #path: string;
  #lines = '';
  #flushing: NodeJS.Immediate | undefined;
  /** How many could not be kept faithfully. */
  left = 0;

  constructor(path: string) {
    this.#path = path;
  }

  add(draft: Draft, outcome: PublishOutcome): void {
    // It may be in a queue: going on with the batch is what sends it again.
    if (outcome.kind === 'unknown') return;
    const saved = saveDraft(draft, Date.now());
    if ('problem' in saved) this.left++;
    else this.#lines += `${saved.line}\n`;
    this.#flushing ??= setImmediate(() => this.#flush());
  }

  /** Writes what waits to be written. */
  close(): void {
    clearImmediate(this.#flushing);
    this.#flush();
  }

  #flush(): void {
    this.#flushing = undefined;
    const lines = this.#lines;
    this.#lines = '';
    if (lines === '') return;
    try {
      appendFileSync(this.#path, lines);
    } catch {
      // The ledger still says which they are, and its own file fails with the disk.
      this.left += lines.split('\n').length - 1;
    }
  }
}
