import type * as vscode from 'vscode';
import { isTailMode, type TailMode } from '../../broker/consume/tail.ts';

const key = (profileId: string): string => `warren.tailModes.${profileId}`;
const mostRemembered = 200;

/** How each queue was read last, in this workspace. */
export class LastModes {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  of(profileId: string, queue: string): TailMode | undefined {
    return this.#read(profileId).find(([name]) => name === queue)?.[1];
  }

  async remember(profileId: string, queue: string, mode: TailMode): Promise<void> {
    const others = this.#read(profileId).filter(([name]) => name !== queue);
    await this.#memento.update(key(profileId), [[queue, mode], ...others].slice(0, mostRemembered));
  }

  /** The connection is gone. */
  async forget(profileId: string): Promise<void> {
    await this.#memento.update(key(profileId), undefined);
  }

  #read(profileId: string): (readonly [string, TailMode])[] {
    const stored = this.#memento.get<unknown>(key(profileId));
    return Array.isArray(stored) ? stored.filter(isEntry) : [];
  }
}

function isEntry(value: unknown): value is readonly [string, TailMode] {
  return Array.isArray(value) && typeof value[0] === 'string' && isTailMode(value[1]);
}
