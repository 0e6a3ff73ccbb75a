import * as vscode from 'vscode';
import type { Draft } from '../../broker/publish/draft.ts';
import type { RequestResult } from '../../broker/publish/requester.ts';
import type { Session } from '../../broker/session.ts';
import { replyTimeoutMs } from '../config.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { resultText } from '../publish/resultText.ts';
import { describePublishTarget } from '../publish/target.ts';
import type { ReplyDocuments } from './replyDocuments.ts';

export interface AwaitReplyParts {
  readonly errors: ErrorPresenter;
  readonly replies: ReplyDocuments;
}

/**
 * Publishes a request, and opens its reply beside it; tells where none came.
 * @param again what tries it once more
 * @throws AppError as `Requester.request`
 */
export async function awaitReply(
  { errors, replies }: AwaitReplyParts,
  session: Session,
  draft: Draft,
  again: () => Promise<void>,
): Promise<RequestResult> {
  const to = describePublishTarget(draft);
  const timeoutMs = replyTimeoutMs();
  const result = await withProgressWhenSlow(`Waiting for a reply from ${to} on ${session.profile.name}`, (signal) =>
    session.requester.request(draft, { timeoutMs, signal }),
  );
  const tryAgain = { title: 'Publish Again', run: again };
  switch (result.kind) {
    case 'replied':
      await replies.show(result.reply, to, result.afterMs);
      break;
    case 'noReply': {
      const text = `${session.profile.name}: ${to} got the request, and no reply came within ${timeoutMs / 1000} s. Nobody may consume from it, or the reply was slower.`;
      errors.offer(vscode.window.showWarningMessage, text, [tryAgain]);
      break;
    }
    case 'notRouted': {
      const batch = { count: 1, label: 'the request', target: draft, drafts: nothing };
      const text = `${session.profile.name}: ${resultText({ batch, outcomes: [result.outcome], error: undefined })}`;
      errors.offer(vscode.window.showWarningMessage, text, [tryAgain]);
      break;
    }
  }
  return result;
}

async function* nothing(): AsyncGenerator<never> {}
