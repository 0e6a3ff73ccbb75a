import * as vscode from 'vscode';
import type { PublishOutcome } from '../../broker/publish/publisher.ts';
import { formatInteger } from '../../common/format.ts';
import { plainLabel } from '../plainLabel.ts';
import type { Action, ErrorPresenter } from '../presentError.ts';
import type { BatchResult } from './batch.ts';
import { resultText } from './resultText.ts';
import { describePublishTarget } from './target.ts';

/** What the buttons of a report do. */
export interface ReportActions {
  declareAndPublish(): Promise<void>;
  publishAgain(): Promise<void>;
}

/** Tells which of the four results it was. Success is quiet; the others say what happened and offer what helps. */
export function reportResult(
  connection: string,
  result: BatchResult,
  actions: ReportActions,
  errors: ErrorPresenter,
): void {
  const { outcomes } = result;
  const { count, target } = result.batch;
  const routed = outcomes.filter(({ kind }) => kind === 'routed').length;
  if (routed === count) {
    const what = count === 1 ? result.batch.label : `${formatInteger(count)} messages`;
    vscode.window.setStatusBarMessage(
      `$(check) Published ${plainLabel(what)} to ${plainLabel(describePublishTarget(target))}: confirmed and routed`,
      5000,
    );
    return;
  }
  const has = (kind: PublishOutcome['kind']): boolean => outcomes.some((outcome) => outcome.kind === kind);
  const buttons: Action[] = [];
  if (has('unroutable') && target.exchange === '') {
    buttons.push({ title: 'Declare Queue and Publish', run: () => actions.declareAndPublish() });
  }
  if (has('unknown') || has('refused') || outcomes.length < count)
    buttons.push({ title: 'Publish Again', run: () => actions.publishAgain() });
  const show = has('refused') ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  errors.offer(show, `${connection}: ${resultText(result)}`, buttons);
}
