import assert from 'node:assert/strict';
import type { BrokerConnection } from '../../../src/broker/connection/connection.ts';
import type { ConnectionState } from '../../../src/broker/connection/state.ts';
import { StreamTail } from '../../../src/broker/consume/stream/streamTail.ts';
import { AppError } from '../../../src/common/errors.ts';
import { Emitter } from '../../../src/common/event.ts';
import { FakeClock } from '../../support/fakeClock.ts';

const server = { product: 'RabbitMQ', version: '4.0', at: { host: 'localhost', port: 5672 }, passedOver: [] };

/** A connection that opens, and then only the test says what becomes of it: no broker answers. */
class FakeConnection {
  readonly #changed = new Emitter<ConnectionState>();
  readonly onDidChangeState = this.#changed.event;
  state: ConnectionState = { kind: 'idle' };
  disposals = 0;

  connect(): Promise<void> {
    this.become({ kind: 'open', server });
    return Promise.resolve();
  }

  openChannel(): Promise<never> {
    return new Promise(() => undefined);
  }

  become(state: ConnectionState): void {
    this.state = state;
    this.#changed.fire(state);
  }

  dispose(): Promise<void> {
    this.disposals++;
    return Promise.resolve();
  }
}

describe('a tail of a stream', () => {
  let connection: FakeConnection;
  let tail: StreamTail;
  beforeEach(() => {
    connection = new FakeConnection();
    const buffer = { messages: 100, bytes: 1e6 };
    const options = { queue: 'events', start: { kind: 'first' }, reading: 'follow', pageSize: 10, buffer } as const;
    tail = new StreamTail(options, connection as unknown as BrokerConnection, new FakeClock());
  });

  async function comesTo(kind: StreamTail['status']['kind']): Promise<void> {
    for (let turn = 0; turn < 10 && tail.status.kind !== kind; turn++) {
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(tail.status.kind, kind);
  }

  it('ends when its connection meets what cannot be read, and closes that', async () => {
    void tail.start();
    await comesTo('running');
    const error = new AppError('undecodableHeader', { tag: 'F' });
    connection.become({ kind: 'failed', error });
    assert.deepEqual(tail.status, { kind: 'ended', error, returned: 0 });
    assert.equal(connection.disposals, 1);
  });

  it('waits for its connection, and does nothing for a page meanwhile', async () => {
    void tail.start();
    await comesTo('running');
    const error = new AppError('connectionLost', { reason: 'cut' });
    connection.become({ kind: 'waiting', attempt: 0, retryAt: 0, error });
    assert.equal(tail.status.kind, 'interrupted');
    await tail.showPage('next');
    await tail.pause();
    await tail.resume();
    assert.equal(tail.status.kind, 'interrupted');
    connection.become({ kind: 'open', server });
    await comesTo('running');
    // Opened and blocked at once is no second reconnect.
    connection.become({ kind: 'blocked', server, reason: 'low on memory' });
    assert.equal(tail.status.kind, 'running');
    await tail.stop();
    assert.deepEqual(tail.status, { kind: 'ended', returned: 0 });
  });

  it('asks no broker for what it would not take', async () => {
    const options = { ...tail.options, start: { kind: 'age', age: 'yesterday' } } as const;
    const refused = new StreamTail(options, connection as unknown as BrokerConnection, new FakeClock());
    await assert.rejects(refused.start(), { code: 'invalidInput' });
    assert.equal(connection.state.kind, 'idle');
    assert.equal(refused.status.kind, 'ended');
  });
});
