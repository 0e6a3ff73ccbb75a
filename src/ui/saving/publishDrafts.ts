import * as vscode from 'vscode';
import type { Draft } from '../../broker/publish/draft.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import { setContextKey } from '../contextKeys.ts';
import { plainLabel } from '../plainLabel.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { countsText, outcomeText } from '../publish/resultText.ts';
import { describePublishTarget, type PublishTarget } from '../publish/target.ts';
import { Tally } from './tally.ts';
import { plainText } from '../plainText.ts';

/** When so many were not published, the others would most likely not be either. */
const mostFailed = 1_000;

/** Messages to be published as they are. */
export interface ExactBatch {
  readonly count: number;
  /** What they are: `3 messages of orders`. */
  readonly label: string;
  /** Where all of them go; undefined where each goes to its own exchange and key. */
  readonly target: PublishTarget | undefined;
  /** Read once. */
  readonly drafts: Iterable<Draft> | AsyncIterable<Draft>;
}

/** Publishes in order with progress and cancel, and tells what became of them. @throws AppError when nothing was sent */
export async function publishDrafts(session: Session, batch: ExactBatch): Promise<void> {
  const { count, label, target } = batch;
  const tally = new Tally(count);
  const queues = new Set<string>();
  await withProgressWhenSlow(`Publishing ${label} to ${whereOf(target)}`, async (signal, report) => {
    const stop = new AbortController();
    try {
      await session.publisher.publishMany(noting(batch, queues), {
        signal: AbortSignal.any([signal, stop.signal]),
        onOutcome: (_index, outcome) => {
          tally.add(outcome);
          report(`${formatInteger(tally.sent)} of ${formatInteger(count)}`, (tally.sent / count) * 100);
          if (tally.failed >= mostFailed) stop.abort();
        },
      });
    } catch (thrown) {
      if (tally.sent === 0) throw thrown;
      tally.error = toAppError(thrown);
    }
  });
  for (const queue of queues) session.queues.addKnown(queue);
  tell(session, batch, tally);
}

/** Remembers a few of the queues that they go to. */
async function* noting({ drafts, target }: ExactBatch, queues: Set<string>): AsyncGenerator<Draft> {
  for await (const draft of drafts) {
    if (draft.exchange === '' && target && queues.size < 1) queues.add(draft.routingKey);
    yield draft;
  }
}

function tell({ profile }: Session, { count, label, target }: ExactBatch, tally: Tally): void {
  if (tally.of('routed') > 0) setContextKey('warren.hasPublished', true);
  if (tally.of('routed') === count) {
    const text = `$(check) Published ${plainLabel(label)} to ${plainLabel(whereOf(target))}: confirmed and routed`;
    vscode.window.setStatusBarMessage(text, 5_000);
    return;
  }
  const show = tally.of('refused') > 0 ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  const text = tally.only && target ? outcomeText(tally.only, target) : countsText(tally, whereOf(target));
  const stopped =
    tally.failed >= mostFailed ? ` Stopped after ${formatInteger(mostFailed)} that were not published.` : '';
  void show(plainText(`${profile.name}: ${text}${stopped}`));
}

export function whereOf(target: PublishTarget | undefined): string {
  return target ? describePublishTarget(target) : 'their own exchanges';
}
