import * as vscode from 'vscode';
import { describeTarget, formatAmqpUri } from '../../broker/amqpUri.ts';
import type { Session } from '../../broker/session.ts';
import { confirmDelete, confirmDisconnect } from '../connectionForm/confirm.ts';
import { ConnectionForm } from '../connectionForm/connectionForm.ts';
import { Connector } from '../connectionForm/connector.ts';
import { checkName } from '../connectionForm/validate.ts';
import type { Connections } from '../connections.ts';
import { toValidation } from '../multiStep.ts';
import type { Offer } from '../discovery/offer.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { withProgress } from '../progress.ts';
import { chooseSession, sessionOf } from '../targets.ts';
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

export interface ConnectionCommandsParts {
  readonly connections: Connections;
  readonly errors: ErrorPresenter;
  /** Looks for connections in files of the workspace. */
  readonly findOffers: (signal: AbortSignal) => Promise<readonly Offer[]>;
  /** Shows a connection with its queues. */
  readonly reveal: (session: Session) => Promise<void>;
}

/** Commands on connections; the argument is a tree node with a session, or nothing. */
export function connectionCommands({
  connections,
  errors,
  findOffers,
  reveal,
}: ConnectionCommandsParts): ConnectionCommands {
  const connector = new Connector({ connections, errors, reveal, edit: (session) => form.edit(session) });
  const form = new ConnectionForm({
    connections,
    errors,
    findOffers,
    connect: (session) => connector.connect(session),
  });
  const choose = (argument: unknown, title: string, among?: (session: Session) => boolean) =>
    pickSession(connections, argument, title, among);
  return {
    addConnection: () => form.add(),
    editConnection: async (argument) => {
      const session = await choose(argument, 'Edit Connection');
      if (session) await form.edit(session);
    },
    renameConnection: async (argument) => {
      const session = await choose(argument, 'Rename Connection');
      if (session) await rename(connections, session);
    },
    deleteConnection: async (argument) => {
      const session = await choose(argument, 'Delete Connection');
      if (!session || !(await confirmDelete(session))) return;
      const { id, name } = session.profile;
      await withProgress(`Deleting connection ${name}`, () => connections.delete(id));
    },
    connect: async (argument) => {
      const session = await choose(argument, 'Connect', ({ isOpen }) => !isOpen);
      if (session) await connector.connect(session);
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

/**
 * The argument's session, or the one that is chosen. Unlike `chooseSession` it never takes the only open one: what is
 * done to a connection itself must not hit the wrong one.
 */
async function pickSession(
  connections: Connections,
  argument: unknown,
  title: string,
  among: (session: Session) => boolean = () => true,
): Promise<Session | undefined> {
  const all = connections.all();
  const fitting = all.filter(among);
  const candidates = fitting.length === 0 ? all : fitting;
  const given = sessionOf(argument);
  if (given || all.length === 0) return chooseSession(connections, given && argument, title);
  if (all.length === 1) return all[0];
  const items = candidates.map((session) => ({
    label: session.profile.name,
    description: describeTarget(session.profile),
    session,
  }));
  const options = { title, placeHolder: 'Connection', matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.session;
}

/** Open, or trying to be. */
function isActive({ state }: Session): boolean {
  return state.kind !== 'idle' && state.kind !== 'closed' && state.kind !== 'failed';
}
