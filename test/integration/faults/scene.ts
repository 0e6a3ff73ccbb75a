import assert from 'node:assert/strict';
import { parseAmqpUri } from '../../../src/broker/amqpUri.ts';
import type { ConnectionState } from '../../../src/broker/connection/state.ts';
import { queueTail } from '../../../src/broker/consume/queueTail.ts';
import type { Tail } from '../../../src/broker/consume/tail.ts';
import type { QueueTailOptions } from '../../../src/broker/consume/tailOptions.ts';
import type { ConnectionProfile } from '../../../src/broker/profile.ts';
import type { Draft, DraftProperties } from '../../../src/broker/publish/draft.ts';
import type { PublishOutcome } from '../../../src/broker/publish/publisher.ts';
import { Session } from '../../../src/broker/session.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { AppError, type ErrorCode } from '../../../src/common/errors.ts';
import { errorText } from '../../../src/ui/errorText.ts';
import { freshVhost, sharedBroker, type BrokerAddress, type FreshVhost } from '../../support/broker.ts';
import { Ledger, type Balance } from '../../support/ledger.ts';
import { TcpProxy } from '../../support/tcpProxy.ts';
import { waitFor } from '../../support/waitFor.ts';
import { plainTraits } from '../support/core.ts';

/** A vhost of a test's own, sessions of Warren on it, and the books of what they publish and ack. */
export class Scene {
  readonly vhost: FreshVhost;
  readonly ledger = new Ledger();
  readonly #sessions: Session[] = [];
  readonly #proxies: TcpProxy[] = [];
  #count = 0;

  private constructor(vhost: FreshVhost) {
    this.vhost = vhost;
  }

  static async on(broker: BrokerAddress = sharedBroker()): Promise<Scene> {
    return new Scene(await freshVhost(broker));
  }

  /** A session that is not connected yet. */
  session(profile: Partial<ConnectionProfile> = {}, password = this.vhost.password): Session {
    const { target } = parseAmqpUri(this.vhost.amqpUrl);
    const { managementUrl } = this.vhost;
    const session = new Session({
      profile: { id: 'p', name: 'Test', ...target, managementUrl, ...profile },
      secrets: async () => ({ password }),
      knownQueues: [],
      clock: systemClock,
    });
    this.#sessions.push(session);
    return session;
  }

  async connected(profile: Partial<ConnectionProfile> = {}, password?: string): Promise<Session> {
    const session = this.session(profile, password);
    await session.ready();
    return session;
  }

  /** A session on the other side of a proxy. */
  async behindProxy(): Promise<{ proxy: TcpProxy; session: Session }> {
    const proxy = await TcpProxy.to(this.vhost.amqpPort);
    this.#proxies.push(proxy);
    return { proxy, session: await this.connected({ port: proxy.port }) };
  }

  /** Messages with ids of their own, persistent. */
  drafts(queue: string, count: number, properties: DraftProperties = {}, bytes = 100): Draft[] {
    return Array.from({ length: count }, () => ({
      exchange: '',
      routingKey: queue,
      content: Buffer.alloc(bytes, 'x'),
      properties: { persistent: true, messageId: `m${++this.#count}`, ...properties },
    }));
  }

  /** Publishes and keeps the books; returns the outcomes, with nothing where a message was not sent. */
  async publish(session: Session, drafts: readonly Draft[], signal?: AbortSignal): Promise<PublishOutcome[]> {
    const outcomes: PublishOutcome[] = [];
    await session.publisher.publishMany(drafts, {
      ...(signal && { signal }),
      onOutcome: (index, outcome) => {
        outcomes[index] = outcome;
        this.note(drafts[index], outcome);
      },
    });
    return outcomes;
  }

  note(draft: Draft | undefined, outcome: PublishOutcome): void {
    this.ledger.published(idOf(draft), outcome.kind);
  }

  /** A durable classic queue with so many messages in it. */
  async fill(session: Session, queue: string, count: number, args: Record<string, unknown> = {}): Promise<string[]> {
    await session.admin.declare({ name: queue, durable: true, arguments: args });
    const drafts = this.drafts(queue, count);
    for (const { kind } of await this.publish(session, drafts)) assert.equal(kind, 'routed');
    return drafts.map(idOf);
  }

  async tail(session: Session, queue: string, options: Partial<QueueTailOptions> = {}): Promise<Tail> {
    const buffer = { messages: 100_000, bytes: 1e9 };
    const tail = session.openTail(
      queueTail({ queue, mode: 'hold', prefetch: 100, traits: plainTraits, buffer, ...options }),
    );
    await tail.start();
    return tail;
  }

  /** Acks messages of a tail that are held; returns how many these were. */
  ack(tail: Tail, numbers: readonly number[]): number {
    for (const number of numbers) if (tail.stateOf(number) === 'held') this.ledger.acked(messageId(tail, number));
    return tail.settle(numbers, 'acked');
  }

  /** Closes all sessions, and draws the balance of these queues: nothing may be lost. */
  async balance(...queues: string[]): Promise<Balance> {
    await this.close();
    return this.ledger.mustBalance(this.vhost.amqpUrl, queues);
  }

  async close(): Promise<void> {
    await Promise.all(this.#sessions.splice(0).map((session) => session.dispose()));
    await Promise.all(this.#proxies.splice(0).map((proxy) => proxy.dispose()));
  }

  async dispose(): Promise<void> {
    await this.close();
    await this.vhost.dispose().catch(() => undefined);
  }
}

function idOf(draft: Draft | undefined): string {
  return String(draft?.properties.messageId);
}

export function messageId(tail: Tail, number: number): string {
  return String(tail.buffer.get(number)?.properties.messageId);
}

/** Waits for a state of the connection as a person is shown it. */
export async function comesTo<K extends ConnectionState['kind']>(
  session: Session,
  kind: K,
  timeoutMs = 10_000,
): Promise<Extract<ConnectionState, { kind: K }>> {
  await waitFor(() => session.state.kind === kind, {
    timeoutMs,
    describe: () => `${kind}, not ${session.state.kind}${'error' in session.state ? ` (${session.state.error})` : ''}`,
  });
  return session.state as Extract<ConnectionState, { kind: K }>;
}

export async function tailComesTo(
  tail: Tail,
  kind: Tail['status']['kind'],
  timeoutMs = 10_000,
): Promise<Tail['status']> {
  await waitFor(() => tail.status.kind === kind, { timeoutMs, describe: () => `${kind}, not ${tail.status.kind}` });
  return tail.status;
}

/** What a person is told must be of this code, and say this. */
export function isTold(error: unknown, code: ErrorCode, text: RegExp): void {
  assert.ok(error instanceof AppError, String(error));
  assert.equal(error.code, code);
  assert.match(errorText(error), text);
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
}

/** The error of an outcome. */
export function errorIn(outcome: PublishOutcome | undefined): AppError | undefined {
  return outcome && 'error' in outcome ? outcome.error : undefined;
}

/** The error that a tail ended with. */
export function endOf(tail: Tail): AppError | undefined {
  return tail.status.kind === 'ended' ? tail.status.error : undefined;
}

/** To be called in a `describe`: nothing may have been thrown or rejected that nobody handles. */
export function nothingUnhandled(): void {
  const seen: unknown[] = [];
  const note = (error: unknown): void => void seen.push(error);
  before(() => {
    process.on('unhandledRejection', note);
    process.on('uncaughtExceptionMonitor', note);
  });
  after(() => {
    process.removeListener('unhandledRejection', note);
    process.removeListener('uncaughtExceptionMonitor', note);
    assert.deepEqual(seen, []);
  });
}
