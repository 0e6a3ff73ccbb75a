import { randomUUID } from 'node:crypto';
import type { BodyReader } from '../../broker/decoding/bodyReader.ts';
import { isSameSource, type Tail, type TailSource } from '../../broker/consume/tail.ts';
import type { Session } from '../../broker/session.ts';
import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { Emitter, type Event } from '../../common/event.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { QueueInfo } from '../../broker/management/model.ts';
import { sourceName } from './sourceName.ts';
import { TailOutput } from './tailOutput.ts';

/** Output channels of ended tails that stay to be read; beyond it the oldest are closed. */
const mostEnded = 5;
/** Of these, the newest whose messages can still be opened: a buffer may be large. */
const mostKept = 2;

/** What creates an output channel; VS Code's, but for tests. */
export type CreateChannel = (name: string) => TailOutput['channel'];

export interface TailOutputsParts {
  readonly create: CreateChannel;
  readonly clock: Clock;
  /** How much of a body is shown, in bytes. */
  readonly bodyLimit: () => number;
  readonly reveal: (output: TailOutput) => void;
  /** How the bodies of a queue's or an exchange's messages are read. */
  readonly reader: (session: Session, source: TailSource) => BodyReader;
  /** A tail has changed what is in its queue. It is called for every settlement. */
  readonly touched: (session: Session, queue: string) => void;
}

/** The tails in the Output panel: those running, and ended ones whose text can still be read. */
export class TailOutputs implements Disposable {
  readonly #parts: TailOutputsParts;
  /** In the order they were opened; one for each queue or exchange. */
  #all: TailOutput[] = [];
  #opened = 0;
  /**
   * An editor or a webview that outlives its window names a tail of that window: no tail of this one may have the same id, or
   * its controls would settle other messages than it shows.
   */
  readonly #start = randomUUID();
  readonly #changed = new Emitter<TailOutput>();
  /** A tail was opened or closed, its status or the state of its messages has changed. */
  readonly onDidChange: Event<TailOutput> = this.#changed.event;

  constructor(parts: TailOutputsParts) {
    this.#parts = parts;
  }

  all(): readonly TailOutput[] {
    return this.#all;
  }

  get(id: unknown): TailOutput | undefined {
    return this.#all.find((output) => output.id === id);
  }

  /** The last tail of a queue or an exchange, ended or not. */
  find(session: Session, source: TailSource): TailOutput | undefined {
    const { id } = session.profile;
    return this.#all.find((output) => output.session.profile.id === id && isSameSource(output.tail.source, source));
  }

  /** The tail whose text a document of the Output panel is. */
  ofDocument({ scheme, path }: { readonly scheme: string; readonly path: string }): TailOutput | undefined {
    if (scheme !== 'output') return undefined;
    const name = /^extension-output-.*?-#\d+-(.*)$/s.exec(path)?.[1];
    return this.#all.find((output) => output.name === name);
  }

  /**
   * Gives a tail its output: the channel of the last tail of its queue where there is one. Call it before the tail starts.
   * @param cost how it reads and at what cost, for its first line
   */
  open(session: Session, tail: Tail, details: QueueInfo | undefined, cost: string): TailOutput {
    const { create, clock, bodyLimit, touched, reveal, reader } = this.#parts;
    const { source } = tail;
    const before = this.find(session, source);
    const name = before?.name ?? this.#freeName(session, sourceName(source));
    const channel = before?.channel ?? create(name);
    if (before) {
      before.finish();
      this.#forget(before);
    }
    const id = `tail-${this.#start}-${++this.#opened}`;
    const bodies = reader(session, source);
    const output = new TailOutput({
      id,
      session,
      tail,
      details,
      cost,
      channel,
      name,
      clock,
      bodyLimit,
      bodies,
      reveal,
    });
    this.#all.push(output);
    output.onDidChange(() => this.#changed.fire(output));
    const touch = (): void => {
      if (source.kind === 'queue') touched(session, source.name);
    };
    tail.onDidSettle(touch);
    tail.onDidChangeStatus(({ kind }) => {
      touch();
      if (kind === 'ended') this.#letGoOfOldest();
    });
    this.#changed.fire(output);
    return output;
  }

  /** Closes the channel of a tail that has ended. */
  close(output: TailOutput): void {
    if (!this.#all.includes(output)) return;
    this.#forget(output);
    output.channel.dispose();
    this.#changed.fire(output);
  }

  dispose(): void {
    for (const output of this.#all) {
      output.dispose();
      output.channel.dispose();
    }
    this.#all = [];
    this.#changed.dispose();
  }

  #forget(output: TailOutput): void {
    this.#all = this.#all.filter((other) => other !== output);
    output.dispose();
  }

  #letGoOfOldest(): void {
    const ended = this.#all.filter((output) => output.hasEnded);
    for (const output of ended.slice(0, -mostEnded)) this.close(output);
    for (const output of ended.slice(-mostEnded, -mostKept)) output.release();
  }

  /** The document of a channel is found by its name, so no two may have the same. */
  #freeName(session: Session, source: string): string {
    const plain = `RabbitMQ: ${shortName(source)}`;
    const withConnection = `${plain} (${shortName(session.profile.name)})`;
    const isFree = (name: string): boolean => !this.#all.some((output) => output.name === name);
    if (isFree(plain)) return plain;
    let name = withConnection;
    for (let n = 2; !isFree(name); n++) name = `${withConnection} ${n}`;
    return name;
  }
}

/** VS Code names a file after the channel, and stays silent when the name is too long for one: 255 bytes on most systems. */
const longestName = 40;

function shortName(name: string): string {
  const characters = Array.from(visibleName(name));
  return characters.length <= longestName ? characters.join('') : `${characters.slice(0, longestName - 1).join('')}…`;
}
