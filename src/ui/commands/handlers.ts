import type * as vscode from 'vscode';
import type { Session } from '../../broker/session.ts';
import type { Connections } from '../connections/connections.ts';
import { findOffers } from '../discovery/findOffers.ts';
import type { QueueTree } from '../explorer/tree.ts';
import type { FilePicker } from '../picks/filePicker.ts';
import type { LastModes } from '../modes/lastModes.ts';
import type { Output } from '../output/output.ts';
import type { ErrorPresenter } from '../presentError.ts';
import type { FirehoseNotes } from '../storage/firehoseNotes.ts';
import { Publishing } from '../publish/publishing.ts';
import type { RecentTargets } from '../publish/target.ts';
import { batchCommands } from './batch.ts';
import { connectionCommands } from './connection.ts';
import { connectionFileCommands } from './connectionFiles.ts';
import { decoderCommands } from './decoder.ts';
import { keepingCommands } from './keeping.ts';
import type { MessageFiles } from '../messageFile/register.ts';
import { messageFileCommands } from './messageFile.ts';
import { managementPageCommands } from './managementPage.ts';
import { panelCommands } from './panel.ts';
import { publishCommands } from './publish.ts';
import { queueCommands } from './queue.ts';
import type { CommandHandlers } from './registry.ts';
import { savingCommands } from './saving.ts';
import { streamCommands } from './stream.ts';
import { replyCommands } from './reply.ts';
import { tailCommands } from './tail.ts';
import { tapExchangeCommands } from './tapExchange.ts';

/** What the commands work with. */
export interface CommandParts {
  readonly connections: Connections;
  readonly tree: QueueTree;
  readonly output: Output;
  readonly files: FilePicker;
  readonly recent: RecentTargets;
  readonly lastModes: LastModes;
  readonly firehoseNotes: FirehoseNotes;
  readonly errors: ErrorPresenter;
  /** Loads what works with message files. */
  readonly messageFiles: () => Promise<MessageFiles>;
  readonly log: vscode.LogOutputChannel;
  /** Where journals of batches are. */
  readonly storagePath: string;
  /** Shows a connection with its queues. */
  readonly reveal: (session: Session) => Promise<void>;
  /** Something of Warren's has changed what is in a queue. */
  readonly touched: (session: Session, queue: string) => void;
}

/** What runs for the commands. An activation does not load it: the first command does. */
export function commandHandlers(parts: CommandParts): Omit<CommandHandlers, 'showLog' | 'startTutorial'> {
  const { connections, errors, log, tree } = parts;
  const publishing = new Publishing(parts);
  return {
    ...connectionCommands({ ...parts, findOffers: (signal) => findOffers(signal, log) }),
    ...keepingCommands(connections),
    ...connectionFileCommands(connections),
    ...managementPageCommands(connections, errors),
    ...queueCommands(connections, tree),
    ...publishCommands(parts, publishing),
    ...batchCommands(parts),
    ...replyCommands(parts),
    ...messageFileCommands(parts),
    ...savingCommands({ ...parts, publishing }),
    ...tailCommands(parts),
    ...panelCommands(parts.output),
    ...tapExchangeCommands(parts),
    ...streamCommands(parts.output),
    ...decoderCommands(connections, parts.output),
  };
}
