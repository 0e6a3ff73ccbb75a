import * as vscode from 'vscode';
import type { ManagementClient } from '../broker/management/client.ts';
import type { Session } from '../broker/session.ts';
import type { Disposable } from '../common/disposable.ts';
import { toAppError } from '../common/errors.ts';
import { visibleName } from '../common/visibleText.ts';
import type { Connections } from './connections/connections.ts';
import type { ErrorPresenter } from './presentError.ts';
import type { FirehoseNotes } from './storage/firehoseNotes.ts';
import { plainText } from './plainText.ts';

/** While somebody uses it, or another window has just been cut off, so long until the next look, in milliseconds. */
const againMs = 30_000;

/** A tap that stands so has its queue bound, where it uses the firehose. */
const settled: readonly string[] = ['running', 'paused'];

/**
 * Switches off what a tap had switched on and could not switch off again: the editor died, or another tap still used it. It
 * looks as soon as such a connection is open with its management API, and again until it is done.
 */
export class FirehoseWatch implements Disposable {
  readonly #connections: Connections;
  readonly #notes: FirehoseNotes;
  readonly #errors: ErrorPresenter;
  readonly #subscription: Disposable;
  /** Until when those are not looked at again, by their id. */
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  /** Of those whose failure has been told. */
  readonly #told = new Set<string>();

  constructor(connections: Connections, notes: FirehoseNotes, errors: ErrorPresenter) {
    this.#connections = connections;
    this.#notes = notes;
    this.#errors = errors;
    this.#subscription = connections.onDidChange((session) => {
      if (session) this.#look(session);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const timer of this.#waiting.values()) clearTimeout(timer);
  }

  #look(session: Session): void {
    const { profile, management } = session;
    if (management?.kind !== 'available' || !session.isOpen) return;
    // It sees to its firehose itself; when that is done, the session tells.
    if (session.tails.some(({ mode, status }) => mode === 'tap' && !settled.includes(status.kind))) return;
    if (this.#waiting.has(profile.id) || !this.#notes.of(profile).isSet()) return;
    const again = setTimeout(() => {
      this.#waiting.delete(profile.id);
      const current = this.#connections.get(profile.id);
      if (current) this.#look(current);
    }, againMs);
    this.#waiting.set(profile.id, again);
    void this.#switchOff(session, management.client);
  }

  async #switchOff({ profile }: Session, client: ManagementClient): Promise<void> {
    try {
      const { switchOffUnused } = await import('../broker/consume/tap/firehose.ts');
      if (!(await switchOffUnused(client, profile.vhost, this.#notes.of(profile)))) return;
      void vscode.window.showInformationMessage(
        plainText(
          `${profile.name}: Switched off the firehose of virtual host ${visibleName(profile.vhost)}, which a tap had left on.`,
        ),
      );
    } catch (error) {
      if (this.#told.has(profile.id)) return;
      this.#told.add(profile.id);
      this.#errors.present(toAppError(error), `${profile.name} (the firehose, which a tap had left on)`);
    }
  }
}
