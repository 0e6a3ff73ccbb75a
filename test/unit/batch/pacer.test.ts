import assert from 'node:assert/strict';
import { Pacer } from '../../../src/broker/batch/pacer.ts';
import { FakeClock } from '../../support/fakeClock.ts';

describe('the pace of a batch', () => {
  it('is what was asked for, also after the clock was set back by an hour', async () => {
    const clock = new FakeClock();
    const pacer = new Pacer(clock, 10);
    let sent = 0;
    const send = async (): Promise<void> => {
      for (;;) {
        await pacer.turn();
        sent++;
      }
    };
    void send();
    const passed = async (ms: number): Promise<number> => {
      const before = sent;
      for (let i = 0; i < ms; i += 10) {
        clock.pass(10);
        await new Promise(setImmediate);
      }
      return sent - before;
    };
    assert.ok(Math.abs((await passed(2_000)) - 20) <= 2);
    clock.sleep(-3_600_000);
    assert.ok(Math.abs((await passed(2_000)) - 20) <= 2);
  });
});
