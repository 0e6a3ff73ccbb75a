import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable.ts';
import { toAppError } from '../../common/errors.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { commandIds, fullId, type CommandId } from './ids.ts';

/** What runs for a command; the arguments depend on where it was started and may be missing. */
export type CommandHandler = (...args: readonly unknown[]) => unknown;
export type CommandHandlers = Readonly<Record<CommandId, CommandHandler>>;

/** Registers every command; what a handler throws is told to the person. */
export function registerCommands(handlers: CommandHandlers, errors: ErrorPresenter): Disposable {
  const registrations = commandIds.map((id) =>
    vscode.commands.registerCommand(fullId(id), async (...args: unknown[]) => {
      try {
        return await handlers[id](...args);
      } catch (error) {
        errors.present(toAppError(error));
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}
