import type * as vscode from 'vscode';
import type { Session } from '../../broker/session.ts';

/** Where messages go: a queue through the default exchange (`''`), or an exchange with a routing key. */
export interface PublishTarget {
  readonly exchange: string;
  readonly routingKey: string;
}

const key = (profileId: string): string => `warren.publishTargets.${profileId}`;
const mostRemembered = 10;

/** The last targets of each connection in this workspace, newest first. */
export class RecentTargets {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  of(session: Session): readonly PublishTarget[] {
    const stored = this.#memento.get<unknown>(key(session.profile.id));
    return Array.isArray(stored) ? stored.filter(isTarget) : [];
  }

  async add(session: Session, target: PublishTarget): Promise<void> {
    const others = this.of(session).filter((other) => !isSame(other, target));
    await this.#memento.update(key(session.profile.id), [target, ...others].slice(0, mostRemembered));
  }

  /** The connection is gone. */
  async forget(profileId: string): Promise<void> {
    await this.#memento.update(key(profileId), undefined);
  }
}

/** As people read it: the queue's name, or `exchange > key` as on a tail's header line. */
export function describePublishTarget({ exchange, routingKey }: PublishTarget): string {
  return exchange === '' ? routingKey : `${exchange} > ${routingKey === '' ? '""' : routingKey}`;
}

function isSame(a: PublishTarget, b: PublishTarget): boolean {
  return a.exchange === b.exchange && a.routingKey === b.routingKey;
}

function isTarget(value: unknown): value is PublishTarget {
  if (typeof value !== 'object' || value === null) return false;
  const { exchange, routingKey } = value as Partial<Record<keyof PublishTarget, unknown>>;
  return typeof exchange === 'string' && typeof routingKey === 'string';
}
