import * as vscode from 'vscode';
import { AppError } from '../../common/errors.ts';
import { setContextKey } from '../contextKeys.ts';
import { pickTarget } from '../publish/pickTarget.ts';
import type { Publishing, PublishingParts } from '../publish/publishing.ts';
import {
  activeEditorSource,
  batchOf,
  defaultHeaders,
  filesSource,
  typedSource,
  type PublishSource,
} from '../publish/sources.ts';
import type { PublishTarget } from '../publish/target.ts';
import { chooseSession, queueNameOf } from '../picks/targets.ts';
import type { CommandHandlers } from './registry.ts';

type PublishCommands = Pick<CommandHandlers, 'publishMessage' | 'publishFiles' | 'publishAgain'>;

/** What *Publish Again* repeats. */
interface LastPublish {
  readonly profileId: string;
  readonly target: PublishTarget;
  /** Reads anew: the current text, the files as they are now. */
  source(): PublishSource;
}

/** Commands that publish. */
export function publishCommands({ connections, recent }: PublishingParts, publishing: Publishing): PublishCommands {
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
        ? await pickTarget(session, source.label, recent.of(session), defaultHeaders())
        : { exchange: '', routingKey: queue };
    if (!target) return;
    last = { profileId: session.profile.id, target, source: again };
    setContextKey('warren.canPublishAgain', true);
    await publishing.publish(session.profile.id, batchOf(source, target));
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
      await publishTo(undefined, 'Publish Messages from Files', source, () => source);
    },
    publishAgain: async () => {
      if (!last) throw new AppError('nothingPublished', {});
      await publishing.publish(last.profileId, batchOf(last.source(), last.target));
    },
  };
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
    title: 'Publish Messages from Files',
  });
  return chosen ?? [];
}
