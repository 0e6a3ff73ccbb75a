import type { ConfirmChannel, Message } from 'amqplib';
import { unlessAborted } from '../../common/abort.ts';
import { AppError, toAppError, toError } from '../../common/errors.ts';
import type { ChannelHandle } from '../connection/channel.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { validateDraft, type Draft } from './draft.ts';

/** What became of a published message. Only `routed` may be called published. */
export type PublishOutcome =
  /** The broker confirmed it, and at least one queue took it. */
  | { readonly kind: 'routed' }
  /** Confirmed, but no queue is bound for it: `mandatory` brought it back. */
  | { readonly kind: 'unroutable' }
  /** The broker took no responsibility for it: nacked (a full queue with reject-publish), or its channel closed over it. */
  | { readonly kind: 'refused'; readonly error: AppError }
  /** The connection ended, or the person stopped waiting, before the confirm: it may or may not be in a queue. */
  | { readonly kind: 'unknown'; readonly error: AppError };

interface PublishManyOptions {
  /** How many may be unconfirmed at once; the window is what limits the rate. */
  readonly window?: number;
  /** Stops sending; what is already sent and not confirmed becomes `unknown`. */
  readonly signal?: AbortSignal;
  /** Called once per draft that was sent, in the order of the confirms. */
  readonly onOutcome: (index: number, outcome: PublishOutcome) => void;
}

interface Pending {
  readonly draft: Draft;
  returned: boolean;
  readonly settle: (outcome: PublishOutcome) => void;
}

const defaultWindow = 500;
/** A broker that sends no confirm for so long, with nothing left to be sent to it, may never do so; milliseconds. */
const usualConfirmTimeoutMs = 30_000;

/**
 * Publishes with confirms and `mandatory`, always, on a connection of its own. It never declares: a typo must not make a
 * queue. @see https://www.rabbitmq.com/docs/publishers#unroutable and https://www.rabbitmq.com/docs/confirms
 */
export class Publisher {
  readonly #connection: BrokerConnection;
  readonly #confirmTimeoutMs: number;
  #channel: ChannelHandle<ConfirmChannel> | undefined;
  #opening: Promise<ChannelHandle<ConfirmChannel>> | undefined;
  readonly #pending = new Set<Pending>();

  /** @param confirmTimeoutMs after so long without any confirm, and without an alarm, what is unconfirmed is `unknown` */
  constructor(connection: BrokerConnection, confirmTimeoutMs = usualConfirmTimeoutMs) {
    this.#connection = connection;
    this.#confirmTimeoutMs = confirmTimeoutMs;
  }

  /**
   * Publishes one message and waits for its outcome.
   * @throws AppError `invalidInput`, `cancelled`, or why there is no channel; nothing was sent then
   */
  async publish(draft: Draft, signal?: AbortSignal): Promise<PublishOutcome> {
    let outcome: PublishOutcome | undefined;
    await this.publishMany([draft], {
      ...(signal && { signal }),
      onOutcome: (_index, result) => {
        outcome = result;
      },
    });
    if (!outcome) throw signal?.aborted === true ? new AppError('cancelled', {}) : new AppError('notConnected', {});
    return outcome;
  }

  /**
   * Publishes in order and resolves when every message sent has its outcome. It stops sending when the channel ends, no
   * confirm comes any more or `signal` aborts: drafts that got no outcome were never sent.
   * @throws AppError `invalidInput` for a draft, `cancelled` before anything was sent, or why there is no channel
   */
  async publishMany(drafts: Iterable<Draft> | AsyncIterable<Draft>, options: PublishManyOptions): Promise<void> {
    const { window = defaultWindow, signal, onOutcome } = options;
    const channel = await unlessAborted(this.#ready(), signal);
    const own = new Set<Pending>();
    let flowing = true;
    let wake = ignore;
    const woken = (): Promise<void> => new Promise((resolve) => (wake = resolve));
    let lastProgress = Date.now();
    let silent = false;
    const onDrain = (): void => {
      flowing = true;
      lastProgress = Date.now();
      wake();
    };
    const giveUp = (error: AppError): void => {
      for (const pending of own) pending.settle({ kind: 'unknown', error });
      wake();
    };
    const onAbort = (): void => giveUp(new AppError('cancelled', {}));
    const checkProgress = (): void => {
      const ms = this.#confirmTimeoutMs;
      const mayCome = own.size === 0 || !flowing || this.#connection.state.kind === 'blocked';
      if (mayCome) lastProgress = Date.now();
      if (Date.now() - lastProgress < ms) return;
      silent = true;
      giveUp(new AppError('timeout', { operation: 'confirm', ms }));
    };
    const stopped = (): boolean => signal?.aborted === true || silent || channel.end !== undefined;
    const watch = setInterval(checkProgress, this.#confirmTimeoutMs / 10);
    channel.raw.on('drain', onDrain);
    signal?.addEventListener('abort', onAbort, { once: true });
    let index = 0;
    try {
      for await (const draft of drafts) {
        while (!stopped() && (own.size >= window || !flowing)) await woken();
        if (stopped()) break;
        validateDraft(draft);
        const position = index++;
        const settle = (outcome: PublishOutcome): void => {
          if (!own.delete(pending)) return;
          this.#pending.delete(pending);
          lastProgress = Date.now();
          onOutcome(position, outcome);
          wake();
        };
        const pending: Pending = { draft, returned: false, settle };
        own.add(pending);
        this.#pending.add(pending);
        flowing = this.#send(channel, pending);
      }
    } finally {
      while (own.size > 0) await woken();
      clearInterval(watch);
      signal?.removeEventListener('abort', onAbort);
      channel.raw.removeListener('drain', onDrain);
    }
  }

  /** Returns whether the socket takes more at once. What amqplib cannot encode or no longer sends is refused. */
  #send(channel: ChannelHandle<ConfirmChannel>, pending: Pending): boolean {
    const { draft, settle } = pending;
    try {
      return channel.raw.publish(
        draft.exchange,
        draft.routingKey,
        draft.content,
        { ...draft.properties, mandatory: true },
        (error) => {
          // When the channel ends amqplib calls this too; `#channelEnded` then knows why, this does not.
          if (error === null) settle({ kind: pending.returned ? 'unroutable' : 'routed' });
          else if (toError(error).message === 'message nacked') settle({ kind: 'refused', error: nacked(draft) });
        },
      );
    } catch (thrown) {
      const cause = toError(thrown);
      const closing = cause.name === 'IllegalOperationError';
      const error = closing
        ? new AppError('notConnected', {}, { cause })
        : new AppError('invalidInput', { field: 'message', reason: cause.message }, { cause });
      settle({ kind: 'refused', error });
      return true;
    }
  }

  async #ready(): Promise<ChannelHandle<ConfirmChannel>> {
    if (this.#channel && !this.#channel.end) return this.#channel;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #open(): Promise<ChannelHandle<ConfirmChannel>> {
    await this.#connection.connect();
    const { state } = this.#connection;
    // Nothing is answered on it, not even that a channel is open.
    if (state.kind === 'blocked') throw new AppError('blocked', { reason: state.reason });
    const channel = await this.#connection.openConfirmChannel();
    this.#channel = channel;
    channel.raw.on('return', (message) => this.#returned(message));
    channel.onDidEnd((error) => this.#channelEnded(error));
    return channel;
  }

  /** A return names no delivery tag and comes before its confirm: it belongs to the first equal message that waits. */
  #returned(message: Message): void {
    const { fields, properties, content } = message;
    for (const pending of this.#pending) {
      const { draft } = pending;
      if (pending.returned || draft.exchange !== fields.exchange || draft.routingKey !== fields.routingKey) continue;
      if (draft.properties.messageId !== properties.messageId || !draft.content.equals(content)) continue;
      pending.returned = true;
      return;
    }
  }

  #channelEnded(error: AppError): void {
    const all = [...this.#pending];
    for (const pending of all) pending.settle(outcomeAtEnd(pending, error, all.length));
  }
}

/** Messages behind the one that closed the channel are discarded, those before it may be in a queue. */
function outcomeAtEnd(pending: Pending, error: AppError, unconfirmed: number): PublishOutcome {
  const isItsExchange = error.is('exchangeNotFound') && error.params.exchange === pending.draft.exchange;
  const closedOverIt = !error.is('notConnected') && unconfirmed === 1;
  return isItsExchange || closedOverIt ? { kind: 'refused', error } : { kind: 'unknown', error: toAppError(error) };
}

function nacked(draft: Draft): AppError {
  return new AppError('publishNacked', { exchange: draft.exchange, routingKey: draft.routingKey });
}

function ignore(): void {}
