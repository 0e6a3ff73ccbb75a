import { randomUUID } from 'node:crypto';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Clock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';
import type { ChannelHandle } from '../connection/channel.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import type { Message } from '../message/message.ts';
import { directReplyTo } from './directReply.ts';
import type { Draft } from './draft.ts';
import type { PublishOutcome } from './outcome.ts';
import { Publisher } from './publisher.ts';

/** What came of a request. */
export type RequestResult =
  /** `afterMs`: from sending the request, in milliseconds. */
  | { readonly kind: 'replied'; readonly reply: Message; readonly afterMs: number }
  /** The request is in a queue, and nobody replied in time. A reply that comes later is dropped by the broker or here. */
  | { readonly kind: 'noReply'; readonly afterMs: number }
  /** It is in no queue, or that is not known: no reply is awaited. */
  | { readonly kind: 'notRouted'; readonly outcome: Exclude<PublishOutcome, { kind: 'routed' }> };

interface RequestOptions {
  /** How long to wait for a reply when the request is in a queue, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the wait. The request may be in a queue then. */
  readonly signal?: AbortSignal;
}

interface Waiting {
  readonly sentAt: number;
  settle(result: RequestResult): void;
  fail(error: AppError): void;
}

/**
 * Publishes requests and awaits their replies by direct reply-to: no queue is declared, and the reply comes over the
 * channel that the request went out on. @see https://www.rabbitmq.com/docs/direct-reply-to
 */
export class Requester {
  readonly #publisher: Publisher;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();

  constructor(connection: BrokerConnection, clock: Clock) {
    this.#clock = clock;
    this.#publisher = new Publisher(connection, undefined, (channel) => this.#subscribe(channel));
  }

  /**
   * Publishes a message with `reply-to` and, unless it has one, a new `correlation-id`, and waits for the reply that has
   * the same.
   * @throws AppError `invalidInput` (it has a reply-to of its own, or another request waits with its correlation-id),
   * `cancelled`, why there is no channel, or `replyLost` when the channel ended before the reply
   */
  async request(draft: Draft, { timeoutMs, signal }: RequestOptions): Promise<RequestResult> {
    const { replyTo, correlationId = randomUUID() } = draft.properties;
    if (replyTo !== undefined) throw invalid('reply-to', 'must be left out: the reply is awaited by direct reply-to');
    if (this.#waiting.has(correlationId)) throw invalid('correlation-id', 'is that of another request under way');
    const cleanUp: (() => void)[] = [];
    const ended = new Promise<RequestResult>((resolve, reject) => {
      const sentAt = this.#clock.now();
      this.#waiting.set(correlationId, { sentAt, settle: resolve, fail: reject });
      const cancel = (): void => reject(new AppError('cancelled', {}));
      signal?.addEventListener('abort', cancel);
      cleanUp.push(() => signal?.removeEventListener('abort', cancel));
    });
    // It may fail before anyone waits for it below.
    ended.catch(() => undefined);
    try {
      const properties = { ...draft.properties, replyTo: directReplyTo, correlationId };
      const outcome = await this.#publisher.publish({ ...draft, properties }, signal);
      // A quick reply comes before the confirm, and says more.
      if (outcome.kind !== 'routed' && this.#waiting.has(correlationId)) return { kind: 'notRouted', outcome };
      // From here on: a broker with an alarm may have taken long to let it in.
      const giveUp = (): void => this.#waiting.get(correlationId)?.settle({ kind: 'noReply', afterMs: timeoutMs });
      const timer = this.#clock.setTimeout(giveUp, timeoutMs);
      cleanUp.push(() => timer.dispose());
      return await ended;
    } finally {
      this.#waiting.delete(correlationId);
      for (const undo of cleanUp) undo();
    }
  }

  async #subscribe(channel: ChannelHandle<ConfirmChannel>): Promise<void> {
    channel.onDidEnd(() => this.#failAll(new AppError('replyLost', {})));
    const deliver = (message: ConsumeMessage | null): void => {
      if (message) this.#replied(message);
    };
    await channel.call('await replies', {}, (raw) => raw.consume(directReplyTo, deliver, { noAck: true }));
  }

  #replied({ fields, properties, content }: ConsumeMessage): void {
    const correlationId: unknown = properties.correlationId;
    const waiting = typeof correlationId === 'string' ? this.#waiting.get(correlationId) : undefined;
    if (!waiting || typeof correlationId !== 'string') return;
    this.#waiting.delete(correlationId);
    const receivedAt = this.#clock.now();
    const { exchange, routingKey, redelivered } = fields;
    const reply = {
      number: 1,
      receivedAt,
      exchange,
      routingKey,
      redelivered,
      properties,
      content: Buffer.from(content),
    };
    waiting.settle({ kind: 'replied', reply, afterMs: receivedAt - waiting.sentAt });
  }

  #failAll(error: AppError): void {
    for (const waiting of this.#waiting.values()) waiting.fail(error);
  }
}

function invalid(field: string, reason: string): AppError {
  return new AppError('invalidInput', { field, reason });
}
