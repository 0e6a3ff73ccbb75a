import * as vscode from 'vscode';
import type { Session } from '../../broker/session.ts';
import type { EnteredSecret, Offers } from '../remedies.ts';
import { fullId } from './ids.ts';

/** What can be done about an error on a connection by commands; `name` is the queue it was about. */
export function offersFor(argument: { readonly session: Session; readonly name?: string }): Offers {
  const { session, name } = argument;
  const run =
    (id: Parameters<typeof fullId>[0], enter?: EnteredSecret): (() => unknown) =>
    () =>
      vscode.commands.executeCommand(fullId(id), {
        session,
        ...(name !== undefined && { name }),
        ...(enter && { enter }),
      });
  return {
    'Edit Connection': run('editConnection'),
    'Enter Password…': run('connect', 'password'),
    'Enter Passphrase…': run('connect', 'tlsPassphrase'),
    'Add Queue by Name…': run('addQueue'),
    ...(name !== undefined && { 'Declare Queue…': run('declareQueue') }),
  };
}
