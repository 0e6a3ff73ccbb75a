import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Channel } from 'amqplib';
import { ChannelHandle } from '../../../src/broker/connection/channel.ts';
import type { BrokerConnection } from '../../../src/broker/connection/connection.ts';
import type { ConnectionState } from '../../../src/broker/connection/state.ts';
import { QueueTail } from '../../../src/broker/consume/queueTail.ts';
import { AppError } from '../../../src/common/errors.ts';
import { Emitter } from '../../../src/common/event.ts';
import { FakeClock } from '../../support/fakeClock.ts';

const server = { product: 'RabbitMQ', version: '4.0', at: { host: 'localhost', port: 5672 }, passedOver: [] };

/** A channel whose broker answers at once. */
class FakeChannel extends EventEmitter {
  subscriptions = 0;
  isClosed = false;
  deliver: (message: unknown) => void = () => undefined;

  prefetch(): Promise<void> {
    return Promise.resolve();
  }

  consume(_queue: string, deliver: (message: unknown) => void): Promise<{ consumerTag: string }> {
    this.subscriptions++;
    this.deliver = deliver;
    return Promise.resolve({ consumerTag: 'tag' });
  }

  ack(): void {
    // No broker answers it.
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.emit('close');
    return Promise.resolve();
  }
}

/** A connection whose states come when the test says so. */
class FakeConnection {
  readonly channels: FakeChannel[] = [];
  readonly silenceMs = 50_000;
  readonly #changed = new Emitter<ConnectionState>();
  readonly onDidChangeState = this.#changed.event;
  state: ConnectionState = { kind: 'open', server };

  connect(): Promise<void> {
    return Promise.resolve();
  }

  openChannel(): Promise<ChannelHandle> {
    const channel = new FakeChannel();
    this.channels.push(channel);
    const options = { callTimeoutMs: 1_000, lostBy: () => undefined };
    return Promise.resolve(new ChannelHandle(channel as unknown as Channel, options));
  }

  become(state: ConnectionState): void {
    this.state = state;
    this.#changed.fire(state);
  }

  lose(error: AppError): void {
    this.channels.at(-1)?.emit('close');
    this.become({ kind: 'waiting', attempt: 0, retryAt: 0, error });
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a tail', () => {
  let connection: FakeConnection;
  let clock: FakeClock;
  let tail: QueueTail;
  let notices: string[];

  beforeEach(async () => {
    connection = new FakeConnection();
    clock = new FakeClock();
    const buffer = { messages: 100, bytes: 1e6 };
    const traits = { canCancel: false, deliveryLimit: { kind: 'none' } } as const;
    const options = { queue: 'orders', mode: 'hold', prefetch: 10, traits, buffer } as const;
    tail = new QueueTail(options, connection as unknown as BrokerConnection, clock);
    notices = [];
    tail.onDidNotice(({ kind }) => notices.push(kind));
    await tail.start();
  });

  it('subscribes once when its connection opens and is blocked at once', async () => {
    connection.lose(new AppError('connectionLost', { reason: 'cut' }));
    connection.become({ kind: 'open', server });
    connection.become({ kind: 'blocked', server, reason: 'low on memory' });
    await settled();
    assert.equal(tail.status.kind, 'running');
    const open = connection.channels.filter(({ isClosed }) => !isClosed).slice(1);
    assert.deepEqual(
      open.map(({ subscriptions }) => subscriptions),
      [1],
    );
    // And again the next time.
    connection.lose(new AppError('connectionLost', { reason: 'cut' }));
    connection.become({ kind: 'open', server });
    await settled();
    assert.equal(tail.status.kind, 'running');
  });

  const ends = {
    'the broker closed its connection': () => connection.lose(new AppError('brokerClosed', { reason: 'shutdown' })),
    'its connection failed for good': () => {
      connection.channels.at(-1)?.emit('close');
      connection.become({ kind: 'failed', error: new AppError('brokerClosed', { reason: 'not allowed' }) });
    },
    'the broker closed its channel': () => {
      const channel = connection.channels.at(-1);
      channel?.emit('error', Object.assign(new Error('PRECONDITION_FAILED'), { code: 406 }));
      channel?.emit('close');
    },
    'its connection was lost without a word': () =>
      connection.lose(new AppError('connectionLost', { reason: 'no heartbeat' })),
  };
  for (const [how, end] of Object.entries(ends)) {
    const longMs = how.endsWith('without a word') ? 50_001 : 5_001;
    for (const [after, expected] of [
      [longMs - 1, ['acksUnconfirmed']],
      [longMs, []],
    ] as const) {
      it(`says ${expected.length === 0 ? 'nothing' : 'that acknowledgements may be lost'} when ${how} after ${after} ms`, () => {
        const fields = { deliveryTag: 1, redelivered: false, exchange: '', routingKey: 'orders' };
        connection.channels[0]?.deliver({ fields, properties: { headers: {} }, content: Buffer.from('1') });
        assert.equal(tail.settle([1], 'acked'), 1);
        clock.pass(after);
        end();
        assert.notEqual(tail.status.kind, 'running');
        assert.deepEqual(notices, expected);
      });
    }
  }
});
