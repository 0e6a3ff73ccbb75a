import type { Clock } from '../../common/clock.ts';
import { toAppError, type AppError } from '../../common/errors.ts';
import { Emitter, type Event } from '../../common/event.ts';
import type { Draft } from '../publish/draft.ts';
import type { PublishOutcome } from '../publish/outcome.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { Journal } from './journal.ts';
import { Pacer } from './pacer.ts';

/** The messages of a batch. */
export interface BatchSource {
  /** All of them in order; read anew, each has the same place. @throws AppError what cannot be published */
  drafts(): AsyncIterable<Draft>;
}

export interface BatchOptions {
  /** How many may be unconfirmed at once. */
  readonly window?: number;
  /** The most that is sent in a second; as fast as the broker confirms where it is left out. */
  readonly perSecond?: number;
  /** Whether those are sent again of which a run before does not know whether the broker has them. */
  readonly resendUnknown?: boolean;
  readonly clock: Clock;
  /** Called for each message that was not published, with why; those of an earlier run excepted. */
  readonly onFailed?: (draft: Draft, outcome: Exclude<PublishOutcome, { kind: 'routed' }>, index: number) => void;
}

/** How a run ended. */
export interface BatchEnd {
  /** Whether every message of the source was sent, in this run or in one before. */
  readonly isComplete: boolean;
  /** What stopped it, unless a person did: a message that cannot be sent, or the end of the connection. */
  readonly error: AppError | undefined;
}

/**
 * Publishes a batch in order within a confirm window, and keeps its ledger. A run that goes on with the journal of an
 * earlier one sends nothing that the broker has confirmed.
 */
export class BatchRun {
  readonly journal: Journal;
  readonly #publisher: Publisher;
  readonly #source: BatchSource;
  readonly #options: BatchOptions;
  readonly #pacer: Pacer;
  /** Those sent and not confirmed, by their place in what this run has sent. */
  readonly #underWay = new Map<number, { readonly index: number; readonly draft: Draft }>();
  #sent = 0;
  #isComplete = false;
  #failure: AppError | undefined;
  readonly #progressed = new Emitter<void>();
  /** The ledger has changed; fires for each outcome. */
  readonly onDidProgress: Event<void> = this.#progressed.event;

  constructor(publisher: Publisher, source: BatchSource, journal: Journal, options: BatchOptions) {
    this.#publisher = publisher;
    this.#source = source;
    this.journal = journal;
    this.#options = options;
    this.#pacer = new Pacer(options.clock, options.perSecond);
  }

  /** Nothing more is sent until `resume`; what is under way goes on to its confirm. */
  pause(): void {
    this.#pacer.pause();
  }

  resume(): void {
    this.#pacer.resume();
  }

  get isPaused(): boolean {
    return this.#pacer.isPaused;
  }

  /**
   * Publishes until all is sent and has its outcome, something fails, or `signal` aborts: what was sent and not confirmed
   * then is `unknown`. The journal is closed at the end.
   * @throws AppError why nothing could be sent
   */
  async run(signal: AbortSignal): Promise<BatchEnd> {
    let error: AppError | undefined;
    const abort = (): void => this.#pacer.resume();
    signal.addEventListener('abort', abort);
    try {
      const { window } = this.#options;
      await this.#publisher.publishMany(this.#drafts(signal), {
        ...(window !== undefined && { window }),
        signal,
        onOutcome: (position, outcome) => this.#settled(position, outcome),
      });
    } catch (thrown) {
      error = toAppError(thrown);
      if (this.#sent === 0) throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      // What was handed over and not sent any more.
      const [unsent] = this.#underWay.values();
      this.journal.close(unsent?.index);
    }
    return { isComplete: this.#isComplete, error: error ?? this.#failure };
  }

  async *#drafts(signal: AbortSignal): AsyncGenerator<Draft> {
    const { ledger } = this.journal;
    const { resendUnknown = false } = this.#options;
    let index = -1;
    for await (const draft of this.#source.drafts()) {
      index++;
      const fate = ledger.fateOf(index);
      if (fate === 'routed' || (fate === 'unknown' && !resendUnknown)) continue;
      await this.#pacer.turn();
      if (signal.aborted) return;
      this.journal.sending(index);
      this.#underWay.set(this.#sent++, { index, draft });
      yield draft;
    }
    this.#isComplete = true;
  }

  #settled(position: number, outcome: PublishOutcome): void {
    const sent = this.#underWay.get(position);
    if (!sent) return;
    this.#underWay.delete(position);
    this.journal.note(sent.index, outcome.kind);
    if (outcome.kind !== 'routed') {
      if (outcome.kind === 'unknown' && !outcome.error.is('cancelled')) this.#failure ??= outcome.error;
      this.#options.onFailed?.(sent.draft, outcome, sent.index);
    }
    this.#progressed.fire();
  }
}
