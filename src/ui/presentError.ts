import * as vscode from 'vscode';
import type { AppError } from '../common/errors.ts';
import { errorText } from './errorText.ts';

/** A button: its title is a verb, and it does what would help. */
export interface ErrorAction {
  readonly title: string;
  run(): unknown;
}

/** The only place that shows an error to a person. */
export class ErrorPresenter {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /**
   * Tells what happened, on which connection, and offers what helps. Returns without waiting for an answer; a cancelled
   * operation needs no telling.
   */
  present(error: AppError, connection?: string, actions: readonly ErrorAction[] = []): void {
    if (error.code === 'cancelled') return;
    this.#log.error(error);
    const text = connection === undefined ? errorText(error) : `${connection}: ${errorText(error)}`;
    const all = [...actions, { title: 'Show Log', run: () => this.#log.show() }];
    void this.#ask(text, all);
  }

  async #ask(text: string, actions: readonly ErrorAction[]): Promise<void> {
    const titles = actions.map(({ title }) => title);
    const chosen = await vscode.window.showErrorMessage(text, ...titles);
    await actions.find(({ title }) => title === chosen)?.run();
  }
}
