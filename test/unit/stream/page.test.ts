import assert from 'node:assert/strict';
import { pageOf, type StreamEnds } from '../../../src/broker/consume/stream/streamPage.ts';
import { planFor, type StreamGoal } from '../../../src/broker/consume/stream/streamPlan.ts';
import { StreamProgress } from '../../../src/broker/consume/stream/streamProgress.ts';
import { placeText, streamNoticeText } from '../../../src/ui/output/streamNotices.ts';

const ends: StreamEnds = { first: 847, last: 1_203 };
const size = 100;
const range = (from: number, to: number) => ({ kind: 'range', from, to });

describe('a page of a stream', () => {
  it('is cut to what there is', () => {
    assert.deepEqual(pageOf('first', undefined, ends, size), range(847, 946));
    assert.deepEqual(pageOf('last', undefined, ends, size), range(1_104, 1_203));
    assert.deepEqual(pageOf('last', undefined, ends, 1_000), range(847, 1_203));
    assert.deepEqual(pageOf(1_200, undefined, ends, size), range(1_200, 1_203));
    assert.deepEqual(pageOf(5, undefined, ends, size), range(847, 946));
    assert.deepEqual(pageOf(1_203, undefined, ends, 1), range(1_203, 1_203));
    assert.deepEqual(pageOf(1_204, undefined, ends, 1), { kind: 'nothingAfter', offset: 1_203 });
  });

  it('follows the one before, or comes before it', () => {
    const place = { from: 1_000, next: 1_100 };
    assert.deepEqual(pageOf('next', place, ends, size), range(1_100, 1_199));
    assert.deepEqual(pageOf('previous', place, ends, size), range(900, 999));
    assert.deepEqual(pageOf('previous', { from: 900, next: 1_000 }, ends, size), range(847, 899));
    assert.deepEqual(pageOf('previous', { from: 847, next: 900 }, ends, size), { kind: 'nothingBefore', offset: 847 });
    assert.deepEqual(pageOf('next', { from: 1_104, next: 1_204 }, ends, size), {
      kind: 'nothingAfter',
      offset: 1_203,
    });
  });

  it('begins where retention has left the stream meanwhile', () => {
    assert.deepEqual(pageOf('next', { from: 0, next: 100 }, ends, size), range(847, 946));
    assert.deepEqual(pageOf('previous', { from: 300, next: 400 }, ends, size), { kind: 'nothingBefore', offset: 847 });
    assert.deepEqual(pageOf('next', undefined, undefined, size), { kind: 'empty' });
  });
});

const plan = (goal: StreamGoal, at: StreamEnds | undefined = ends) => planFor(goal, undefined, at, size);

describe('the plan to read a stream', () => {
  it('makes an offset of what needs no broker to find', () => {
    for (const [start, offset] of [
      [{ kind: 'first' }, 847],
      [{ kind: 'last' }, 1_104],
      [{ kind: 'next' }, 1_204],
      [{ kind: 'offset', offset: 900 }, 900],
    ] as const) {
      const made = plan({ kind: 'follow', start });
      assert.deepEqual(made.kind === 'read' && [made.start, made.place], [
        { kind: 'offset', offset },
        { from: offset, next: offset },
      ]);
    }
    const time = { kind: 'time', seconds: 5 } as const;
    const made = plan({ kind: 'follow', start: time });
    assert.deepEqual(made.kind === 'read' && [made.start, made.place], [time, undefined]);
  });

  it('says what is gone, and what is still to come', () => {
    const gone = plan({ kind: 'follow', start: { kind: 'offset', offset: 800 }, isResumed: true });
    assert.deepEqual(gone.kind === 'read' && gone.notices, [{ kind: 'removed', range: { from: 800, to: 846 } }]);
    const later = plan({ kind: 'follow', start: { kind: 'offset', offset: 2_000 }, isResumed: true });
    assert.deepEqual(later.kind === 'read' && later.notices, [{ kind: 'waitsFor', offset: 2_000, last: 1_203 }]);
  });

  it('goes on with the rest of a page', () => {
    const rest = plan({ kind: 'rest', range: { from: 840, to: 939 }, next: 845, count: 5 });
    assert.deepEqual(rest, {
      kind: 'read',
      start: { kind: 'offset', offset: 847 },
      place: { from: 840, next: 847 },
      range: { from: 840, to: 939 },
      notices: [{ kind: 'removed', range: { from: 845, to: 846 } }],
    });
  });
});

const at = (offset: number) => ({ kind: 'offset', offset }) as const;

describe('the progress in a stream', () => {
  it('takes each message once, in order, and none beyond the page', () => {
    const progress = new StreamProgress(size);
    progress.look(ends);
    progress.begin(
      { kind: 'page', page: 900 },
      { kind: 'read', start: at(900), place: { from: 900, next: 900 }, range: { from: 900, to: 902 }, notices: [] },
    );
    assert.deepEqual(
      [899, 900, 900, 902, 901, 903].map((offset) => progress.take(offset)),
      [false, true, false, true, false, false],
    );
    assert.deepEqual(progress.finishPage(), { kind: 'page', range: { from: 900, to: 902 }, count: 2, ends });
    assert.deepEqual(progress.place, { from: 900, next: 903 });
  });

  it('leaves of a page that is cut off what has not come, and starts again where nothing had', () => {
    const progress = new StreamProgress(size);
    const goal = { kind: 'page', page: 'first' } as const;
    assert.deepEqual(progress.rest(goal, { kind: 'first' }), goal);
    progress.begin(goal, {
      kind: 'read',
      start: at(0),
      place: { from: 0, next: 0 },
      range: { from: 0, to: 9 },
      notices: [],
    });
    progress.take(0);
    progress.take(1);
    assert.deepEqual(progress.rest(goal, { kind: 'first' }), {
      kind: 'rest',
      range: { from: 0, to: 9 },
      next: 2,
      count: 2,
    });
    // What has been asked for since has not begun: nothing of the page before is left over.
    progress.leavePage();
    assert.deepEqual(progress.rest(goal, { kind: 'first' }), goal);
  });

  it('has of a time the page that its first message begins', () => {
    const progress = new StreamProgress(size);
    progress.look(ends);
    const start = { kind: 'time', seconds: 5 } as const;
    progress.begin(
      { kind: 'page', page: start },
      { kind: 'read', start, place: undefined, range: undefined, notices: [] },
    );
    assert.equal(progress.end, Infinity);
    assert.equal(progress.take(1_000), true);
    assert.equal(progress.end, 1_099);
  });
});

const removed = (from: number, to: number) => streamNoticeText({ kind: 'removed', range: { from, to } });

describe('what is said of the place in a stream', () => {
  it('is in few words, with the ends of the stream', () => {
    assert.equal(
      placeText({ from: 1_000, next: 1_100 }, { first: 0, last: 48_211 }),
      'offsets 1,000–1,099 of 0–48,211',
    );
    assert.equal(placeText({ from: 7, next: 8 }, ends), 'offset 7 of 847–1,203');
    assert.equal(placeText({ from: 1_204, next: 1_204 }, ends), 'at offset 1,204 of 847–1,203');
    assert.equal(placeText(undefined, undefined), 'the stream is empty');
  });

  it('tells of a page with fewer messages than offsets how many they are', () => {
    const page = { kind: 'page', range: { from: 900, to: 999 }, ends } as const;
    assert.equal(streamNoticeText({ ...page, count: 100 }), 'Offsets 900–999 of 847–1,203');
    assert.equal(streamNoticeText({ ...page, count: 98 }), 'Offsets 900–999 of 847–1,203 · 98 messages');
    assert.equal(
      streamNoticeText({ kind: 'page', range: { from: 847, to: 847 }, count: 1, ends: { first: 847, last: 847 } }),
      'Offset 847 of 847 · the beginning and the end so far',
    );
  });

  it('counts what retention has removed', () => {
    assert.equal(removed(0, 846), 'Retention has removed offsets 0–846: 847 messages can no longer be read');
    assert.equal(removed(7, 7), 'Retention has removed offset 7: 1 message can no longer be read');
  });
});
