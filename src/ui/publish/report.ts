import * as vscode from 'vscode';
import type { PublishOutcome } from '../../broker/publish/publisher.ts';
import type { Session } from '../../broker/session.ts';
import { formatInteger } from '../../common/format.ts';
import { errorText } from '../errorText.ts';
import type { Action, ErrorPresenter } from '../presentError.ts';
import { describePublishTarget, type PublishTarget } from './target.ts';

/** What a publish came to: an outcome per message that was sent, and how many were to be sent. */
export interface PublishResult {
  readonly session: Session;
  readonly target: PublishTarget;
  readonly outcomes: readonly PublishOutcome[];
  readonly count: number;
}

/** What the buttons of a report do. */
export interface ReportActions {
  declareAndPublish(): Promise<void>;
  publishAgain(): Promise<void>;
}

/** Tells which of the four results it was. Success is quiet; the others say what happened and offer what helps. */
export function reportResult(result: PublishResult, actions: ReportActions, errors: ErrorPresenter): void {
  const { outcomes, count, target } = result;
  const routed = outcomes.filter(({ kind }) => kind === 'routed').length;
  if (routed === count) {
    const what = count === 1 ? 'Published' : `Published ${formatInteger(count)} messages`;
    vscode.window.setStatusBarMessage(
      `$(check) ${what} to ${describePublishTarget(target)}: confirmed and routed`,
      5000,
    );
    return;
  }
  const has = (kind: PublishOutcome['kind']): boolean => outcomes.some((outcome) => outcome.kind === kind);
  const buttons: Action[] = [];
  if (has('unroutable') && target.exchange === '') {
    buttons.push({ title: 'Declare Queue and Publish', run: () => actions.declareAndPublish() });
  }
  if (has('unknown') || has('refused')) buttons.push({ title: 'Publish Again', run: () => actions.publishAgain() });
  const show = has('refused') ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  errors.offer(show, resultText(result, routed), buttons);
}

function resultText({ session, target, outcomes, count }: PublishResult, routed: number): string {
  const name = session.profile.name;
  const [only] = outcomes;
  if (count === 1 && only) return `${name}: ${outcomeText(only, target)}`;
  const parts = [`${formatInteger(routed)} of ${formatInteger(count)} published to ${describePublishTarget(target)}`];
  const say = (kind: PublishOutcome['kind'], words: string): void => {
    const number = outcomes.filter((outcome) => outcome.kind === kind).length;
    if (number > 0) parts.push(`${formatInteger(number)} ${words}`);
  };
  say('unroutable', 'returned: no queue would get them');
  say('refused', 'refused by the broker');
  say('unknown', 'unknown: not confirmed, may or may not be there');
  if (outcomes.length < count) parts.push(`${formatInteger(count - outcomes.length)} not sent`);
  return `${name}: ${parts.join('; ')}.`;
}

/** One message's outcome as a sentence. */
export function outcomeText(outcome: PublishOutcome, target: PublishTarget): string {
  const { exchange, routingKey } = target;
  switch (outcome.kind) {
    case 'routed':
      return `Published to ${describePublishTarget(target)}: confirmed and routed.`;
    case 'unroutable':
      return exchange === ''
        ? `Not published: queue ${routingKey} does not exist, so the broker returned the message.`
        : `Not published: no queue is bound to exchange ${exchange} for routing key "${routingKey}", so the broker returned the message.`;
    case 'refused':
      return `Not published: ${errorText(outcome.error)}`;
    case 'unknown':
      return `Unknown whether it was published: no confirm came. ${errorText(outcome.error)} Publishing again may make a duplicate.`;
  }
}
