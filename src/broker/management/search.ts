import { toAppError } from '../../common/errors.ts';
import { Emitter, type Event } from '../../common/event.ts';
import { formatHostPort } from '../amqpUri.ts';
import type { SecretsSource } from '../connection/connection.ts';
import type { ServerInfo } from '../connection/state.ts';
import type { ConnectionTarget } from '../profile.ts';
import { managementAccess } from './access.ts';
import { reasonOf } from './failure.ts';
import type { Management } from './probe.ts';

/** Looks for the management API of one connection, and keeps what it has found. */
export class ManagementSearch {
  readonly #target: ConnectionTarget;
  readonly #secrets: SecretsSource;
  #found: Management | undefined;
  /** Beside which it was looked for. */
  #node = '';
  /** Counts searches: the answer to an older one no longer matters. */
  #search = 0;
  #running: Promise<void> | undefined;
  readonly #changed = new Emitter<void>();
  /** A search has ended, or what it had found was forgotten. */
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(target: ConnectionTarget, secrets: SecretsSource) {
    this.#target = target;
    this.#secrets = secrets;
  }

  /** What is known; undefined before the first search has ended. */
  get found(): Management | undefined {
    return this.#found;
  }

  /** Whether this broker is worth a search: an API that was found beside another node may have gone with that node. */
  isDue({ at }: ServerInfo): boolean {
    if (this.#found?.kind !== 'available') return true;
    return this.#target.managementUrl === undefined && this.#node !== formatHostPort(at);
  }

  /** Looks, or joins a search under way beside the same node. Never throws. */
  async look(server: ServerInfo): Promise<void> {
    const node = formatHostPort(server.at);
    const joined = this.#node === node ? this.#running : undefined;
    this.#node = node;
    const running = joined ?? this.#find(server);
    this.#running = running;
    await running;
    if (this.#running === running) this.#running = undefined;
  }

  /** Settles when no search is under way. */
  async ended(): Promise<void> {
    await this.#running;
  }

  /** Gives up a search under way; what is known stays until `forget`. */
  cancel(): void {
    this.#search++;
    this.#running = undefined;
  }

  /** Knows nothing any more, and gives up a search under way. */
  forget(): void {
    this.cancel();
    if (this.#found?.kind === 'available') this.#found.client.dispose();
    this.#found = undefined;
    this.#changed.fire();
  }

  async #find(server: ServerInfo): Promise<void> {
    const search = ++this.#search;
    const found = await this.#probe(server);
    if (search !== this.#search) {
      if (found.kind === 'available') found.client.dispose();
      return;
    }
    if (this.#found?.kind === 'available') this.#found.client.dispose();
    this.#found = found;
    this.#changed.fire();
  }

  async #probe({ clusterName, at }: ServerInfo): Promise<Management> {
    const { probeManagement } = await import('./probe.ts');
    // Where no URL is given it is looked for on the node connected to.
    const target = { ...this.#target, host: at.host, port: at.port };
    try {
      const { password, tls } = await managementAccess(this.#target, await this.#secrets());
      if (password === undefined) return { kind: 'absent', reason: 'no password is stored for it', tried: [] };
      return await probeManagement(target, password, { clusterName, tls });
    } catch (error) {
      // The secret storage or a file failed; AMQP goes on without the API.
      return { kind: 'absent', reason: reasonOf(toAppError(error)), tried: [] };
    }
  }
}
