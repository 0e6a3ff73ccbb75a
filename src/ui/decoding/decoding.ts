import { relative, resolve, sep } from 'node:path';
import * as vscode from 'vscode';
import type { TailSource } from '../../broker/consume/tail.ts';
import type { BodyReader } from '../../broker/decoding/bodyReader.ts';
import { choiceSetting, parseChoice, unlessUntrusted, type DecoderChoice } from '../../broker/decoding/choice.ts';
import { Decoders, type Chosen } from '../../broker/decoding/decoders.ts';
import type { Session } from '../../broker/session.ts';
import { decoderSettings, firstFolder, writeDecoderSetting } from '../config.ts';
import { DisposableStore, type Disposable } from '../../common/disposable.ts';
import type { Event } from '../../common/event.ts';
import type { SourceDecoders } from './sourceDecoders.ts';

/** How bodies are decoded: what is chosen in the settings by content type, and what is remembered of queues and exchanges. */
export class Decoding implements Disposable {
  readonly #sources: SourceDecoders;
  readonly #decoders: Decoders;
  readonly #store = new DisposableStore();
  #byContentType: ReadonlyMap<string, Chosen>;
  /** What was remembered, as it was looked up: it is asked for each message. */
  readonly #bySource = new Map<string, Chosen | undefined>();

  constructor(sources: SourceDecoders) {
    this.#sources = sources;
    this.#byContentType = readSettings();
    this.#decoders = this.#store.add(new Decoders(() => this.#byContentType));
    const readAgain = (): void => this.#readAgain();
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(readAgain));
    this.#store.add(vscode.workspace.onDidChangeWorkspaceFolders(readAgain));
    this.#store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('warren.decoders')) readAgain();
      }),
    );
  }

  /** Bodies may read otherwise from now on. */
  get onDidChange(): Event<void> {
    return this.#decoders.onDidChange;
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** How the bodies of a queue's or an exchange's messages are read. */
  reader({ profile }: Pick<Session, 'profile'>, source: TailSource): BodyReader {
    const key = JSON.stringify([profile.id, source.kind, source.name]);
    return this.#decoders.reader(() => {
      if (!this.#bySource.has(key)) this.#bySource.set(key, allowed(this.#sources.of(profile.id, source)));
      return this.#bySource.get(key);
    });
  }

  chosen({ profile }: Pick<Session, 'profile'>, source: TailSource): DecoderChoice | undefined {
    return this.#sources.of(profile.id, source);
  }

  /** @param choice undefined leaves it to the messages */
  async choose(
    { profile }: Pick<Session, 'profile'>,
    source: TailSource,
    choice: DecoderChoice | undefined,
  ): Promise<void> {
    await this.#sources.remember(profile.id, source, choice);
    this.#readAgain();
  }

  /** Writes it into the settings of the workspace, or of the user where there is none. */
  async chooseForType(mediaType: string, choice: DecoderChoice | undefined): Promise<void> {
    await writeDecoderSetting(mediaType, choice && choiceSetting(withRelativePath(choice)));
  }

  #readAgain(): void {
    this.#byContentType = readSettings();
    this.#bySource.clear();
    this.#decoders.chosen();
  }
}

function readSettings(): ReadonlyMap<string, Chosen> {
  const folder = firstFolder();
  const absolute = (path: string): string | undefined =>
    folder === undefined ? (resolve(path) === path ? path : undefined) : resolve(folder, path);
  const entries = Object.entries(decoderSettings()).map(([type, value]): [string, Chosen] => {
    const choice = parseChoice(value, absolute);
    return [
      type.toLowerCase(),
      typeof choice === 'string' ? `warren.decoders ${type}: ${choice}` : (allowed(choice) ?? ''),
    ];
  });
  return new Map(entries);
}

function allowed(choice: DecoderChoice | undefined): Chosen | undefined {
  return unlessUntrusted(choice, vscode.workspace.isTrusted);
}

function withRelativePath(choice: DecoderChoice): DecoderChoice {
  const folder = firstFolder();
  if (!('schema' in choice) || folder === undefined) return choice;
  const path = relative(folder, choice.schema);
  return path.startsWith('..') || resolve(path) === path ? choice : { ...choice, schema: path.split(sep).join('/') };
}
