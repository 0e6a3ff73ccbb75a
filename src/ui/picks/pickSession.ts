import * as vscode from 'vscode';
import { describeTarget } from '../../broker/amqpUri.ts';
import type { Session } from '../../broker/session.ts';
import type { Connections } from '../connections/connections.ts';
import { chooseSession, sessionOf } from './targets.ts';

/**
 * The argument's session, or the one that is chosen. Unlike `chooseSession` it never takes the only open one: what is
 * done to a connection itself must not hit the wrong one.
 */
export async function pickSession(
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
