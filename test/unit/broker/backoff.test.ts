import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { backoffMs } from '../../../src/broker/connection/backoff.ts';

describe('backoff', () => {
  it('doubles from half a second to half a minute', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) => backoffMs(attempt, 0));
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('takes a random half off', () => {
    assert.equal(backoffMs(1, 0.5), 375);
    assert.equal(backoffMs(7, 0.999_999), 15_000);
  });

  it('always waits, and never longer than half a minute', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (attempt, random) => {
        const wait = backoffMs(attempt, random);
        assert.ok(wait >= 125 && wait <= 30_000, String(wait));
      }),
      { seed: 20263 },
    );
  });
});
