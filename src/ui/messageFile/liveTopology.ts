import { setTimeout as later } from 'node:timers';
import type { BindingInfo, ExchangeInfo, PolicyInfo } from '../../broker/management/model.ts';
import type { ManagementClient } from '../../broker/management/client.ts';
import { toTopology, type Topology } from '../../broker/routing/topology.ts';
import type { Session } from '../../broker/session.ts';
import { Emitter } from '../../common/event.ts';

/** What a vhost's management API tells of where its messages go. */
export interface VhostTopology {
  readonly exchanges: readonly ExchangeInfo[];
  readonly bindings: readonly BindingInfo[];
  readonly topology: Topology;
}

/** What is older is read again when it is next wanted, in milliseconds. */
const freshMs = 10_000;
/** No answer, or none that can be used, is not asked for again so soon. */
const retryMs = 30_000;

interface Known {
  readonly at: number;
  readonly value: VhostTopology | undefined;
  reading: boolean;
}

/** The exchanges and bindings of connections that are open, read when they are wanted and no more often than they are old. */
export class LiveTopology {
  readonly #known = new WeakMap<Session, Known>();
  readonly #changed = new Emitter<Session>();
  readonly onDidChange = this.#changed.event;

  /** What is known now; reads it anew in the background where it is old. Never connects. */
  of(session: Session): VhostTopology | undefined {
    if (!session.isOpen || session.management?.kind !== 'available') return undefined;
    const known = this.#known.get(session);
    const isOld = !known || Date.now() - known.at > (known.value ? freshMs : retryMs);
    if (isOld && known?.reading !== true) this.#read(session, session.management.client, known);
    return known?.value;
  }

  /** What is known is old now: something has just been declared, or returned by the broker. */
  forget(session: Session): void {
    const known = this.#known.get(session);
    if (known) this.#known.set(session, { ...known, at: 0 });
  }

  #read(session: Session, client: ManagementClient, known: Known | undefined): void {
    this.#known.set(session, { at: Date.now(), value: known?.value, reading: true });
    // Out of the way of whoever asks, which may be while the editor draws.
    later(() => void this.#fetch(session, client), 0);
  }

  async #fetch(session: Session, client: ManagementClient): Promise<void> {
    const value = await topologyOf(session, client).catch(() => undefined);
    this.#known.set(session, { at: Date.now(), value, reading: false });
    this.#changed.fire(session);
  }
}

/** What decides where messages of the session's vhost go. @throws AppError as the client's methods */
export async function topologyOf(session: Session, client: ManagementClient): Promise<VhostTopology> {
  const { vhost } = session.profile;
  const [exchanges, bindings, queues, policies] = await Promise.all([
    client.exchanges(vhost),
    client.bindings(vhost),
    client.queues(vhost),
    // Only policymakers may read them.
    client.policies(vhost).catch((): PolicyInfo[] | undefined => undefined),
  ]);
  const names = queues.map(({ name }) => name);
  return { exchanges, bindings, topology: toTopology({ exchanges, bindings, policies, queues: names }) };
}
