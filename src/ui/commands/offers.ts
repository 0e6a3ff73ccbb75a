import * as vscode from 'vscode';
import type { Session } from '../../broker/session.ts';
import type { Offers } from '../remedies.ts';
import { fullId } from './ids.ts';

/** What can be done about an error on a connection by commands; `name` is the queue it was about. */
export function offersFor(argument: { readonly session: Session; readonly name?: string }): Offers {
  const { session, name } = argument;
  const run =
    (id: Parameters<typeof fullId>[0]): (() => unknown) =>
    () =>
      vscode.commands.executeCommand(fullId(id), { session, ...(name !== undefined && { name }) });
  return {
    'Edit Connection': run('editConnection'),
    'Enter Password…': run('connect'),
    'Add Queue by Name…': run('addQueue'),
    ...(name !== undefined && { 'Declare Queue…': run('declareQueue') }),
  };
}
