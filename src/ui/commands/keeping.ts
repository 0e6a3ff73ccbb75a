import * as vscode from 'vscode';
import type { Session } from '../../broker/session.ts';
import { confirmDisconnect } from '../connectionForm/confirm.ts';
import type { Connections, Origin } from '../connections/connections.ts';
import { pickSession } from '../picks/pickSession.ts';
import { openConnectionSettings } from '../connections/workspaceConnections.ts';
import type { CommandHandlers } from './registry.ts';

type KeepingCommands = Pick<
  CommandHandlers,
  'keepInWorkspace' | 'keepEverywhere' | 'openConnectionSettings' | 'forgetPassword'
>;

/** Commands on where a connection is kept; the argument is a tree node with a session, or nothing. */
export function keepingCommands(connections: Connections): KeepingCommands {
  const choose = async (argument: unknown, title: string, origin: Origin): Promise<Session | undefined> => {
    const isThere = (session: Session): boolean => connections.originOf(session) === origin;
    const session = await pickSession(connections, argument, title, isThere);
    return session && isThere(session) ? session : undefined;
  };
  return {
    keepInWorkspace: async (argument) => {
      const session = await choose(argument, 'Keep in This Workspace Only', 'global');
      if (session) await connections.move(session, 'workspace');
    },
    keepEverywhere: async (argument) => {
      const session = await choose(argument, 'Use in All Workspaces', 'workspace');
      if (session) await connections.move(session, 'global');
    },
    openConnectionSettings: async (argument) => {
      const session = await choose(argument, 'Open Settings of Connection', 'settings');
      if (session) await openConnectionSettings(connections.placeOf(session) ?? '');
    },
    forgetPassword: async (argument) => {
      const session = await choose(argument, 'Forget Password and Permission', 'settings');
      if (!session || !(await confirmDisconnect(session))) return;
      await connections.forgetShared(session);
      const text = `Forgot the password of ${session.profile.name}: the next connection asks again`;
      vscode.window.setStatusBarMessage(`$(check) ${text}`, 5_000);
    },
  };
}
