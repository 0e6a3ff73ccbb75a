import type { Draft } from '../../broker/publish/draft.ts';
import type { PublishOutcome } from '../../broker/publish/publisher.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError, type AppError } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { drafts, type PublishSource } from './sources.ts';
import { describePublishTarget, type PublishTarget } from './target.ts';

/** Messages to be published together. */
export interface Batch {
  readonly count: number;
  readonly label: string;
  readonly target: PublishTarget;
  /** The messages from the n-th on, 0 being the first. */
  drafts(from: number): AsyncGenerator<Draft>;
}

/** What became of a batch. */
export interface BatchResult {
  readonly batch: Batch;
  /** One per message that was sent, in their order. */
  readonly outcomes: readonly PublishOutcome[];
  /** Why the rest was not sent, where something went wrong on this side. */
  readonly error: AppError | undefined;
  /** All that was not published, for another target if one is given; what was sent before keeps its message-id. */
  rest(target?: PublishTarget): Batch;
}

/** The messages of a source, for a target. */
export function batchOf(source: PublishSource, target: PublishTarget): Batch {
  return { count: source.count, label: source.label, target, drafts: (from) => drafts(source, target, from) };
}

/**
 * Publishes in order, with progress and cancel when it takes long.
 * @throws AppError only when nothing was sent
 */
export async function publishBatch(session: Session, batch: Batch): Promise<BatchResult> {
  const outcomes: PublishOutcome[] = [];
  const unpublished = new Map<number, Draft>();
  let read = 0;
  let error: AppError | undefined;
  async function* remembered(): AsyncGenerator<Draft> {
    for await (const draft of batch.drafts(0)) {
      unpublished.set(read++, draft);
      yield draft;
    }
  }
  const title = `Publishing ${batch.label} to ${describePublishTarget(batch.target)}`;
  try {
    await withProgressWhenSlow(title, (signal, report) =>
      session.publisher.publishMany(remembered(), {
        signal,
        onOutcome: (index, outcome) => {
          outcomes[index] = outcome;
          if (outcome.kind === 'routed') unpublished.delete(index);
          const done = outcomes.length;
          report(`${formatInteger(done)} of ${formatInteger(batch.count)}`, (done / batch.count) * 100);
        },
      }),
    );
  } catch (thrown) {
    error = toAppError(thrown);
    if (outcomes.length === 0) throw error;
  }
  const sent = outcomes.length;
  return { batch, outcomes, error, rest };

  function rest(target: PublishTarget = batch.target): Batch {
    const again = [...unpublished].filter(([index]) => index < sent).map(([, draft]) => draft);
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
}
