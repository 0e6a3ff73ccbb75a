import assert from 'node:assert/strict';
import { Pace } from '../../../src/ui/output/pace.ts';
import { Rate } from '../../../src/ui/output/rate.ts';

describe('the pace of an output channel', () => {
  it('lets through 5,000 lines a second, and saves up 0.2 s of it', () => {
    const pace = new Pace();
    let lines = 0;
    for (let now = 0; now < 10_000; now += 50) {
      const room = pace.room(now, 10).lines;
      assert.ok(room <= 1000);
      pace.wrote(room, 0);
      lines += room;
    }
    assert.ok(lines > 49_000 && lines < 51_500, `${lines}`);
  });

  it('shows little while a flood goes on, and all of its lines again after it', () => {
    const pace = new Pace();
    assert.equal(pace.room(0, 100_000).lines, 1000);
    pace.wrote(1000, 99_000);
    assert.equal(pace.room(200, 10_000).lines, 40);
    pace.wrote(40, 9_990);
    assert.equal(pace.room(400, 500).lines, 1000);
  });

  it('writes seldom while a flood goes on, and often while only some are skipped', () => {
    const pace = new Pace();
    pace.room(0, 100_000);
    pace.wrote(1000, 99_000);
    assert.deepEqual(
      [120, 399, 400].map((now) => pace.isDue(now, 10_000)),
      [false, false, true],
    );
    assert.deepEqual(
      [119, 120].map((now) => pace.isDue(now, 500)),
      [false, true],
    );
    // And when the clock was set back.
    assert.equal(pace.isDue(-3_600_000, 10_000), true);
  });
});

describe('the rate of a growing count', () => {
  it('is per second, and not asked too often', () => {
    const rate = new Rate();
    assert.equal(rate.update(0, 1000), 0);
    assert.equal(rate.update(480, 3000), 240);
    assert.equal(rate.update(9999, 3100), 240);
    assert.equal(rate.update(480, 4000), 0);
  });
});
