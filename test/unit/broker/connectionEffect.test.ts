import assert from 'node:assert/strict';
import { AppError } from '../../../src/common/errors.ts';
import type { ConnectionState } from '../../../src/broker/connection/state.ts';
import { connectionEffect } from '../../../src/broker/consume/connectionEffect.ts';
import type { TailStatus } from '../../../src/broker/consume/tailStatus.ts';

const error = new AppError('connectionLost', { reason: 'gone' });
const server = { product: 'RabbitMQ', version: '4.0', at: { host: 'h', port: 5672 }, passedOver: [] };
const states: readonly ConnectionState[] = [
  { kind: 'connecting', attempt: 1 },
  { kind: 'open', server },
  { kind: 'blocked', server, reason: 'memory' },
  { kind: 'waiting', attempt: 1, retryAt: 0, error },
  { kind: 'failed', error },
  { kind: 'closed' },
];

function effects(kind: TailStatus['kind']): string[] {
  return states.flatMap((state) => {
    const effect = connectionEffect({ kind }, state);
    return effect ? `${state.kind}: ${effect.kind}${'error' in effect ? ` ${effect.error.code}` : ''}` : [];
  });
}

describe('what a change of its connection means for a tail', () => {
  it('a running or paused one is interrupted while the connection is restored, and ends where it is not', () => {
    const expected = ['waiting: interrupt connectionLost', 'failed: end connectionLost', 'closed: end notConnected'];
    assert.deepEqual(effects('running'), expected);
    assert.deepEqual(effects('paused'), expected);
  });

  it('an interrupted one goes on once the connection is open, blocked or not', () => {
    assert.deepEqual(effects('interrupted'), [
      'open: resume',
      'blocked: resume',
      'failed: end connectionLost',
      'closed: end notConnected',
    ]);
  });

  it('one that starts, stops or has ended is left to whoever does that', () => {
    assert.deepEqual([...effects('starting'), ...effects('stopping'), ...effects('ended')], []);
  });
});
