import assert from 'node:assert/strict';
import {
  isOpen,
  reduceConnection,
  type ConnectionEvent,
  type ConnectionState,
} from '../../../src/broker/connection/state.ts';
import { AppError } from '../../../src/common/errors.ts';

const at = { host: 'h', port: 5672 };
const server = { product: 'RabbitMQ', version: '3.10.8', at, passedOver: [] };
const other = { product: 'RabbitMQ', version: '4.0.5', at, passedOver: [] };
const old = new AppError('connectionLost', { reason: 'before' });
const error = new AppError('connectionLost', { reason: 'now' });

const states = {
  idle: { kind: 'idle' },
  connecting: { kind: 'connecting', attempt: 3 },
  open: { kind: 'open', server },
  blocked: { kind: 'blocked', server, reason: 'memory' },
  waiting: { kind: 'waiting', attempt: 3, retryAt: 10, error: old },
  failed: { kind: 'failed', error: old },
  closed: { kind: 'closed' },
} satisfies { [K in ConnectionState['kind']]: ConnectionState };

const events = {
  connect: { kind: 'connect' },
  opened: { kind: 'opened', server: other },
  brokeForNow: { kind: 'broke', error, retryAt: 99 },
  brokeForGood: { kind: 'broke', error, retryAt: undefined },
  blocked: { kind: 'blocked', reason: 'disk' },
  unblocked: { kind: 'unblocked' },
  close: { kind: 'close' },
} satisfies Record<string, ConnectionEvent>;

type Row = Record<keyof typeof events, ConnectionState | 'same'>;

const first: ConnectionState = { kind: 'connecting', attempt: 1 };
const failed: ConnectionState = { kind: 'failed', error };
const closed: ConnectionState = { kind: 'closed' };
const nothing: Row = {
  connect: 'same',
  opened: 'same',
  brokeForNow: 'same',
  brokeForGood: 'same',
  blocked: 'same',
  unblocked: 'same',
  close: 'same',
};
const waitingFrom = (attempt: number): ConnectionState => ({ kind: 'waiting', attempt, retryAt: 99, error });
const ended = { brokeForNow: waitingFrom(0), brokeForGood: failed, close: closed };

/** Every state times every event. */
const table: Record<keyof typeof states, Row> = {
  idle: { ...nothing, connect: first },
  connecting: {
    ...nothing,
    opened: { kind: 'open', server: other },
    brokeForNow: waitingFrom(3),
    brokeForGood: failed,
    close: closed,
  },
  open: { ...nothing, ...ended, blocked: { kind: 'blocked', server, reason: 'disk' } },
  blocked: {
    ...nothing,
    ...ended,
    blocked: { kind: 'blocked', server, reason: 'disk' },
    unblocked: { kind: 'open', server },
  },
  waiting: { ...nothing, connect: { kind: 'connecting', attempt: 4 }, close: closed },
  failed: { ...nothing, connect: first, close: closed },
  closed: { ...nothing, connect: first },
};

describe('the state of a connection', () => {
  for (const from of Object.keys(states) as (keyof typeof states)[]) {
    for (const on of Object.keys(events) as (keyof typeof events)[]) {
      const expected = table[from][on];
      const outcome = expected === 'same' ? 'stays the same object' : `becomes ${expected.kind}`;
      it(`when ${from}, on ${on}, ${outcome}`, () => {
        const state: ConnectionState = states[from];
        const next = reduceConnection(state, events[on]);
        if (expected === 'same') assert.equal(next, state);
        else assert.deepEqual(next, expected);
      });
    }
  }

  it('counts the attempts of one outage, and starts anew with the next', () => {
    let state: ConnectionState = states.open;
    const attempts: number[] = [];
    for (const event of [events.brokeForNow, events.connect, events.brokeForNow, events.connect] as const) {
      state = reduceConnection(state, event);
      if (state.kind === 'connecting') attempts.push(state.attempt);
    }
    assert.deepEqual(attempts, [1, 2]);
  });

  it('allows channels when open, blocked or not, and in no other state', () => {
    const open = Object.values(states).filter((state) => isOpen(state));
    assert.deepEqual(open, [states.open, states.blocked]);
  });
});
