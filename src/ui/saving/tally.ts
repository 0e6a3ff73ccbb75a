import type { PublishOutcome } from '../../broker/publish/publisher.ts';
import type { AppError } from '../../common/errors.ts';

/** What became of many messages, counted. */
export class Tally {
  readonly count: number;
  readonly #counts = new Map<PublishOutcome['kind'], number>();
  readonly of = (kind: PublishOutcome['kind']): number => this.#counts.get(kind) ?? 0;
  /** Of the only message, where there is one. */
  only: PublishOutcome | undefined;
  /** What went wrong first. */
  error: AppError | undefined;

  constructor(count: number) {
    this.count = count;
  }

  add(outcome: PublishOutcome): void {
    this.#counts.set(outcome.kind, this.of(outcome.kind) + 1);
    if (this.count === 1) this.only = outcome;
    if ('error' in outcome) this.error ??= outcome.error;
  }

  get sent(): number {
    return [...this.#counts.values()].reduce((sum, each) => sum + each, 0);
  }

  /** Those that are not known to be in a queue. */
  get failed(): number {
    return this.sent - this.of('routed');
  }
}
