import type * as vscode from 'vscode';
import type { TailSource } from '../../broker/consume/tail.ts';
import { choiceSetting, parseChoice, type DecoderChoice } from '../../broker/decoding/choice.ts';

const key = (profileId: string): string => `warren.decoders.${profileId}`;
const mostRemembered = 200;

/** How the bodies of each queue and exchange are read, in this workspace. */
export class SourceDecoders {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  of(profileId: string, source: TailSource): DecoderChoice | undefined {
    const name = nameOf(source);
    const stored = this.#read(profileId).find((entry) => entry[0] === name)?.[1];
    const choice = stored === undefined ? undefined : parseChoice(stored, (path) => path);
    return typeof choice === 'string' ? undefined : choice;
  }

  /** @param choice undefined leaves it to the messages */
  async remember(profileId: string, source: TailSource, choice: DecoderChoice | undefined): Promise<void> {
    const name = nameOf(source);
    const others = this.#read(profileId).filter((entry) => entry[0] !== name);
    const all = choice ? [[name, choiceSetting(choice)], ...others].slice(0, mostRemembered) : others;
    await this.#memento.update(key(profileId), all.length === 0 ? undefined : all);
  }

  /** The connection is gone. */
  async forget(profileId: string): Promise<void> {
    await this.#memento.update(key(profileId), undefined);
  }

  #read(profileId: string): (readonly [unknown, unknown])[] {
    const stored = this.#memento.get<unknown>(key(profileId));
    return Array.isArray(stored)
      ? stored.filter((entry): entry is [unknown, unknown] => Array.isArray(entry) && entry.length === 2)
      : [];
  }
}

function nameOf({ kind, name }: TailSource): string {
  return `${kind} ${name}`;
}
