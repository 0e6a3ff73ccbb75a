import assert from 'node:assert/strict';
import { unlessAborted } from '../../../src/common/abort.ts';
import { AppError } from '../../../src/common/errors.ts';

const never = new Promise<never>(() => undefined);
const isCancelled = (error: unknown): boolean => error instanceof AppError && error.is('cancelled');

describe('waiting unless it is cancelled', () => {
  it('gives the outcome, with and without a signal', async () => {
    const { signal } = new AbortController();
    assert.equal(await unlessAborted(Promise.resolve(1), undefined), 1);
    assert.equal(await unlessAborted(Promise.resolve(1), signal), 1);
    await assert.rejects(unlessAborted(Promise.reject(new Error('own')), signal), /own/);
  });

  it('ends when the signal is aborted, before or meanwhile', async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(never, controller.signal);
    controller.abort();
    await assert.rejects(waiting, isCancelled);
    await assert.rejects(unlessAborted(never, controller.signal), isCancelled);
  });
});
