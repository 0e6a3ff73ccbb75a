import type { ConfirmChannel, Message } from 'amqplib';
import { unlessAborted } from '../../common/abort.ts';
import { AppError, toError } from '../../common/errors.ts';
import type { ChannelHandle } from '../connection/channel.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { ConfirmWindow, type Pending } from './confirmWindow.ts';
import { validateDraft, type Draft } from './draft.ts';
import type { PublishOutcome } from './outcome.ts';
import { isDirectReply, replyOutcome } from './directReply.ts';
import { returnedOf } from './returned.ts';
import { sendExactly } from './sendExactly.ts';

export type { PublishOutcome } from './outcome.ts';

interface PublishManyOptions {
  /** How many may be unconfirmed at once; the window is what limits the rate. */
  readonly window?: number;
  /** Stops sending; what is already sent and not confirmed becomes `unknown`. */
  readonly signal?: AbortSignal;
  /** Called once per draft that was sent, in the order of the confirms. */
  readonly onOutcome: (index: number, outcome: PublishOutcome) => void;
}

type PrepareChannel = (channel: ChannelHandle<ConfirmChannel>) => Promise<void>;

const routed: PublishOutcome = { kind: 'routed' };
const unroutable: PublishOutcome = { kind: 'unroutable' };

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
  readonly #prepare: PrepareChannel | undefined;
  #channel: ChannelHandle<ConfirmChannel> | undefined;
  #opening: Promise<ChannelHandle<ConfirmChannel>> | undefined;
  readonly #pending = new Set<Pending>();

  /**
   * @param confirmTimeoutMs after so long without any confirm, and without an alarm, what is unconfirmed is `unknown`
   * @param prepare what else each of its channels is for, before anything is published on it
   */
  constructor(connection: BrokerConnection, confirmTimeoutMs = usualConfirmTimeoutMs, prepare?: PrepareChannel) {
    this.#connection = connection;
    this.#confirmTimeoutMs = confirmTimeoutMs;
    this.#prepare = prepare;
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
    const unconfirmed = new ConfirmWindow({
      size: window,
      timeoutMs: this.#confirmTimeoutMs,
      isBlocked: () => this.#connection.state.kind === 'blocked',
    });
    const stopped = (): boolean => signal?.aborted === true || unconfirmed.isSilent || channel.end !== undefined;
    /** Settles with true when another message may be sent, with false when none may any more. */
    const room = async (): Promise<boolean> => {
      while (!stopped() && unconfirmed.isFull) await unconfirmed.changed();
      return !stopped();
    };
    let index = 0;
    const send = (draft: Draft): void => {
      validateDraft(draft);
      const position = index++;
      const settle = (outcome: PublishOutcome): void => {
        if (!unconfirmed.delete(pending)) return;
        this.#pending.delete(pending);
        onOutcome(position, outcome);
      };
      const pending: Pending = { draft, returned: false, settle };
      unconfirmed.add(pending);
      this.#pending.add(pending);
      if (!this.#send(channel, pending)) unconfirmed.socketFull();
    };
    const onDrain = (): void => unconfirmed.drained();
    const onAbort = (): void => unconfirmed.giveUp(new AppError('cancelled', {}));
    channel.raw.on('drain', onDrain);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      if (Symbol.iterator in drafts) {
        // Apart from the other: a wait for each message of a list would cost as much as sending it.
        for (const draft of drafts) {
          if ((stopped() || unconfirmed.isFull) && !(await room())) break;
          send(draft);
        }
      } else {
        for await (const draft of drafts) {
          if (!(await room())) break;
          send(draft);
        }
      }
    } finally {
      await unconfirmed.close();
      signal?.removeEventListener('abort', onAbort);
      channel.raw.removeListener('drain', onDrain);
    }
  }

  /** Returns whether the socket takes more at once. What amqplib cannot encode or no longer sends is refused. */
  #send(channel: ChannelHandle<ConfirmChannel>, pending: Pending): boolean {
    const { draft, settle } = pending;
    try {
      return sendExactly(channel.raw, draft, (error) => {
        // When the channel ends amqplib calls this too; `#channelEnded` then knows why, this does not.
        if (error === null && pending.returned && isDirectReply(draft)) void this.#settleReply(pending);
        else if (error === null) settle(pending.returned ? unroutable : routed);
        else if (toError(error).message === 'message nacked') settle({ kind: 'refused', error: nacked(draft) });
      });
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

  async #settleReply({ draft, settle }: Pending): Promise<void> {
    settle(await replyOutcome(this.#connection, draft));
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
    const channel = await this.#connection.openConfirmChannel();
    try {
      await this.#prepare?.(channel);
    } catch (error) {
      await channel.close();
      throw error;
    }
    this.#channel = channel;
    channel.raw.on('return', (message) => this.#returned(message));
    channel.onDidEnd((error) => {
      // When the connection has told what ended it.
      queueMicrotask(() => this.#channelEnded(error, channel.lostBy));
    });
    return channel;
  }

  /** A return comes before its confirm. */
  #returned(message: Message): void {
    const pending = returnedOf(message, this.#pending);
    if (pending) pending.returned = true;
  }

  #channelEnded(error: AppError, lostBy: AppError | undefined): void {
    const all = [...this.#pending];
    for (const pending of all) pending.settle(outcomeAtEnd(pending, error, all.length, lostBy));
  }
}

/** Messages behind the one that closed the channel are discarded, those before it may be in a queue. */
function outcomeAtEnd(pending: Pending, error: AppError, unconfirmed: number, lostBy = error): PublishOutcome {
  const isItsExchange = error.is('exchangeNotFound') && error.params.exchange === pending.draft.exchange;
  const closedOverIt = !error.is('notConnected') && unconfirmed === 1;
  return isItsExchange || closedOverIt ? { kind: 'refused', error } : { kind: 'unknown', error: lostBy };
}

function nacked(draft: Draft): AppError {
  return new AppError('publishNacked', { exchange: draft.exchange, routingKey: draft.routingKey });
}
