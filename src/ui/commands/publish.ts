import * as vscode from 'vscode';
import type { Session } from '../../broker/session.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import type { Connections } from '../connections.ts';
import { setContextKey } from '../contextKeys.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { BatchRun, type Batch, type BatchResult } from '../publish/batch.ts';
import { pickTarget } from '../publish/pickTarget.ts';
import { reportResult } from '../publish/report.ts';
import { activeEditorSource, batchOf, filesSource, typedSource, type PublishSource } from '../publish/sources.ts';
import { describePublishTarget, type PublishTarget, type RecentTargets } from '../publish/target.ts';
import { offered } from '../remedies.ts';
import { chooseSession, connected, queueNameOf } from '../targets.ts';
import { fullId } from './ids.ts';
import { offersFor } from './offers.ts';
import type { CommandHandlers } from './registry.ts';

type PublishCommands = Pick<CommandHandlers, 'publishMessage' | 'publishFiles' | 'publishAgain'>;

/** What *Publish Again* repeats. */
interface LastPublish {
  readonly profileId: string;
  readonly target: PublishTarget;
  /** Reads anew: the current text, the files as they are now. */
  source(): PublishSource;
}

export interface PublishCommandsParts {
  readonly connections: Connections;
  readonly recent: RecentTargets;
  readonly errors: ErrorPresenter;
  /** Something of Warren's has changed what is in a queue. */
  readonly touched: (session: Session, queue: string) => void;
}

/** Commands that publish. They never declare a queue unless the person chooses to. */
export function publishCommands({ connections, recent, errors, touched }: PublishCommandsParts): PublishCommands {
  let last: LastPublish | undefined;

  /** @param source read before anything is asked: a question takes the focus from the editor, and time passes */
  async function publishTo(
    argument: unknown,
    title: string,
    source: PublishSource,
    again: () => PublishSource,
  ): Promise<void> {
    const session = await chooseSession(connections, argument, title);
    if (!session) return;
    const queue = queueNameOf(argument);
    const target =
      queue === undefined
        ? await pickTarget(session, source.label, recent.of(session))
        : { exchange: '', routingKey: queue };
    if (!target) return;
    last = { profileId: session.profile.id, target, source: again };
    setContextKey('warren.canPublishAgain', true);
    await publish(session.profile.id, batchOf(source, target));
  }

  async function publish(profileId: string, batch: Batch): Promise<void> {
    // By its id: the connection may have been edited or deleted since.
    const session = connections.get(profileId);
    if (!session) throw new AppError('notConnected', {});
    try {
      await connected(session);
    } catch (error) {
      const failure = toAppError(error);
      const offers = { ...offersFor({ session }), Retry: () => publish(profileId, batch) };
      errors.present(failure, `${session.profile.name}: Not published`, offered(failure, offers));
      return;
    }
    const { target } = batch;
    const run = new BatchRun(batch);
    const result = await send(session, batch, run);
    const actions = {
      declareAndPublish: () => declareAndPublish(profileId, batch, run),
      publishAgain: () => publish(profileId, run.rest()),
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

  async function declareAndPublish(profileId: string, batch: Batch, run: BatchRun): Promise<void> {
    const argument = { session: connections.get(profileId), name: batch.target.routingKey };
    const declared = await vscode.commands.executeCommand(fullId('declareQueue'), argument);
    if (typeof declared !== 'string') return;
    await publish(profileId, run.rest({ exchange: '', routingKey: declared }));
  }

  return {
    publishMessage: async (argument) => {
      const source = activeEditorSource() ?? (await askText());
      if (source) await publishTo(argument, 'Publish Message', source, () => activeEditorSource() ?? source);
    },
    publishFiles: async (clicked, selected) => {
      const uris = await filesToPublish(clicked, selected);
      if (uris.length === 0) return;
      const source = filesSource(uris);
      await publishTo(undefined, 'Publish Files', source, () => source);
    },
    publishAgain: async () => {
      if (!last) throw new AppError('nothingPublished', {});
      await publish(last.profileId, batchOf(last.source(), last.target));
    },
  };
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

/** Without an editor the text is typed in. */
async function askText(): Promise<PublishSource | undefined> {
  const text = await vscode.window.showInputBox({
    title: 'Publish Message',
    prompt: 'There is no text to publish in an editor: type the message. It may be empty.',
    ignoreFocusOut: true,
  });
  return text === undefined ? undefined : typedSource(text);
}

/** From the explorer: the file clicked, and all that are selected with it; from the palette the files are asked for. */
async function filesToPublish(clicked: unknown, selected: unknown): Promise<readonly vscode.Uri[]> {
  if (Array.isArray(selected) && selected.length > 0) return selected.filter((uri) => uri instanceof vscode.Uri);
  if (clicked instanceof vscode.Uri) return [clicked];
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: 'Publish',
    title: 'Publish Files as Messages',
  });
  return chosen ?? [];
}
