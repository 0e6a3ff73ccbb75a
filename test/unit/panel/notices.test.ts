import assert from 'node:assert/strict';
import type { TailNotice, TailStatus } from '../../../src/broker/consume/tailStatus.ts';
import { AppError } from '../../../src/common/errors.ts';
import type { NoticesPush } from '../../../src/protocol/messages.ts';
import { isGraveNotice, isGraveStatus, mostNotices, Notices } from '../../../src/ui/output/notices.ts';
import { NoticesView } from '../../../src/ui/panel/noticesView.ts';
import { NoticeList } from '../../../src/webview/notices/noticeList.ts';
import { FakeClock } from '../../support/fakeClock.ts';

describe('what was said of a tail, in the Messages panel', () => {
  let clock: FakeClock;
  let notices: Notices;
  let list: NoticeList;
  let pushes: NoticesPush[];
  let view: NoticesView;
  beforeEach(() => {
    clock = new FakeClock();
    notices = new Notices(clock);
    pushes = [];
    list = new NoticeList(
      (upTo) => notices.read(upTo),
      () => undefined,
    );
    view = new NoticesView({
      notices,
      clock,
      push: (push) => {
        pushes.push(push);
        list.received(push);
      },
    });
  });
  afterEach(() => view.dispose());

  const texts = (): string[] => list.lines.map(({ text }) => text);

  it('is there when the panel opens, and again when the webview comes up once more', () => {
    notices.add('Tailing orders', false);
    clock.pass(100);
    assert.deepEqual(texts(), ['Tailing orders']);
    list = new NoticeList(
      () => undefined,
      () => undefined,
    );
    view.pushSoon();
    clock.pass(100);
    assert.deepEqual(texts(), ['Tailing orders']);
  });

  it('comes in one push however much is said at once, of which the last is kept and the rest is counted by its numbers', () => {
    clock.pass(100);
    pushes.length = 0;
    for (let i = 1; i <= mostNotices + 50; i++) notices.add(`#${i} came back`, true);
    clock.pass(100);
    assert.equal(pushes.length, 1);
    assert.deepEqual([list.lines.length, list.lines[0]?.number], [mostNotices, 51]);
    assert.equal(texts().at(-1), `#${mostNotices + 50} came back`);
  });

  it('marks warnings until they were seen in the list, whatever is said after them', () => {
    notices.add('Interrupted', true);
    notices.add('Acks may be lost', true);
    notices.add('Connected again', false);
    clock.pass(100);
    assert.equal(list.unread, 2);
    list.open(true);
    assert.equal(list.unread, 0);
    notices.add('Interrupted', true);
    clock.pass(100);
    assert.equal(list.unread, 0, 'the list is open');
    list.open(false);
    notices.add('Interrupted', true);
    clock.pass(100);
    assert.equal(list.unread, 1);
  });

  it('remembers what was read for when the tail is looked at again', () => {
    notices.add('Interrupted', true);
    clock.pass(100);
    list.open(true);
    clock.pass(100);
    list.forget();
    assert.deepEqual([list.lines, list.isOpen], [[], false]);
    view.pushSoon();
    clock.pass(100);
    assert.deepEqual([list.lines.length, list.unread], [1, 0]);
  });

  it('is in one line of bounded length', () => {
    notices.add(`a\nb\u202e${'x'.repeat(10_000)}`, false);
    clock.pass(100);
    const [text = ''] = texts();
    assert.ok(text.length < 3_000 && !/[\n\u202e]/.test(text), text.slice(0, 20));
  });

  it('is a warning where messages are or may be lost, missed or held, or the tail is over without being asked to', () => {
    const error = new AppError('brokerClosed', { reason: 'shutdown' });
    const statuses: [TailStatus, boolean][] = [
      [{ kind: 'running' }, false],
      [{ kind: 'paused' }, false],
      [{ kind: 'interrupted', error, returned: 0 }, true],
      [{ kind: 'ended', returned: 3 }, false],
      [{ kind: 'ended', returned: 3, pastLimit: 1 }, true],
      [{ kind: 'ended', returned: 0, isUnconfirmed: true }, true],
      [{ kind: 'ended', returned: 0, error }, true],
    ];
    for (const [status, isGrave] of statuses) assert.equal(isGraveStatus(status), isGrave, JSON.stringify(status));
    const peeked = { looked: 2, of: 2, end: { kind: 'all' }, held: 0, count: 'same', counts: 'no' } as const;
    const result = { ...peeked, mayBeBehindReturned: false };
    const ends = { first: 0, last: 9 };
    const noticed: [TailNotice, boolean][] = [
      [{ kind: 'acksUnconfirmed' }, true],
      [{ kind: 'lastReturn', number: 1, returns: 2 }, true],
      [{ kind: 'returnsCount', number: 1, returns: 2 }, true],
      [{ kind: 'peeked', result }, false],
      [{ kind: 'peeked', result: { ...result, held: 1 } }, true],
      [{ kind: 'peeked', result: { ...result, count: { less: 1 } } }, true],
      [{ kind: 'tap', event: { kind: 'following' } }, false],
      [{ kind: 'tap', event: { kind: 'firehose', isOn: true } }, false],
      [{ kind: 'tap', event: { kind: 'firehose', isOn: false } }, true],
      [{ kind: 'tap', event: { kind: 'full' } }, true],
      [{ kind: 'tap', event: { kind: 'dropped', atLeast: 3 } }, true],
      [{ kind: 'tap', event: { kind: 'missed', why: 'connection' } }, true],
      [{ kind: 'removed', range: { from: 0, to: 3 } }, true],
      [{ kind: 'following', from: 0, ends }, false],
    ];
    for (const [notice, isGrave] of noticed) assert.equal(isGraveNotice(notice), isGrave, JSON.stringify(notice));
  });
});
