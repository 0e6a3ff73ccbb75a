import assert from 'node:assert/strict';
import { Confirmations } from '../../../src/broker/consume/confirmations.ts';
import type { Consumer } from '../../../src/broker/consume/consumer.ts';

describe('the confirmations of settlements', () => {
  /** Whose channel has closed before the broker answered. */
  const consumer = { countReady: () => Promise.reject(new Error('closed')) } as unknown as Consumer;

  it('are told when the channel is closed in order, which the broker does after all that was settled on it', async () => {
    const confirmations = new Confirmations();
    const told: number[] = [];
    confirmations.onDidConfirm((numbers) => told.push(...numbers));
    confirmations.settled([1, 2], consumer);
    await Promise.resolve();
    assert.equal(confirmations.isConfirmed(2), false);
    confirmations.letGo(true);
    assert.deepEqual([told, confirmations.isConfirmed(2)], [[1, 2], true]);
  });

  it('never come when the channel is lost', () => {
    const confirmations = new Confirmations();
    const told: number[] = [];
    confirmations.onDidConfirm((numbers) => told.push(...numbers));
    confirmations.settled([1], consumer);
    confirmations.letGo(false);
    assert.deepEqual([told, confirmations.isConfirmed(1)], [[], false]);
  });
});
