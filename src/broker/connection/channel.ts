import type { Channel } from 'amqplib';
import { AppError } from '../../common/errors.ts';
import { Emitter, type Event } from '../../common/event.ts';
import { channelFailure, type OperationContext } from '../errors.ts';

interface ChannelOptions {
  /** How long a call to the broker may take before Warren stops waiting for it, in milliseconds. */
  readonly callTimeoutMs: number;
  /** What ended its connection, where that is known. */
  readonly lostBy: () => AppError | undefined;
}

/**
 * How a channel was closed: in order; not at all, since it had ended before; or without an answer, and then the broker may
 * go on holding what it delivered there until the connection ends.
 */
export type CloseOutcome = 'closed' | 'gone' | 'unanswered';

/**
 * One AMQP channel from birth to death. It has an 'error' listener from the start (without one amqplib turns a 404 into
 * a closed connection), and no call on it can hang: each ends with its reply, the channel's end, or a time-out.
 */
export class ChannelHandle<C extends Channel = Channel> {
  readonly raw: C;
  readonly #options: ChannelOptions;
  #end: AppError | undefined;
  readonly #ended = new Emitter<AppError>();
  /** Fires once, with why, when the channel has ended: by the broker, with its connection, or by `close`. */
  readonly onDidEnd: Event<AppError> = this.#ended.event;

  constructor(raw: C, options: ChannelOptions) {
    this.raw = raw;
    this.#options = options;
    // Every publish under way listens for `drain`; ten is no sign of a leak.
    raw.setMaxListeners(0);
    let failure: unknown;
    raw.on('error', (error) => {
      failure = error;
    });
    raw.on('close', () => this.#finish(failure));
  }

  /** Why the channel has ended, or undefined while it is open. */
  get end(): AppError | undefined {
    return this.#end;
  }

  /**
   * What ended its connection, and it with it; undefined where it ended by itself, or the connection was closed here. Not
   * known yet at the moment of `onDidEnd`.
   */
  get lostBy(): AppError | undefined {
    return this.#end?.is('notConnected') === true ? this.#options.lostBy() : undefined;
  }

  /**
   * Runs one call on the channel.
   * @param signal ends the wait; the broker may still do what it was asked for
   * @throws AppError for a refusal by the broker (which also ends the channel), the channel's end, `timeout`, `abandoned`,
   * or `cancelled` where nothing was asked yet
   */
  async call<T>(
    operation: string,
    context: OperationContext,
    run: (channel: C) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    if (this.#end) throw this.#end;
    if (signal?.aborted === true) throw new AppError('cancelled', {});
    const ms = this.#options.callTimeoutMs;
    const cleanUp: (() => void)[] = [];
    const interrupted = new Promise<never>((_resolve, reject) => {
      const timer = setTimeout(() => reject(new AppError('timeout', { operation, ms })), ms);
      cleanUp.push(() => clearTimeout(timer));
      // The broker's refusal rejects the call itself first, with a code; this only catches what else ends the channel.
      const subscription = this.onDidEnd((error) => setImmediate(reject, error));
      cleanUp.push(() => subscription.dispose());
      const abandon = (): void => reject(new AppError('abandoned', { operation }));
      signal?.addEventListener('abort', abandon);
      cleanUp.push(() => signal?.removeEventListener('abort', abandon));
    });
    try {
      return await Promise.race([run(this.raw), interrupted]);
    } catch (error) {
      const { end } = this;
      if (end && !hasReplyCode(error)) throw this.lostBy ?? end;
      // What amqplib cannot encode; nothing was sent then.
      if (error instanceof TypeError || error instanceof RangeError) {
        throw new AppError('invalidInput', { field: 'arguments', reason: error.message }, { cause: error });
      }
      throw channelFailure(error, context);
    } finally {
      for (const undo of cleanUp) undo();
    }
  }

  /** Closes the channel; the broker requeues what it holds unacknowledged. Never throws and never hangs. */
  async close(): Promise<CloseOutcome> {
    if (this.#end) return 'gone';
    try {
      await this.call('close channel', {}, (channel) => channel.close());
      return 'closed';
    } catch (error) {
      const outcome = this.end ? 'gone' : 'unanswered';
      // Whatever kept it from closing in order, it is closed for us: nothing more is sent on it.
      this.#finish(error);
      return outcome;
    }
  }

  #finish(failure: unknown): void {
    if (this.#end) return;
    this.#end = failure === undefined ? new AppError('notConnected', {}) : channelFailure(failure);
    this.#ended.fire(this.#end);
    this.#ended.dispose();
  }
}

function hasReplyCode(error: unknown): boolean {
  return error instanceof AppError || (error instanceof Error && 'code' in error && typeof error.code === 'number');
}
