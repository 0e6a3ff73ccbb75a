import * as vscode from 'vscode';
import type { Session } from '../../broker/session.ts';
import { toAppError, type AppError } from '../../common/errors.ts';
import type { Connections } from '../connections.ts';
import { withProgressWhenSlow } from '../progress.ts';
import type { Action, ErrorPresenter } from '../presentError.ts';

export interface ConnectorParts {
  readonly connections: Connections;
  readonly errors: ErrorPresenter;
  /** Shows a connection with its queues. */
  readonly reveal: (session: Session) => Promise<void>;
  /** Opens the form for a connection that failed. */
  edit(session: Session): Promise<void>;
}

/** Connects sessions, and offers what helps when that fails. */
export class Connector {
  readonly #parts: ConnectorParts;

  constructor(parts: ConnectorParts) {
    this.#parts = parts;
  }

  /** Never throws for a broker that cannot be reached: the person is told. */
  async connect(session: Session): Promise<void> {
    try {
      await withProgressWhenSlow(`Connecting to ${session.profile.name}`, async (signal) => {
        signal.addEventListener('abort', () => void session.close());
        await session.connect();
      });
      await this.#parts.reveal(session);
    } catch (error) {
      const failure = toAppError(error);
      this.#parts.errors.present(failure, session.profile.name, this.#helpFor(failure, session));
    }
  }

  #helpFor(error: AppError, session: Session): Action[] {
    const edit = this.#action('Edit Connection', session, (current) => this.#parts.edit(current));
    const retry = this.#action('Retry', session, (current) => this.connect(current));
    if (error.is('passwordMissing') || error.is('badCredentials')) {
      return [this.#action('Enter Password…', session, (current) => this.#enterPassword(current)), edit];
    }
    return [retry, edit];
  }

  async #enterPassword(session: Session): Promise<void> {
    const { profile } = session;
    const password = await vscode.window.showInputBox({
      title: `Password for ${profile.name}`,
      prompt: `Password of user ${profile.username}, kept in the editor's secret storage.`,
      password: true,
      ignoreFocusOut: true,
    });
    if (password === undefined) return;
    await this.#parts.connections.changeSecrets(profile.id, { password });
    await this.connect(session);
  }

  /** A button on the connection as it is when the button is pressed: it may have been edited or deleted since. */
  #action(title: string, { profile }: Session, work: (session: Session) => Promise<void>): Action {
    return {
      title,
      run: async () => {
        const session = this.#parts.connections.get(profile.id);
        if (session) await work(session);
      },
    };
  }
}
