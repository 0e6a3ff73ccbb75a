import type { Session } from '../../broker/session.ts';
import { toAppError, type AppError, type ErrorCode } from '../../common/errors.ts';
import type { Connections } from '../connections/connections.ts';
import { askInEditor } from '../connections/firstConnect.ts';
import { withProgressWhenSlow } from '../progress.ts';
import type { Action, ErrorPresenter } from '../presentError.ts';
import { offered, type EnteredSecret } from '../remedies.ts';

export interface ConnectorParts {
  readonly connections: Connections;
  readonly errors: ErrorPresenter;
  /** Shows a connection with its queues. */
  readonly reveal: (session: Session) => Promise<void>;
  /** Opens the form at what is likely to be wrong, or the settings. */
  edit(session: Session, after: ErrorCode): Promise<void>;
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
      await session.prepare();
      await withProgressWhenSlow(`Connecting to ${session.profile.name}`, async (signal) => {
        await session.connect(signal);
      });
      await this.#parts.reveal(session);
    } catch (error) {
      const failure = toAppError(error);
      this.#parts.errors.present(failure, session.profile.name, this.#helpFor(failure, session));
    }
  }

  #helpFor(error: AppError, session: Session): Action[] {
    const actions = offered(error, {
      'Edit Connection': this.#on(session, (current) => this.#parts.edit(current, error.code)),
      Retry: this.#on(session, (current) => this.connect(current)),
      'Enter Password…': this.#on(session, (current) => this.enter(current, 'password')),
      'Enter Passphrase…': this.#on(session, (current) => this.enter(current, 'tlsPassphrase')),
    });
    if (this.#parts.connections.placeOf(session) === undefined) return actions;
    return actions.map((each) => (each.title === 'Edit Connection' ? { ...each, title: 'Open Settings' } : each));
  }

  /** Asks for a secret, keeps it and connects; does nothing when the question is closed. Never throws, as `connect`. */
  async enter(session: Session, kind: EnteredSecret): Promise<void> {
    const { profile } = session;
    const secret = await askInEditor.secret(kind, profile);
    if (secret === undefined) return;
    await this.#parts.connections.changeSecrets(profile.id, { [kind]: secret });
    await this.connect(session);
  }

  /** A button on the connection as it is when the button is pressed: it may have been edited or deleted since. */
  #on({ profile }: Session, work: (session: Session) => Promise<void>): () => Promise<void> {
    return async () => {
      const session = this.#parts.connections.get(profile.id);
      if (session) await work(session);
    };
  }
}
