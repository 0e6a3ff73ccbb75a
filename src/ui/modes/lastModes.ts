import type * as vscode from 'vscode';
import { isTailMode, type TailMode } from '../../broker/consume/tail.ts';

const key = (profileId: string): string => `warren.tailModes.${profileId}`;
const mostRemembered = 200;

/** A queue, how it was read, and how many messages of it were asked for. */
type Entry = readonly [queue: string, mode: TailMode, count?: number];

/** How each queue was read last, in this workspace. */
export class LastModes {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  of(profileId: string, queue: string): TailMode | undefined {
    return this.#find(profileId, queue)?.[1];
  }

  /** How many messages of it were asked for last. */
  countOf(profileId: string, queue: string): number | undefined {
    return this.#find(profileId, queue)?.[2];
  }

  /** @param count of messages that were asked for; the last one stays known where it is left out */
  async remember(profileId: string, queue: string, mode: TailMode, count?: number): Promise<void> {
    const others = this.#read(profileId).filter(([name]) => name !== queue);
    const last = count ?? this.countOf(profileId, queue);
    const entry: Entry = last === undefined ? [queue, mode] : [queue, mode, last];
    await this.#memento.update(key(profileId), [entry, ...others].slice(0, mostRemembered));
  }

  /** The connection is gone. */
  async forget(profileId: string): Promise<void> {
    await this.#memento.update(key(profileId), undefined);
  }

  #find(profileId: string, queue: string): Entry | undefined {
    return this.#read(profileId).find(([name]) => name === queue);
  }

  #read(profileId: string): Entry[] {
    const stored = this.#memento.get<unknown>(key(profileId));
    return Array.isArray(stored) ? stored.filter(isEntry) : [];
  }
}

function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value) || typeof value[0] !== 'string' || !isTailMode(value[1])) return false;
  return value[2] === undefined || typeof value[2] === 'number';
}
