import * as vscode from 'vscode';
import type { Session } from '../../broker/session.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import { fullId } from '../commands/ids.ts';
import { offersFor } from '../commands/offers.ts';
import type { Connections } from '../connections/connections.ts';
import { setContextKey } from '../contextKeys.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { offered } from '../remedies.ts';
import { connected } from '../picks/targets.ts';
import { BatchRun, type Batch, type BatchResult } from './batch.ts';
import { reportResult } from './report.ts';
import { describePublishTarget, type RecentTargets } from './target.ts';

export interface PublishingParts {
  readonly connections: Connections;
  readonly recent: RecentTargets;
  readonly errors: ErrorPresenter;
  /** Something of Warren's has changed what is in a queue. */
  readonly touched: (session: Session, queue: string) => void;
}

/** Publishes what was chosen, and tells what became of it. It never declares a queue unless the person chooses to. */
export class Publishing {
  readonly #parts: PublishingParts;

  constructor(parts: PublishingParts) {
    this.#parts = parts;
  }

  /** @throws AppError `notConnected` for a connection that is there no more, or why nothing was sent */
  async publish(profileId: string, batch: Batch): Promise<void> {
    const { connections, recent, errors, touched } = this.#parts;
    // By its id: the connection may have been edited or deleted since.
    const session = connections.get(profileId);
    if (!session) throw new AppError('notConnected', {});
    try {
      await connected(session);
    } catch (error) {
      const failure = toAppError(error);
      const offers = { ...offersFor({ session }), Retry: () => this.publish(profileId, batch) };
      errors.present(failure, `${session.profile.name}: Not published`, offered(failure, offers));
      return;
    }
    const { target } = batch;
    const run = new BatchRun(batch);
    const result = await send(session, batch, run);
    const actions = {
      declareAndPublish: () => this.#declareAndPublish(profileId, batch, run),
      publishAgain: () => this.publish(profileId, run.rest()),
    };
    reportResult(session.profile.name, result, actions, errors);
    const isRouted = result.outcomes.some(({ kind }) => kind === 'routed');
    if (isRouted) setContextKey('warren.hasPublished', true);
    // A name that was mistyped is not to be proposed first ever after.
    if (isRouted || !isTargetMissing(result)) await recent.add(session, target);
    if (target.exchange !== '') return;
    if (isRouted) session.queues.addKnown(target.routingKey);
    touched(session, target.routingKey);
  }

  async #declareAndPublish(profileId: string, batch: Batch, run: BatchRun): Promise<void> {
    const argument = { session: this.#parts.connections.get(profileId), name: batch.target.routingKey };
    const declared = await vscode.commands.executeCommand(fullId('declareQueue'), argument);
    if (typeof declared !== 'string') return;
    await this.publish(profileId, run.rest({ exchange: '', routingKey: declared }));
  }
}

/** Nothing by this name is there: the default exchange returned it, or the exchange does not exist. */
function isTargetMissing({ batch, outcomes }: BatchResult): boolean {
  return outcomes.some(
    (outcome) =>
      (outcome.kind === 'unroutable' && batch.target.exchange === '') ||
      ('error' in outcome && outcome.error.is('exchangeNotFound')),
  );
}

/** Publishes in order, with progress and cancel when it takes long. @throws AppError only when nothing was sent */
async function send(session: Session, batch: Batch, run: BatchRun): Promise<BatchResult> {
  const title = `Publishing ${batch.label} to ${describePublishTarget(batch.target)}`;
  return withProgressWhenSlow(title, (signal, report) => {
    let done = 0;
    const percent = (): number => (done / batch.count) * 100;
    const sayBlocked = (): void => {
      const { state } = session;
      if (state.kind === 'blocked') report(`waiting, the broker blocks publishing (${state.reason})`, percent());
    };
    const subscription = session.onDidChange(sayBlocked);
    sayBlocked();
    const sending = run.send((drafts, onOutcome) =>
      session.publisher.publishMany(drafts, {
        signal,
        onOutcome: (index, outcome) => {
          onOutcome(index, outcome);
          done++;
          report(`${formatInteger(done)} of ${formatInteger(batch.count)}`, percent());
        },
      }),
    );
    return sending.finally(() => subscription.dispose());
  });
}
