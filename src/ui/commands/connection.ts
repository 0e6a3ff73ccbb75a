import * as vscode from 'vscode';
import { formatAmqpUri } from '../../broker/amqpUri.ts';
import type { Session } from '../../broker/session.ts';
import type { ErrorCode } from '../../common/errors.ts';
import { confirmDelete, confirmDisconnect } from '../connectionForm/confirm.ts';
import { ConnectionForm } from '../connectionForm/connectionForm.ts';
import { Connector } from '../connectionForm/connector.ts';
import { checkName } from '../connectionForm/validate.ts';
import type { Connections } from '../connections/connections.ts';
import { openConnectionSettings } from '../connections/workspaceConnections.ts';
import { pickSession } from '../picks/pickSession.ts';
import type { FilePicker } from '../picks/filePicker.ts';
import { toValidation } from '../picks/multiStep.ts';
import type { Offer } from '../discovery/offer.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { withProgress } from '../progress.ts';
import type { EnteredSecret } from '../remedies.ts';
import type { CommandHandlers } from './registry.ts';

type ConnectionCommands = Pick<
  CommandHandlers,
  | 'addConnection'
  | 'editConnection'
  | 'renameConnection'
  | 'deleteConnection'
  | 'connect'
  | 'retryNow'
  | 'disconnect'
  | 'copyUri'
>;

export interface ConnectionCommandParts {
  readonly connections: Connections;
  readonly errors: ErrorPresenter;
  readonly files: FilePicker;
  /** Looks for connections in files of the workspace. */
  readonly findOffers: (signal: AbortSignal) => Promise<readonly Offer[]>;
  /** Shows a connection with its queues. */
  readonly reveal: (session: Session) => Promise<void>;
}

/** Commands on connections; the argument is a tree node with a session, or nothing. */
export function connectionCommands({
  connections,
  errors,
  files,
  findOffers,
  reveal,
}: ConnectionCommandParts): ConnectionCommands {
  const connector = new Connector({ connections, errors, reveal, edit: (session, after) => edit(session, after) });
  const form = new ConnectionForm({
    connections,
    errors,
    files,
    findOffers,
    connect: (session) => connector.connect(session),
  });
  const choose = (argument: unknown, title: string, among?: (session: Session) => boolean) =>
    pickSession(connections, argument, title, among);
  const isOurs = (session: Session): boolean => connections.placeOf(session) === undefined;
  /** What stands in the settings is changed there. */
  const chooseOurs = async (argument: unknown, title: string): Promise<Session | undefined> => {
    const session = await choose(argument, title, isOurs);
    if (!session || isOurs(session)) return session;
    await edit(session);
    return undefined;
  };
  const edit = (session: Session, after?: ErrorCode): Promise<void> => {
    const place = connections.placeOf(session);
    return place === undefined ? form.edit(session, after) : openConnectionSettings(place);
  };
  return {
    addConnection: () => form.add(),
    editConnection: async (argument) => {
      const session = await chooseOurs(argument, 'Edit Connection');
      if (session) await form.edit(session);
    },
    renameConnection: async (argument) => {
      const session = await chooseOurs(argument, 'Rename Connection');
      if (session) await rename(connections, session);
    },
    deleteConnection: async (argument) => {
      const session = await chooseOurs(argument, 'Delete Connection');
      if (!session || !(await confirmDelete(session))) return;
      const { id, name } = session.profile;
      await withProgress(`Deleting connection ${name}`, () => connections.delete(id));
    },
    connect: async (argument) => {
      const session = await choose(argument, 'Connect', ({ isOpen }) => !isOpen);
      const enter = enterOf(argument);
      if (session) await (enter ? connector.enter(session, enter) : connector.connect(session));
    },
    retryNow: async (argument) => {
      const session = await choose(argument, 'Retry Now', ({ state }) => state.kind === 'waiting');
      session?.retry();
    },
    disconnect: async (argument) => {
      const session = await choose(argument, 'Disconnect', isActive);
      if (!session || !(await confirmDisconnect(session))) return;
      await withProgress(`Disconnecting from ${session.profile.name}`, () => session.close());
    },
    copyUri: async (argument) => {
      const session = await choose(argument, 'Copy URI');
      if (!session) return;
      await vscode.env.clipboard.writeText(formatAmqpUri(session.profile));
      vscode.window.setStatusBarMessage('$(check) URI copied, without the password', 3_000);
    },
  };
}

/** The secret that a row or a button wants to be asked for first. */
function enterOf(argument: unknown): EnteredSecret | undefined {
  const enter = typeof argument === 'object' && argument !== null && 'enter' in argument ? argument.enter : undefined;
  return enter === 'password' || enter === 'tlsPassphrase' ? enter : undefined;
}

async function rename(connections: Connections, session: Session): Promise<void> {
  const others = connections.all().filter((each) => each !== session);
  const taken = others.map(({ profile }) => profile.name);
  const name = await vscode.window.showInputBox({
    title: 'Rename Connection',
    prompt: 'Name of the connection, as the tree shows it.',
    value: session.profile.name,
    validateInput: (text) => toValidation(checkName(text, taken)),
  });
  if (name !== undefined) await connections.rename(session, name.trim());
}

/** Open, or trying to be. */
function isActive({ state }: Session): boolean {
  return state.kind !== 'idle' && state.kind !== 'closed' && state.kind !== 'failed';
}
