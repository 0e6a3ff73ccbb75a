import type { Tail } from '../../broker/consume/tail.ts';
import type { Session } from '../../broker/session.ts';
import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { Emitter, type Event } from '../../common/event.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { QueueInfo } from '../../broker/management/model.ts';
import { TailOutput } from './tailOutput.ts';

/** Output channels of ended tails that stay to be read; beyond it the oldest are closed. */
const mostEnded = 5;
/** The queue's counts are asked for so much after a settlement, in milliseconds: many may follow each other. */
const refreshDelayMs = 300;

/** What creates an output channel; VS Code's, but for tests. */
export type CreateChannel = (name: string) => TailOutput['channel'];

/** The tails in the Output panel: those running, and ended ones whose text can still be read. */
export class TailOutputs implements Disposable {
  readonly #create: CreateChannel;
  readonly #clock: Clock;
  /** In the order they were opened; one for each queue. */
  #all: TailOutput[] = [];
  #opened = 0;
  readonly #refreshes = new Map<Session, { queues: Set<string>; timer: Disposable }>();
  readonly #changed = new Emitter<TailOutput>();
  /** A tail was opened or closed, its status or the state of its messages has changed. */
  readonly onDidChange: Event<TailOutput> = this.#changed.event;

  constructor(create: CreateChannel, clock: Clock) {
    this.#create = create;
    this.#clock = clock;
  }

  all(): readonly TailOutput[] {
    return this.#all;
  }

  get(id: unknown): TailOutput | undefined {
    return this.#all.find((output) => output.id === id);
  }

  /** The last tail of a queue, ended or not. */
  find(session: Session, queue: string): TailOutput | undefined {
    return this.#all.find((output) => output.session.profile.id === session.profile.id && output.queue === queue);
  }

  /** The tail whose text a document of the Output panel is. */
  ofDocument({ scheme, path }: { readonly scheme: string; readonly path: string }): TailOutput | undefined {
    if (scheme !== 'output') return undefined;
    const name = /^extension-output-.*?-#\d+-(.*)$/s.exec(path)?.[1];
    return this.#all.find((output) => output.name === name);
  }

  /** Gives a tail its output: the channel of the queue's last tail where there is one. Call it before the tail starts. */
  open(session: Session, tail: Tail, details: QueueInfo | undefined): TailOutput {
    const before = this.find(session, tail.options.queue);
    const name = before?.name ?? this.#freeName(session, tail.options.queue);
    const channel = before?.channel ?? this.#create(name);
    if (before) this.#forget(before);
    const id = `tail-${++this.#opened}`;
    const output = new TailOutput({ id, session, tail, details, channel, name, clock: this.#clock });
    this.#all.push(output);
    output.onDidChange(() => this.#changed.fire(output));
    tail.onDidSettle(() => this.#refreshSoon(output));
    tail.onDidChangeStatus(({ kind }) => {
      this.#refreshSoon(output);
      if (kind === 'ended') this.#closeOldest();
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
    for (const { timer } of this.#refreshes.values()) timer.dispose();
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

  #closeOldest(): void {
    const ended = this.#all.filter((output) => output.hasEnded);
    for (const output of ended.slice(0, -mostEnded)) this.close(output);
  }

  /** The document of a channel is found by its name, so no two may have the same. */
  #freeName(session: Session, queue: string): string {
    const plain = `RabbitMQ: ${visibleName(queue)}`;
    const withConnection = `${plain} (${visibleName(session.profile.name)})`;
    const isFree = (name: string): boolean => !this.#all.some((output) => output.name === name);
    if (isFree(plain)) return plain;
    let name = withConnection;
    for (let n = 2; !isFree(name); n++) name = `${withConnection} ${n}`;
    return name;
  }

  #refreshSoon({ session, queue }: TailOutput): void {
    const waiting = this.#refreshes.get(session);
    if (waiting) {
      waiting.queues.add(queue);
      return;
    }
    const queues = new Set([queue]);
    const timer = this.#clock.setTimeout(() => {
      this.#refreshes.delete(session);
      if (session.isOpen) void session.queues.refresh([...queues]);
    }, refreshDelayMs);
    this.#refreshes.set(session, { queues, timer });
  }
}
