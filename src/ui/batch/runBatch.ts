import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { BatchRun, type BatchEnd } from '../../broker/batch/batchRun.ts';
import type { Journal } from '../../broker/batch/journal.ts';
import type { Ledger } from '../../broker/batch/ledger.ts';
import { AtomicFile } from '../../broker/files/atomicFile.ts';
import type { Session } from '../../broker/session.ts';
import { systemClock } from '../../common/clock.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { counted } from '../../common/format.ts';
import type { Connections } from '../connections/connections.ts';
import { errorText } from '../errorText.ts';
import { plainLabel } from '../plainLabel.ts';
import type { Action, ErrorPresenter } from '../presentError.ts';
import { fileNameOf, pickNewFile } from '../saving/places.ts';
import { connected } from '../picks/targets.ts';
import type { BatchFolder } from './batchFolder.ts';
import type { BatchPlan } from './batchPlan.ts';
import type { RunningBatches } from './batchProgress.ts';
import { openBatch, type BatchContext } from './batchSource.ts';
import { endText } from './batchWords.ts';
import { FailedFile, stillFailed } from './failedFile.ts';
import type { LedgerDocuments } from './ledgerDocuments.ts';

export interface BatchParts {
  readonly connections: Connections;
  readonly errors: ErrorPresenter;
  readonly folder: BatchFolder;
  readonly running: RunningBatches;
  readonly ledgers: LedgerDocuments;
  /** Something of Warren's has changed what is in a queue. */
  readonly touched: (session: Session, queue: string) => void;
  /** What a batch of this session needs beside its plan; `answers` are asked for. Undefined: the person gave up. */
  readonly contextOf: (session: Session, plan: Omit<BatchPlan, 'count'>) => Promise<BatchContext | undefined>;
}

/** Publishes a batch from its beginning, and tells what became of it. @throws AppError why nothing could be sent */
export async function startBatch(parts: BatchParts, plan: BatchPlan, context: BatchContext): Promise<void> {
  const id = randomUUID();
  await run(parts, { id, plan, context, open: () => parts.folder.create(id, plan), resendUnknown: false });
}

/**
 * Goes on with a batch; whether those are sent again of which nothing is known is asked for.
 * @throws AppError why nothing could be sent
 */
export async function resumeBatch(parts: BatchParts, id: string, plan: BatchPlan, ledger: Ledger): Promise<void> {
  const resendUnknown = await askUnknown(plan, ledger.count('unknown'));
  if (resendUnknown === undefined) return;
  const session = sessionFor(parts, plan);
  await connected(session);
  const context = await parts.contextOf(session, plan);
  if (!context) return;
  await run(parts, { id, plan, context, open: () => parts.folder.resume(id), resendUnknown });
}

interface Started {
  readonly id: string;
  readonly plan: BatchPlan;
  readonly context: BatchContext;
  /** Opens its journal, once nobody else may. */
  readonly open: () => Journal;
  readonly resendUnknown: boolean;
}

async function run(parts: BatchParts, { id, plan, context, open, resendUnknown }: Started): Promise<void> {
  const { folder, running } = parts;
  await folder.lock(id);
  const failed = new FailedFile(folder.failedPath(id));
  try {
    const session = await connected(sessionFor(parts, plan));
    const source = await openBatch(plan, context);
    const journal = open();
    const batch = new BatchRun(session.publisher, source, journal, {
      clock: systemClock,
      resendUnknown,
      ...(plan.perSecond !== undefined && { perSecond: plan.perSecond }),
      onFailed: (draft, outcome, index) => failed.add(draft, outcome, index),
    });
    const end = await running.show(id, plan, session, batch);
    failed.close();
    if (plan.to?.exchange === '') parts.touched(session, plan.to.routingKey);
    await folder.unlock(id);
    await report(parts, id, plan, journal.ledger, end);
  } finally {
    failed.close();
    await folder.unlock(id);
  }
}

/** Success is quiet; anything else says what happened, and offers what helps. */
async function report(
  parts: BatchParts,
  id: string,
  plan: BatchPlan,
  ledger: Ledger,
  { isComplete, error }: BatchEnd,
): Promise<void> {
  const { errors, folder, ledgers } = parts;
  if (isComplete && ledger.count('routed') === plan.count) {
    await folder.remove(id);
    const text = `$(check) Published ${counted(plan.count, 'message')} of ${plainLabel(plan.label)}: confirmed and routed`;
    vscode.window.setStatusBarMessage(text, 8_000);
    return;
  }
  const actions: Action[] = [{ title: 'Show Ledger', run: () => ledgers.show(id, plan, ledger) }];
  if (!isComplete || ledger.count('unknown') > 0) {
    actions.unshift({ title: 'Resume', run: () => resumeBatch(parts, id, plan, ledger) });
  }
  if (folder.hasFailed(id, ledger))
    actions.push({ title: 'Save Failed…', run: () => saveFailed(parts, id, plan, ledger) });
  const why = error && !error.is('cancelled') ? ` ${errorText(error)}` : '';
  const show = error ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  errors.offer(show, `${plan.connection}: ${endText(plan, ledger)}${why}`, actions);
}

/** Saves the messages that the broker returned or refused as a file that can be published as a batch. @throws AppError `fileUnwritable` */
export async function saveFailed(
  { folder }: BatchParts,
  id: string,
  { label }: BatchPlan,
  ledger: Ledger,
): Promise<void> {
  const path = await pickNewFile(`${fileNameOf(label)}.failed`, 'jsonl', 'Saved messages');
  if (path === undefined) return;
  let left = ledger.count('unroutable') + ledger.count('refused');
  const file = await AtomicFile.create(path);
  try {
    for await (const line of stillFailed(folder.failedPath(id), ledger)) {
      await file.write(line);
      left--;
    }
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
  if (left > 0)
    void vscode.window.showWarningMessage(
      `${counted(left, 'message')} could not be kept as they were, and are left out.`,
    );
}

/** Undefined: the person thought better of it. */
async function askUnknown(plan: BatchPlan, unknown: number): Promise<boolean | undefined> {
  if (unknown === 0) return false;
  const again = 'Send Again';
  const leaveOut = 'Leave Out';
  const chosen = await vscode.window.showWarningMessage(
    `${counted(unknown, 'message')} of ${plan.label} may or may not be there.`,
    {
      modal: true,
      detail:
        'The broker had not confirmed them when the batch was interrupted. Sent again, they may be there twice, with the same content; left out, they may be missing. What was confirmed is not sent again.',
    },
    again,
    leaveOut,
  );
  return chosen === undefined ? undefined : chosen === again;
}

function sessionFor({ connections }: BatchParts, { profileId, connection }: BatchPlan): Session {
  const session = connections.get(profileId);
  if (session) return session;
  const reason = `begun on connection ${connection}, which is not there any more`;
  throw toAppError(new AppError('invalidInput', { field: 'batch', reason: `was ${reason}` }));
}
