import assert from 'node:assert/strict';
import { AppError, toAppError, toError } from '../../../src/common/errors.ts';

describe('an error', () => {
  it('stays itself when it already has a code', () => {
    const error = new AppError('queueNotFound', { queue: 'q' });
    assert.equal(toAppError(error), error);
  });

  it('carries any other error as its cause', () => {
    const cause = new Error('boom');
    const error = toAppError(cause);
    assert.equal(error.code, 'unexpected');
    assert.deepEqual(error.params, { reason: 'boom' });
    assert.equal(error.cause, cause);
  });

  it('is made of whatever was thrown', () => {
    for (const thrown of ['text', 7, undefined, null, { a: 1 }, Symbol('s')]) {
      assert.equal(toError(thrown) instanceof Error, true);
      assert.equal(toAppError(thrown).code, 'unexpected');
    }
  });

  it('knows its code, and tells it with its parameters as a union', () => {
    const error: AppError = new AppError('timeout', { operation: 'connect', ms: 5 });
    assert.equal(error.is('timeout'), true);
    assert.equal(error.is('cancelled'), false);
    assert.deepEqual(error.detail, { code: 'timeout', params: { operation: 'connect', ms: 5 } });
  });
});
