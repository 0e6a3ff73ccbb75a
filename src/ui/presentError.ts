import * as vscode from 'vscode';
import { toAppError, type AppError } from '../common/errors.ts';
import { errorText } from './errorText.ts';
import { remediesFor } from './remedies.ts';
import { plainText } from './plainText.ts';

/** A button: its title is a verb, and it does what would help. */
export interface Action {
  readonly title: string;
  run(): unknown;
}

/** The only place that shows an error, and that runs the buttons of a message. */
export class ErrorPresenter {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /**
   * Tells what happened, on which connection, and offers what helps. Returns without waiting for an answer; a cancelled
   * operation needs no telling.
   */
  present(error: AppError, connection?: string, actions: readonly Action[] = []): void {
    if (error.code === 'cancelled') return;
    this.#log.error(error);
    const text = connection === undefined ? errorText(error) : `${connection}: ${errorText(error)}`;
    const log = { title: 'Show Log', run: () => this.#log.show() };
    const all = remediesFor(error.code).includes('Show Log') ? [...actions, log] : actions;
    // What a person chose is no error.
    const show = error.is('abandoned') ? vscode.window.showInformationMessage : vscode.window.showErrorMessage;
    this.offer(show, text, all);
  }

  /** Shows a message with its buttons; what a button throws is presented in turn. */
  offer(show: typeof vscode.window.showErrorMessage, text: string, actions: readonly Action[]): void {
    const ask = async (): Promise<void> => {
      const chosen = await show(plainText(text), ...actions.map(({ title }) => title));
      await actions.find(({ title }) => title === chosen)?.run();
    };
    ask().catch((error: unknown) => this.present(toAppError(error)));
  }
}
