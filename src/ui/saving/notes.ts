import type { Publishable } from '../../broker/saved/saved.ts';
import { counted } from '../../common/format.ts';
import { problemsText, type Problem } from './problems.ts';

/** What is to be known of messages before they are published, gathered from each. */
export class PublishNotes {
  readonly problems: Problem[] = [];
  /** Those that can be published. */
  count = 0;
  #stripped = 0;
  #carbonCopied = 0;

  add(what: string, result: Publishable | { readonly problem: string }): void {
    if ('problem' in result) {
      this.problems.push({ what, why: result.problem });
      return;
    }
    this.count++;
    if (result.leftOut.length > 0) this.#stripped++;
    if (result.isCarbonCopied) this.#carbonCopied++;
  }

  /** Whether there is anything that somebody should agree to. */
  get isEmpty(): boolean {
    return this.text === '';
  }

  /** Sentences, each in a paragraph of its own. */
  get text(): string {
    const parts: string[] = [];
    const { length } = this.problems;
    if (length > 0)
      parts.push(`${counted(length, 'message')} cannot be published exactly:\n${problemsText(this.problems)}`);
    if (this.#stripped > 0) {
      parts.push(
        `x-delivery-count and x-stream-offset, which a queue adds, are left out of ${counted(this.#stripped, 'message')}.`,
      );
    }
    if (this.#carbonCopied > 0) {
      parts.push(
        `The broker also sends ${counted(this.#carbonCopied, 'message')} to the routing keys in the header CC.`,
      );
    }
    return parts.join('\n\n');
  }
}
