import type { Draft } from '../../broker/publish/draft.ts';
import type { PublishOutcome } from '../../broker/publish/publisher.ts';
import { toAppError, type AppError } from '../../common/errors.ts';
import type { PublishTarget } from './target.ts';

/** Messages to be published together. */
export interface Batch {
  readonly count: number;
  /** What they are, for progress: `2 selections`, `order.json`. */
  readonly label: string;
  readonly target: PublishTarget;
  /** The messages from the n-th on, 0 being the first. */
  drafts(from: number): AsyncIterable<Draft>;
}

/** What became of a batch. */
export interface BatchResult {
  readonly batch: Batch;
  /** One per message that was sent, in their order. */
  readonly outcomes: readonly PublishOutcome[];
  /** Why the rest was not sent, where something went wrong on this side. */
  readonly error: AppError | undefined;
}

/** Publishes drafts in order and calls `onOutcome` for each that was sent. */
export type SendDrafts = (
  drafts: AsyncIterable<Draft>,
  onOutcome: (index: number, outcome: PublishOutcome) => void,
) => Promise<void>;

/** A batch on its way; keeps the messages that are not published, so that they can be sent again. */
export class BatchRun {
  readonly #batch: Batch;
  readonly #outcomes: PublishOutcome[] = [];
  /** By their place in the batch. */
  readonly #unpublished = new Map<number, Draft>();

  constructor(batch: Batch) {
    this.#batch = batch;
  }

  /** @throws AppError only when nothing was sent */
  async send(send: SendDrafts): Promise<BatchResult> {
    let error: AppError | undefined;
    try {
      await send(this.#remembered(), (index, outcome) => {
        this.#outcomes[index] = outcome;
        if (outcome.kind === 'routed') this.#unpublished.delete(index);
      });
    } catch (thrown) {
      error = toAppError(thrown);
      if (this.#outcomes.length === 0) throw error;
    }
    return { batch: this.#batch, outcomes: this.#outcomes, error };
  }

  /** All that was not published, for another target if one is given; what was sent before keeps its message-id. */
  rest(target: PublishTarget = this.#batch.target): Batch {
    const batch = this.#batch;
    const sent = this.#outcomes.length;
    const again = [...this.#unpublished].filter(([index]) => index < sent).map(([, draft]) => draft);
    return {
      count: again.length + batch.count - sent,
      label: batch.label,
      target,
      async *drafts(from) {
        for (const draft of again.slice(from)) yield { ...draft, ...target };
        const unsent = batch.drafts(sent + Math.max(0, from - again.length));
        for await (const draft of unsent) yield { ...draft, ...target };
      },
    };
  }

  async *#remembered(): AsyncGenerator<Draft> {
    let index = 0;
    for await (const draft of this.#batch.drafts(0)) {
      this.#unpublished.set(index++, draft);
      yield draft;
    }
  }
}
