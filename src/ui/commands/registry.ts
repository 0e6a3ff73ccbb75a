import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable.ts';
import { toAppError, type AppError } from '../../common/errors.ts';
import { once } from '../../common/once.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { offered } from '../remedies.ts';
import { queueNameOf, sessionOf, sessionOfError } from '../picks/targets.ts';
import { commandIds, fullId, type CommandId } from './ids.ts';
import { offersFor } from './offers.ts';

/** What runs for a command; the arguments depend on where it was started and may be missing. */
export type CommandHandler = (...args: readonly unknown[]) => unknown;
export type CommandHandlers = Readonly<Record<CommandId, CommandHandler>>;

/**
 * Registers every command; what a handler throws is told to the person.
 * @param load called for the first command that is run
 */
export function registerCommands(load: () => Promise<CommandHandlers>, errors: ErrorPresenter): Disposable {
  const handlers = once(load);
  const registrations = commandIds.map((id) =>
    vscode.commands.registerCommand(fullId(id), async (...args: unknown[]) => {
      try {
        return await (await handlers())[id](...args);
      } catch (error) {
        const failure = toAppError(error);
        const session = sessionOf(args[0]) ?? sessionOfError(failure);
        const queue = queueIn(failure) ?? queueNameOf(args[0]);
        const offers = session ? offersFor({ session, ...(queue !== undefined && { name: queue }) }) : {};
        const retry = () => vscode.commands.executeCommand(fullId(id), ...args);
        errors.present(failure, session?.profile.name, offered(failure, { ...offers, Retry: retry }));
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

function queueIn(error: AppError): string | undefined {
  return error.is('queueNotFound') ? error.params.queue : undefined;
}
