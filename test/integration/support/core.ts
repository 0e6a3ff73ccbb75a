import { parseAmqpUri } from '../../../src/broker/amqpUri.ts';
import type { ConnectionSecrets, ConnectionTarget } from '../../../src/broker/profile.ts';
import { BrokerConnection } from '../../../src/broker/connection/connection.ts';
import { QueueTail } from '../../../src/broker/consume/queueTail.ts';
import type { Tail } from '../../../src/broker/consume/tail.ts';
import type { QueueTailOptions } from '../../../src/broker/consume/tailOptions.ts';
import type { QueueTraits } from '../../../src/broker/consume/queueTraits.ts';
import type { TailNotice } from '../../../src/broker/consume/tailStatus.ts';
import { systemClock, type Clock } from '../../../src/common/clock.ts';
import { AppError, type ErrorCode } from '../../../src/common/errors.ts';
import { TcpProxy } from '../../support/tcpProxy.ts';
import { waitFor } from '../../support/waitFor.ts';

/** Where the core connects to, and closes all of it at the end of a suite. */
export class Core {
  readonly target: ConnectionTarget;
  readonly #password: string;
  readonly #connections: BrokerConnection[] = [];
  readonly #proxies: TcpProxy[] = [];

  constructor(amqpUrl: string, overrides: Partial<ConnectionTarget> = {}) {
    const { target, password } = parseAmqpUri(amqpUrl);
    this.target = { ...target, ...overrides };
    this.#password = password;
  }

  /** @param callTimeoutMs Warren's own unless given */
  connection(
    overrides: Partial<ConnectionTarget> = {},
    password = this.#password,
    callTimeoutMs?: number,
  ): BrokerConnection {
    const target = { ...this.target, ...overrides };
    const ask = (): Promise<ConnectionSecrets> => Promise.resolve({ password });
    const connection = new BrokerConnection(target, ask, 'test', systemClock, callTimeoutMs);
    this.#connections.push(connection);
    return connection;
  }

  async connected(overrides: Partial<ConnectionTarget> = {}, callTimeoutMs?: number): Promise<BrokerConnection> {
    const connection = this.connection(overrides, undefined, callTimeoutMs);
    await connection.connect();
    return connection;
  }

  /** Something between Warren and the broker, to connect to by its port. @param host where it listens */
  async proxy(host?: string): Promise<TcpProxy> {
    const proxy = await TcpProxy.to(this.target.port, host);
    this.#proxies.push(proxy);
    return proxy;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#connections.splice(0).map((connection) => connection.close()));
    await Promise.all(this.#proxies.splice(0).map((proxy) => proxy.dispose()));
  }
}

/** Of a classic queue without any arguments. */
export const plainTraits: QueueTraits = { canCancel: true, deliveryLimit: { kind: 'none' } };

export interface ReadTail extends QueueTail {
  /** What it has told so far. */
  readonly notices: TailNotice[];
}

/** A tail with roomy limits; not started. */
export function tailOf(
  connection: BrokerConnection,
  queue: string,
  options: Partial<QueueTailOptions> = {},
  clock: Clock = systemClock,
): ReadTail {
  const buffer = { messages: 100_000, bytes: 1e9 };
  const all: QueueTailOptions = { queue, mode: 'hold', prefetch: 10, traits: plainTraits, buffer, ...options };
  const tail = new QueueTail(all, connection, clock);
  const notices: TailNotice[] = [];
  tail.onDidNotice((notice) => notices.push(notice));
  return Object.assign(tail, { notices });
}

/** Bodies as text, of all that is kept, in order. */
export function textsOf(tail: Tail): string[] {
  const texts: string[] = [];
  for (let number = tail.buffer.firstNumber; number <= tail.buffer.lastNumber; number++) {
    texts.push(Buffer.from(tail.buffer.get(number)?.content ?? []).toString());
  }
  return texts;
}

export async function received(tail: Tail, count: number): Promise<void> {
  await waitFor(() => tail.buffer.lastNumber >= count, {
    describe: () => `${count} messages, after ${tail.buffer.lastNumber}; it is ${tail.status.kind}`,
  });
}

/** The code of the AppError that a promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error.code;
  throw error;
}
