import type { Connections } from '../connections/connections.ts';
import type { Output } from '../output/output.ts';
import type { ErrorPresenter } from '../presentError.ts';
import type { Publishing } from '../publish/publishing.ts';
import type { RecentTargets } from '../publish/target.ts';
import { FileTails } from '../saving/fileTails.ts';
import { publishCopy } from '../saving/publishCopy.ts';
import { saveMessages } from '../saving/saveMessages.ts';
import { tailToFile } from '../saving/tailToFile.ts';
import type { FirehoseNotes } from '../storage/firehoseNotes.ts';
import type { CommandHandlers } from './registry.ts';

type SavingCommands = Pick<CommandHandlers, 'saveMessages' | 'publishCopy' | 'tailToFile' | 'tailToFile.stop'>;

export interface SavingCommandParts {
  readonly connections: Connections;
  readonly output: Output;
  readonly recent: RecentTargets;
  readonly publishing: Publishing;
  readonly firehoseNotes: FirehoseNotes;
  readonly errors: ErrorPresenter;
}

/** Commands that bring messages into files and back. */
export function savingCommands(parts: SavingCommandParts): SavingCommands {
  const { connections, output, firehoseNotes, errors } = parts;
  const fileTails = new FileTails(errors);
  return {
    saveMessages: (...args) => saveMessages(output, args),
    publishCopy: (...args) => publishCopy(parts, args),
    tailToFile: (argument) => tailToFile({ connections, firehoseNotes, fileTails }, argument),
    'tailToFile.stop': (id) => fileTails.stop(id),
  };
}
