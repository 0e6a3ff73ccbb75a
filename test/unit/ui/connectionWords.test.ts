import assert from 'node:assert/strict';
import type { ConnectionState } from '../../../src/broker/connection/state.ts';
import { AppError } from '../../../src/common/errors.ts';
import { isOfSameCut, stateIcon, stateWords } from '../../../src/ui/connections/connectionWords.ts';

const server = { product: 'RabbitMQ', version: '3.10.8', at: { host: 'h', port: 5672 }, passedOver: [] };
const error = new AppError('connectionLost', { reason: 'x' });
const at = new Date(2026, 0, 2, 3, 4, 5).getTime();

describe('a connection’s state in words', () => {
  const rows: readonly [ConnectionState, string][] = [
    [{ kind: 'idle' }, 'not connected'],
    [{ kind: 'connecting', attempt: 1 }, 'connecting…'],
    [{ kind: 'connecting', attempt: 4 }, 'connecting, attempt 4…'],
    [{ kind: 'open', server }, ''],
    [{ kind: 'blocked', server, reason: 'low on memory' }, 'publishing blocked, low on memory'],
    [{ kind: 'waiting', attempt: 0, retryAt: at, error }, 'attempt 1 at 03:04:05'],
    [{ kind: 'waiting', attempt: 2, retryAt: at, error }, 'attempt 3 at 03:04:05'],
    [{ kind: 'failed', error }, 'failed'],
    [{ kind: 'closed' }, 'disconnected'],
  ];
  for (const [state, words] of rows) {
    it(`is "${words}" when ${state.kind}`, () => assert.equal(stateWords(state), words));
  }

  it('is told once where a cut has ended several connections to the broker, and again after the next attempt', () => {
    const waiting = (attempt: number): ConnectionState => ({ kind: 'waiting', attempt, retryAt: at + attempt, error });
    assert.equal(isOfSameCut(waiting(0), waiting(0)), true);
    assert.equal(isOfSameCut(waiting(1), waiting(0)), false);
    assert.equal(isOfSameCut({ kind: 'connecting', attempt: 1 }, waiting(0)), false);
    assert.equal(isOfSameCut(waiting(0), { kind: 'open', server }), false);
    const other = new AppError('notConnected', {});
    assert.equal(isOfSameCut({ kind: 'waiting', attempt: 0, retryAt: at, error: other }, waiting(0)), false);
  });

  it('is never told by colour alone', () => {
    const ids = new Set(rows.map(([{ kind }]) => stateIcon(kind).id));
    assert.equal(ids.size, 6);
  });
});
