import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import type { Clock } from '../../../common/clock.ts';
import { AppError, toAppError } from '../../../common/errors.ts';
import type { BrokerConnection } from '../../connection/connection.ts';
import { Consumer } from '../consumer.ts';
import { offsetOf } from './streamOffset.ts';
import type { StreamOptions } from './streamOptions.ts';
import { offsetArgument, type StreamStart } from './streamStart.ts';

interface ReaderCallbacks {
  /** In order, none twice. */
  onMessage(message: ConsumeMessage, offset: number): void;
  /** The broker has ended it, or something came that is from no stream. */
  onEnded(error: AppError): void;
}

/** Where to read and what; see `StreamOptions`. */
interface ReaderOptions extends Pick<StreamOptions, 'queue' | 'filter'> {
  readonly start: StreamStart;
  /** Messages under way at once. RabbitMQ 3.10 sends whole chunks, however small it is. */
  readonly prefetch: number;
  /** More is asked for each time that so many have come; never by itself when left out. */
  readonly batch?: number;
}

/**
 * RabbitMQ 4.0 may answer a call some milliseconds before it delivers what has just been written: only when it is quiet so
 * often, after so many milliseconds each, there is no more.
 */
export const mostQuietRounds = 4;
export const quietMs = 50;

/**
 * Reads a stream forwards on a channel of its own. Acknowledging asks for more and takes nothing off the stream; nothing
 * is ever returned, which RabbitMQ 3.10 answers by closing the connection (540).
 */
export class StreamReader {
  readonly #callbacks: ReaderCallbacks;
  readonly #filter: string | undefined;
  readonly #batch: number;
  #consumer!: Consumer;
  #unacked = { count: 0, lastTag: 0 };
  #received = 0;
  /** Of the newest message that came, whether it was wanted or not; -1 before the first. */
  #lastOffset = -1;

  private constructor({ filter, batch = Infinity }: ReaderOptions, callbacks: ReaderCallbacks) {
    this.#filter = filter;
    this.#batch = batch;
    this.#callbacks = callbacks;
  }

  /** Nothing is delivered before `begin`. @throws AppError */
  static async open(
    connection: BrokerConnection,
    options: ReaderOptions,
    clock: Clock,
    callbacks: ReaderCallbacks,
  ): Promise<StreamReader> {
    const { queue, start, prefetch, filter } = options;
    const reader = new StreamReader(options, callbacks);
    reader.#consumer = await Consumer.open(
      connection,
      {
        queue,
        prefetch,
        arguments: {
          'x-stream-offset': offsetArgument(start),
          ...(filter !== undefined && { 'x-stream-filter': filter }),
        },
      },
      clock,
      {
        onMessage: (message) => reader.#deliver(message),
        onCancelled: () => void reader.#cancelled(),
        onEnded: (error) => callbacks.onEnded(error),
      },
    );
    return reader;
  }

  /** Starts delivery. @throws AppError why the broker refused */
  async begin(): Promise<void> {
    await this.#consumer.subscribe();
  }

  /**
   * Waits until what was asked for is here, as far as the stream has it now: the broker answers a call after all that it
   * has delivered. @throws AppError
   */
  async arrived(): Promise<void> {
    for (;;) {
      const before = this.#received;
      try {
        // oxlint-disable-next-line no-await-in-loop
        await this.#consumer.countReady();
        return;
      } catch (error) {
        // Large messages may take longer than a call may: what counts is that they come.
        if (!toAppError(error).is('timeout') || this.#received === before) throw error;
      }
    }
  }

  /** Asks for more until this offset has come, or the stream has no more now. @throws AppError */
  async readTo(offset: () => number): Promise<void> {
    for (let quietRounds = 0; quietRounds < mostQuietRounds;) {
      const before = this.#received;
      // oxlint-disable-next-line no-await-in-loop
      await this.arrived();
      if (this.#lastOffset >= offset()) return;
      this.askForMore();
      quietRounds = this.#received > before ? 0 : quietRounds + 1;
      // oxlint-disable-next-line no-await-in-loop
      if (quietRounds > 0) await delay(quietMs);
    }
  }

  /** In place of what has come. */
  askForMore(): void {
    if (this.#unacked.count === 0) return;
    this.#consumer.settle(this.#unacked.lastTag, 'acked', true);
    this.#unacked = { count: 0, lastTag: 0 };
  }

  /** Ends delivery; no callback is made from here on. Never throws. */
  async close(): Promise<void> {
    await this.#consumer.close();
  }

  #deliver(message: ConsumeMessage): void {
    const offset = offsetOf(message);
    if (offset === undefined) {
      void this.close();
      this.#callbacks.onEnded(new AppError('unexpected', { reason: 'a message came without an offset' }));
      return;
    }
    this.#received++;
    this.#lastOffset = offset;
    this.#unacked = { count: this.#unacked.count + 1, lastTag: message.fields.deliveryTag };
    if (this.#matches(message)) this.#callbacks.onMessage(message, offset);
    if (this.#unacked.count >= this.#batch) this.askForMore();
  }

  /** The broker filters by chunks, in which others may be. */
  #matches({ properties }: ConsumeMessage): boolean {
    const value: unknown = properties.headers?.['x-stream-filter-value'];
    return this.#filter === undefined || value === undefined || value === this.#filter;
  }

  async #cancelled(): Promise<void> {
    this.#callbacks.onEnded(await this.#consumer.whyCancelled());
  }
}
