import assert from 'node:assert/strict';
import { WakeWatch } from '../../../src/broker/connection/wakeWatch.ts';
import { FakeClock } from '../../support/fakeClock.ts';

const hour = 3_600_000;

describe('the watch for a machine that slept', () => {
  let clock: FakeClock;
  let wakes: number;
  let watch: WakeWatch;
  beforeEach(() => {
    clock = new FakeClock();
    wakes = 0;
    watch = new WakeWatch(clock, () => wakes++);
    watch.follow({ kind: 'open' });
  });

  it('tells soon after each sleep, once', () => {
    clock.pass(hour);
    assert.equal(wakes, 0);
    clock.sleep(8 * hour);
    assert.equal(wakes, 0);
    clock.pass(2_000);
    assert.equal(wakes, 1);
    clock.pass(hour);
    assert.equal(wakes, 1);
    clock.sleep(60_000);
    clock.pass(2_000);
    assert.equal(wakes, 2);
  });

  it('does not take a machine that is busy, or a clock that is set back, for a sleep', () => {
    clock.sleep(9_000);
    clock.pass(2_000);
    clock.sleep(-hour);
    clock.pass(hour);
    assert.equal(wakes, 0);
  });

  it('ends with its owner', () => {
    watch.dispose();
    assert.equal(clock.timers, 0);
  });

  it('lasts as long as there is a connection to come back to', () => {
    for (const kind of ['waiting', 'connecting', 'open'] as const) {
      watch.follow({ kind });
      assert.equal(clock.timers, 1);
    }
    for (const kind of ['closed', 'failed'] as const) {
      watch.follow({ kind });
      assert.equal(clock.timers, 0);
    }
  });
});
