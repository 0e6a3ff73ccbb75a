import { appendFileSync } from 'node:fs';
import { readLines } from '../../broker/batch/items/lines.ts';
import type { Fate, Ledger } from '../../broker/batch/ledger.ts';
import type { Draft } from '../../broker/publish/draft.ts';
import type { PublishOutcome } from '../../broker/publish/outcome.ts';
import { saveDraft } from '../../broker/saved/saved.ts';

/** Keeps the messages of a batch that were not published, as they were sent: a line each, with their places in the batch. */
export class FailedFile {
  readonly #path: string;
  #lines = '';
  #flushing: NodeJS.Immediate | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  add(draft: Draft, outcome: PublishOutcome, index: number): void {
    // It may be in a queue: going on with the batch is what sends it again.
    if (outcome.kind === 'unknown') return;
    const saved = saveDraft(draft, Date.now());
    if ('line' in saved) this.#lines += `${index} ${saved.line}\n`;
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
    }
  }
}

/** Those of them that were not published since, each once, as lines that can be published again. @throws AppError `fileUnreadable` */
export async function* stillFailed(path: string, ledger: Ledger): AsyncGenerator<string> {
  const seen = new Set<number>();
  for await (const { bytes } of readLines(path)) {
    const [, place, line] = /^(\d+) (.*)$/s.exec(bytes.toString('utf8')) ?? [];
    const index = Number(place);
    if (line === undefined || seen.has(index) || !isFailed(ledger.fateOf(index))) continue;
    seen.add(index);
    yield `${line}\n`;
  }
}

/** Whether it is known that no queue has it. */
function isFailed(fate: Fate): boolean {
  return fate === 'unroutable' || fate === 'refused';
}
