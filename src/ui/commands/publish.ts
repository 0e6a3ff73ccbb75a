import * as vscode from 'vscode';
import type { PublishOutcome } from '../../broker/publish/publisher.ts';
import type { Session } from '../../broker/session.ts';
import { AppError } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import type { Connections } from '../connections.ts';
import { setContextKey } from '../contextKeys.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { pickTarget } from '../publish/pickTarget.ts';
import { reportResult } from '../publish/report.ts';
import { drafts, editorSource, filesSource, type PublishSource } from '../publish/sources.ts';
import { describePublishTarget, type PublishTarget, type RecentTargets } from '../publish/target.ts';
import { chooseSession, connected, queueNameOf } from '../targets.ts';
import { fullId } from './ids.ts';
import type { CommandHandlers } from './registry.ts';

type PublishCommands = Pick<CommandHandlers, 'publishMessage' | 'publishFiles' | 'publishAgain'>;

/** Where the last publish went and how to read its source again. */
interface LastPublish {
  readonly session: Session;
  readonly target: PublishTarget;
  source(): PublishSource;
}

/** Commands that publish. They never declare a queue unless the person chooses to. */
export function publishCommands(
  connections: Connections,
  recent: RecentTargets,
  errors: ErrorPresenter,
): PublishCommands {
  let last: LastPublish | undefined;

  async function publishTo(argument: unknown, title: string, source: () => PublishSource): Promise<void> {
    // Read before asking: the question takes the focus from the editor.
    source();
    const session = await chooseSession(connections, argument, title);
    if (!session) return;
    const queue = queueNameOf(argument);
    const target =
      queue === undefined ? await pickTarget(session, recent.of(session)) : { exchange: '', routingKey: queue };
    if (target) await publish({ session, target, source });
  }

  async function publish(request: LastPublish): Promise<void> {
    const { session, target } = request;
    last = request;
    setContextKey('warren.hasPublished', true);
    await connected(session);
    await recent.add(session, target);
    const source = request.source();
    const outcomes = await publishSource(session, target, source);
    reportResult(
      { session, target, outcomes, count: source.count },
      { declareAndPublish: () => declareAndPublish(request), publishAgain: () => publish(request) },
      errors,
    );
    if (target.exchange !== '') return;
    if (outcomes.some(({ kind }) => kind === 'routed')) session.queues.addKnown(target.routingKey);
    await session.queues.refresh([target.routingKey]);
  }

  async function declareAndPublish(request: LastPublish): Promise<void> {
    const argument = { session: request.session };
    const options = { name: request.target.routingKey };
    const declared = await vscode.commands.executeCommand(fullId('declareQueue'), argument, options);
    if (typeof declared !== 'string') return;
    await publish({ ...request, target: { exchange: '', routingKey: declared } });
  }

  return {
    publishMessage: (argument) => publishTo(argument, 'Publish Message', () => editorSource(activeEditor())),
    publishFiles: async (clicked, selected) => {
      const uris = await filesToPublish(clicked, selected);
      if (uris.length > 0) await publishTo(undefined, 'Publish Files', () => filesSource(uris));
    },
    publishAgain: async () => {
      if (!last) throw new AppError('nothingPublished', {});
      await publish(last);
    },
  };
}

async function publishSource(
  session: Session,
  target: PublishTarget,
  source: PublishSource,
): Promise<readonly PublishOutcome[]> {
  const outcomes: PublishOutcome[] = [];
  const title = `Publishing ${source.label} to ${describePublishTarget(target)}`;
  await withProgressWhenSlow(title, (signal, report) =>
    session.publisher.publishMany(drafts(source, target), {
      signal,
      onOutcome: (index, outcome) => {
        outcomes[index] = outcome;
        const done = outcomes.length;
        report(`${formatInteger(done)} of ${formatInteger(source.count)}`, (done / source.count) * 100);
      },
    }),
  );
  return outcomes;
}

/** The editor with the text. @throws AppError `noEditor` */
function activeEditor(): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor;
  if (!editor) throw new AppError('noEditor', {});
  return editor;
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
