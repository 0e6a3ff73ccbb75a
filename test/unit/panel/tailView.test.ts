import assert from 'node:assert/strict';
import type { ViewPush } from '../../../src/protocol/messages.ts';
import { TailView } from '../../../src/ui/panel/tailView.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeTail } from './fakeTail.ts';
import { plainBodies } from '../../support/bodies.ts';

describe('a tail in the Messages panel', () => {
  let fake: FakeTail;
  let clock: FakeClock;
  let pushes: ViewPush[];
  let view: TailView;
  beforeEach(() => {
    fake = new FakeTail(1_000);
    clock = new FakeClock();
    pushes = [];
    view = new TailView({ tail: fake.tail, bodies: plainBodies, clock, push: (push) => pushes.push(push) });
  });
  afterEach(() => view.dispose());

  const last = (): ViewPush => {
    const push = pushes.at(-1);
    assert.ok(push);
    return push;
  };
  /** The webview draws what was pushed, and time passes. */
  const drawn = (): ViewPush => {
    clock.pass(50);
    view.seen(last().seq);
    clock.pass(50);
    return last();
  };
  const show = (from: number, to: number, follow = false) => view.rows({ epoch: last().epoch, from, to, follow });

  it('tells how it stands once in 50 ms, however much comes', () => {
    drawn();
    pushes.length = 0;
    for (let ms = 0; ms < 500; ms += 5) {
      fake.receive(100);
      clock.pass(5);
      if (pushes.at(-1)) view.seen(last().seq);
    }
    assert.ok(pushes.length >= 9 && pushes.length <= 11, String(pushes.length));
    assert.equal(drawn().received, 10_000);
    assert.equal(last().high - last().low, 1_000);
  });

  it('tells nothing more before the webview has drawn what it was told', () => {
    clock.pass(50);
    assert.equal(pushes.length, 1);
    for (let i = 0; i < 20; i++) {
      fake.receive(100);
      clock.pass(100);
    }
    assert.equal(pushes.length, 1);
    view.seen(last().seq - 1);
    clock.pass(100);
    assert.equal(pushes.length, 1);
    assert.equal(drawn().received, 2_000);
  });

  it('goes on telling when the clock is set back', () => {
    drawn();
    clock.sleep(-3_600_000);
    fake.receive(1);
    assert.equal(drawn().received, 1);
  });

  it('pushes the newest rows while the end is followed, as many as are in view, each once', () => {
    fake.receive(100);
    drawn();
    show(80, 101, true);
    fake.receive(5);
    assert.deepEqual(
      drawn().rows?.rows.map(({ number }) => number),
      [101, 102, 103, 104, 105],
    );
    fake.receive(900);
    const { rows } = drawn();
    assert.deepEqual([rows?.from, rows?.rows.length, rows?.rows.at(-1)?.number], [985, 21, 1_005]);
  });

  it('pushes no rows while the end is not followed', () => {
    fake.receive(100);
    drawn();
    show(1, 21);
    fake.receive(5);
    assert.equal(drawn().rows, undefined);
  });

  it('gives the rows that are asked for, not more than there are', () => {
    fake.receive(100);
    drawn();
    const given = show(90, 200);
    assert.deepEqual(
      given?.rows.map(({ number, preview }) => [number, preview]),
      Array.from({ length: 11 }, (_, i) => [90 + i, `body-${90 + i}.`]),
    );
    assert.equal(show(-1_000, 1_000_000)?.rows.length, 100);
    assert.equal(view.rows({ epoch: last().epoch - 1, from: 0, to: 10, follow: false }), undefined);
  });

  it('tells states of rows in view as pending at once, and again when the broker has confirmed them', () => {
    fake.receive(50, true);
    drawn();
    show(1, 21);
    fake.settle([3, 4, 40], 'acked');
    assert.deepEqual(drawn().changed, [
      [3, 'acked?'],
      [4, 'acked?'],
    ]);
    fake.confirm([3]);
    assert.deepEqual(drawn().changed, [[3, 'acked']]);
    assert.deepEqual(show(40, 41)?.rows[0]?.state, 'acked?');
  });

  it('settles of what is selected only what is held and goes through the filter', () => {
    fake.receive(30, true);
    fake.settle([5, 6], 'acked');
    drawn();
    assert.deepEqual(view.select([[1, 10]]), { count: 10, held: 8 });
    view.setFilter('even', {
      matchEach: (messages) => messages.map(({ number }) => number % 2 === 0),
      problem: undefined,
    });
    assert.deepEqual(view.select([[1, 10]]), { count: 5, held: 4 });
    assert.deepEqual(view.selectedHeld(), [2, 4, 8, 10]);
    assert.deepEqual(view.selected(), [2, 4, 6, 8, 10]);
  });

  it('selects the next held message after a step, as soon as one has come', () => {
    fake.receive(1, true);
    drawn();
    assert.equal(view.toStep(undefined), 1);
    fake.settle([1], 'acked');
    view.stepped(1);
    assert.equal(drawn().select, undefined);
    fake.receive(1, true);
    assert.equal(drawn().select, 2);
    fake.receive(1);
    assert.equal(drawn().select, undefined);
  });

  it('steps from the message that is selected, if it is held, else from the oldest', () => {
    fake.receive(4, true);
    assert.equal(view.toStep(3), 3);
    fake.settle([3], 'acked');
    view.stepped(3);
    assert.equal(drawn().select, 4);
    assert.equal(view.toStep(3), 1);
  });

  it('filters a large buffer in slices, the visible end first', () => {
    fake = new FakeTail(100_000);
    fake.receive(100_000);
    let looked = 0;
    view = new TailView({ tail: fake.tail, bodies: plainBodies, clock, push: (push) => pushes.push(push) });
    // Looking at 32 messages takes a millisecond.
    view.setFilter('odd', {
      matchEach: (messages) => {
        clock.sleep(1);
        looked += messages.length;
        return messages.map(({ number }) => number % 2 === 1);
      },
      problem: undefined,
    });
    assert.ok(looked <= 300, `${looked} in one go`);
    const begun = drawn();
    assert.ok(begun.progress !== undefined && begun.progress < 0.1);
    const end = view.rows({ epoch: begun.epoch, from: begun.high - 3, to: begun.high, follow: false });
    assert.deepEqual(
      end?.rows.map(({ number }) => number),
      [99_995, 99_997, 99_999],
    );
    for (let i = 0; i < 10_000 && last().progress !== undefined; i++) drawn();
    assert.deepEqual([last().progress, last().high - last().low], [undefined, 50_000]);
  });

  it('comes back as it was when the webview comes up once more', () => {
    fake.receive(10);
    drawn();
    view.setFilter('none', { matchEach: (messages) => messages.map(() => false), problem: undefined });
    const { epoch } = drawn();
    clock.pass(1_000);
    view.restart();
    clock.pass(50);
    assert.notEqual(last().epoch, epoch);
    assert.deepEqual([last().filter, last().kept, last().high - last().low], ['none', 10, 0]);
  });
});
