import type * as vscode from 'vscode';
import { isStreamTail } from '../../broker/consume/stream/isStreamTail.ts';
import type { BodyReader } from '../../broker/decoding/bodyReader.ts';
import type { Tail, TailMode } from '../../broker/consume/tail.ts';
import type { TailNotice, TailStatus } from '../../broker/consume/tailStatus.ts';
import type { Session } from '../../broker/session.ts';
import type { Clock } from '../../common/clock.ts';
import { DisposableStore, type Disposable } from '../../common/disposable.ts';
import { Emitter, type Event } from '../../common/event.ts';
import { newestThatFit, nextInOrder, type Batch, type Room } from './batch.ts';
import { formatNotice } from './format.ts';
import { sourceName } from './sourceName.ts';
import { Pace } from './pace.ts';
import type { QueueInfo } from '../../broker/management/model.ts';
import { isGraveNotice, isGraveStatus, Notices } from './notices.ts';
import { noticeText, startText, statusText, type TailSubject } from './tailNotices.ts';

/** After a batch that left something, the next one comes so much later, in milliseconds. */
const nextInOrderMs = 50;
/** How often is looked whether to write while messages are skipped: the last one of a flood is to be seen within 0.2 s. */
const lookMs = 60;
/** What is written at a time when a tail is over; in `drain` and `tap` the rest is left out and counted. */
const finishLines = 1_000;
const finishCharacters = 256_000;

export interface TailOutputOptions {
  /** Ours; what lens commands carry. */
  readonly id: string;
  readonly session: Session;
  readonly tail: Tail;
  /** What is known of the queue; undefined without a management API. */
  readonly details: QueueInfo | undefined;
  /** How the tail reads and at what cost, for the first line. */
  readonly cost: string;
  readonly channel: vscode.OutputChannel;
  /** The channel's name. */
  readonly name: string;
  readonly clock: Clock;
  /** How much of a body is shown, in bytes; asked for each batch, for it is a setting. */
  readonly bodyLimit: () => number;
  readonly bodies: BodyReader;
  /** Brings it to where a person looks at tails. */
  readonly reveal: (output: TailOutput) => void;
}

/**
 * A tail as text in an output channel. It owns the place up to which it has written, and nothing else: messages and their
 * states are the tail's.
 */
export class TailOutput implements Disposable {
  readonly id: string;
  readonly session: Session;
  readonly tail: Tail;
  readonly channel: vscode.OutputChannel;
  readonly name: string;
  #details: QueueInfo | undefined;
  readonly #clock: Clock;
  readonly #bodyLimit: () => number;
  readonly #reveal: (output: TailOutput) => void;
  /** How its messages' bodies are read. */
  readonly bodies: BodyReader;
  /** What was said of it, for other views. */
  readonly notices: Notices;
  readonly #pace = new Pace();
  readonly #store = new DisposableStore();
  readonly #changed = new Emitter<void>();
  /** Its status, the state of messages, or whether it keeps up has changed. */
  readonly onDidChange: Event<void> = this.#changed.event;
  #cursor = 0;
  /** Lines about the tail that belong after a message that is not written yet. */
  #pending: { readonly after: number; readonly line: string }[] = [];
  #next: Disposable | undefined;
  #isBehind = false;
  #statusBefore: TailStatus;

  constructor(options: TailOutputOptions) {
    const { id, session, tail, details, cost, channel, name, clock, bodyLimit } = options;
    this.id = id;
    this.session = session;
    this.tail = tail;
    this.#details = details;
    this.channel = channel;
    this.name = name;
    this.#clock = clock;
    this.#bodyLimit = bodyLimit;
    this.#reveal = options.reveal;
    this.bodies = options.bodies;
    this.#statusBefore = tail.status;
    this.notices = this.#store.add(new Notices(clock));
    this.say(startText({ ...this.#about, connection: session.profile.name, cost }));
    this.#store.add(tail.onDidReceive(() => this.#write()));
    this.#store.add(tail.onDidChangeStatus((status) => this.#statusChanged(status)));
    this.#store.add(tail.onDidNotice((notice) => this.#noticed(notice)));
    this.#store.add(tail.onDidSettle(() => this.#changed.fire()));
    if (tail.holding) this.#store.add(tail.holding.onDidConfirm(() => this.#changed.fire()));
    this.#store.add({ dispose: () => this.#next?.dispose() });
  }

  /** What it reads, as people know it. */
  get subject(): string {
    return sourceName(this.tail.source);
  }

  /** What is known of the queue; undefined without a management API. */
  get details(): QueueInfo | undefined {
    return this.#details;
  }

  /** More has become known of the queue. */
  learn(details: QueueInfo): void {
    this.#details = details;
    this.#changed.fire();
  }

  /** Brings it to where a person looks at tails: the Output panel, or the Messages panel while that is in view. */
  reveal(): void {
    this.#reveal(this);
  }

  get hasEnded(): boolean {
    return this.tail.status.kind === 'ended';
  }

  /** The newest message that has been written (or counted): nothing beyond it has been seen. */
  get shownNumber(): number {
    return this.#cursor;
  }

  /** More comes than can be shown; lenses would only make the text jump. */
  get isFlooded(): boolean {
    return this.#isBehind && this.#skips;
  }

  /** Has its controls drawn anew. */
  redraw(): void {
    this.#changed.fire();
  }

  /** Writes what waits to be written: there is no time left to keep pace. */
  finish(): void {
    this.#next?.dispose();
    this.#next = undefined;
    for (let before = -1; before < this.#cursor;) {
      before = this.#cursor;
      this.#writeBatch({ lines: finishLines, characters: finishCharacters }, true);
    }
    this.#followUp(false);
  }

  /** Lets go of an ended tail's messages; its text stays. */
  release(): void {
    this.finish();
    this.tail.buffer.clear();
    this.#changed.fire();
  }

  /** Forgets the tail; the channel stays, for it may be used again. */
  dispose(): void {
    this.#store.dispose();
    this.#changed.dispose();
  }

  /** What nobody waits for: in a flood only the newest are shown. A page of a stream is shown whole. */
  get #skips(): boolean {
    const { tail } = this;
    return isStreamTail(tail) ? tail.reading === 'follow' : isLossy(tail.mode);
  }

  get #about(): TailSubject {
    return { name: this.subject, mode: this.tail.mode };
  }

  #write(): void {
    if (!this.#next) this.#writeNow();
  }

  #writeNow(): void {
    const room = this.#pace.room(this.#clock.now(), this.tail.buffer.lastNumber - this.#cursor);
    const { skipped, waitsFor } = this.#writeBatch(room, false);
    if (waitsFor) void this.#writeAfter(waitsFor);
    this.#followUp(skipped > 0);
  }

  /** Messages stay in order: what comes after one whose decoder is being loaded waits with it. */
  async #writeAfter(loaded: Promise<void>): Promise<void> {
    let isOver = false;
    this.#next = { dispose: () => (isOver = true) };
    await loaded;
    if (isOver) return;
    this.#next = undefined;
    this.#writeNow();
  }

  #writeBatch(room: Room, isHurried: boolean): Batch {
    const { buffer, mode } = this.tail;
    const choose = this.#skips ? newestThatFit : nextInOrder;
    const { bodies } = this;
    const batch = choose(buffer, this.#cursor, room, {
      maxBodyBytes: this.#bodyLimit(),
      isStream: mode === 'stream',
      bodies,
      isHurried,
    });
    if (batch.text !== '') this.channel.append(batch.text);
    this.#cursor = batch.cursor;
    this.#pace.wrote(batch.lines, batch.skipped);
    this.#writeNotices();
    return batch;
  }

  /** Sees to what is left, or will have come meanwhile. */
  #followUp(skipped: boolean): void {
    const isBehind = skipped || this.#cursor < this.tail.buffer.lastNumber;
    if (isBehind && skipped && this.#skips) this.#look(this.tail.buffer.lastNumber);
    else if (isBehind && !this.#next) this.#later(nextInOrderMs, () => this.#writeNow());
    if (isBehind === this.#isBehind) return;
    this.#isBehind = isBehind;
    this.#changed.fire();
  }

  /** Writes when it is time, or as soon as nothing has come after the message seen at the last look. */
  #look(seen: number): void {
    this.#later(lookMs, () => {
      const { lastNumber } = this.tail.buffer;
      const isDue = lastNumber === seen || this.#pace.isDue(this.#clock.now(), lastNumber - this.#cursor);
      if (isDue) this.#writeNow();
      else this.#look(lastNumber);
    });
  }

  #later(ms: number, action: () => void): void {
    this.#next = this.#clock.setTimeout(() => {
      this.#next = undefined;
      action();
    }, ms);
  }

  #statusChanged(status: TailStatus): void {
    const text = statusText(status, this.#statusBefore, this.#about);
    this.#statusBefore = status;
    if (text !== undefined) this.say(text, isGraveStatus(status));
    this.#changed.fire();
  }

  /** It may be about what can be done with a message. */
  #noticed(notice: TailNotice): void {
    this.say(noticeText(notice), isGraveNotice(notice));
    this.#changed.fire();
  }

  /** Writes a line of ours after what has come so far. @param isWarning see `Notice` */
  say(text: string, isWarning = false): void {
    const { time } = this.notices.add(text, isWarning);
    this.#pending.push({ after: this.tail.buffer.lastNumber, line: formatNotice(time, text) });
    this.#writeNotices();
  }

  #writeNotices(): void {
    while (this.#pending[0] && this.#pending[0].after <= this.#cursor) {
      this.channel.append(this.#pending[0].line);
      this.#pending.shift();
    }
  }
}

/** More may come than can be shown, and what comes is not held: the newest is shown, and what is left out is counted. */
function isLossy(mode: TailMode): boolean {
  return mode === 'drain' || mode === 'tap';
}
