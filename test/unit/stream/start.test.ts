import assert from 'node:assert/strict';
import {
  lasting,
  offsetArgument,
  parseAge,
  parseOffset,
  type StreamStart,
} from '../../../src/broker/consume/stream/streamStart.ts';
import { parseTime } from '../../../src/broker/consume/stream/streamTime.ts';
import { AppError } from '../../../src/common/errors.ts';
import { errorText } from '../../../src/ui/errorText.ts';

/** What a person is told of something that is refused. */
function said(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof AppError && error.is('invalidInput'), String(error));
    return errorText(error);
  }
  return assert.fail('it was not refused');
}

describe('where a stream is read from', () => {
  it('is sent as the broker takes it', () => {
    const sent: readonly (readonly [StreamStart, unknown])[] = [
      [{ kind: 'first' }, 'first'],
      [{ kind: 'last' }, 'last'],
      [{ kind: 'next' }, 'next'],
      [{ kind: 'offset', offset: 0 }, 0],
      [{ kind: 'offset', offset: Number.MAX_SAFE_INTEGER }, Number.MAX_SAFE_INTEGER],
      [
        { kind: 'time', seconds: 1_700_000_000 },
        { '!': 'timestamp', value: 1_700_000_000 },
      ],
      [{ kind: 'age', age: '7D' }, '7D'],
    ];
    for (const [start, argument] of sent) assert.deepEqual(offsetArgument(start), argument);
  });

  it('is refused where the broker would end the connection, or take it for something else', () => {
    const refused: readonly StreamStart[] = [
      { kind: 'offset', offset: -1 },
      { kind: 'offset', offset: 1.5 },
      { kind: 'offset', offset: Number.NaN },
      { kind: 'offset', offset: 2 ** 53 },
      { kind: 'time', seconds: 1.5 },
      { kind: 'time', seconds: -1 },
      { kind: 'time', seconds: 1_700_000_000_000 },
      { kind: 'age', age: '' },
      { kind: 'age', age: '7' },
      { kind: 'age', age: 'first' },
      { kind: 'age', age: '0s' },
    ];
    for (const start of refused)
      assert.match(
        said(() => offsetArgument(start)),
        /^The (offset|time|age) must be /,
      );
  });

  it('is an offset of digits, in groups or not', () => {
    assert.deepEqual(['0', ' 42 ', '48,211', '1,000,000', '9007199254740991'].map(parseOffset), [
      0,
      42,
      48_211,
      1_000_000,
      Number.MAX_SAFE_INTEGER,
    ]);
    for (const text of ['', '-1', '1.5', '1e3', '1,00', ',100', '10,000,', 'first', '0x10', '１']) {
      assert.equal(
        said(() => parseOffset(text)),
        'The offset must be a whole number from 0.',
        text,
      );
    }
    for (const text of ['9007199254740992', '9223372036854775807', '1'.repeat(400)]) {
      assert.match(
        said(() => parseOffset(text)),
        /at most 9,007,199,254,740,991: .* cannot be sent exactly/,
      );
    }
  });

  it('is an age in the units of RabbitMQ, whose case counts', () => {
    assert.deepEqual(['30m', ' 7D', '12h', '1Y', '2M', '45s', '007s'].map(parseAge), [
      '30m',
      '7D',
      '12h',
      '1Y',
      '2M',
      '45s',
      '7s',
    ]);
    for (const text of ['', '7', 'm', '0m', '7d', '1H', '1.5h', '-1h', '1h30m', '1 h', '1234567890s', '1h\n2h']) {
      assert.match(
        said(() => parseAge(text)),
        /^The age must be a number from 1 and a unit/,
        text,
      );
    }
  });

  it('stays where it was when it is asked for later', () => {
    const now = 1_700_000_000_999;
    assert.deepEqual(lasting({ kind: 'age', age: '2h' }, now), { kind: 'time', seconds: 1_699_992_799 });
    assert.deepEqual(lasting({ kind: 'age', age: '999999999Y' }, now), { kind: 'time', seconds: 0 });
    for (const start of [{ kind: 'next' }, { kind: 'time', seconds: 5 }] as const) {
      assert.equal(lasting(start, now), start);
    }
  });
});

const local = (year: number, month: number, day: number, hours = 0, minutes = 0, seconds = 0): number =>
  new Date(year, month, day, hours, minutes, seconds).getTime() / 1_000;

describe('a time that a stream is read from', () => {
  const now = new Date(2026, 10, 22, 15, 30, 10, 500);

  it('is local unless it has a zone, of today unless it has a day, and midnight unless it has a time', () => {
    const times: readonly (readonly [string, number])[] = [
      ['14:05', local(2026, 10, 22, 14, 5)],
      [' 9:05:30 ', local(2026, 10, 22, 9, 5, 30)],
      ['today 14:05', local(2026, 10, 22, 14, 5)],
      ['Yesterday 23:59', local(2026, 10, 21, 23, 59)],
      ['2026-11-22', local(2026, 10, 22)],
      ['2026-02-28 14:05', local(2026, 1, 28, 14, 5)],
      ['2024-02-29T14:05:01', local(2024, 1, 29, 14, 5, 1)],
      ['2026-11-20T10:00:00.999Z', Date.UTC(2026, 10, 20, 10) / 1_000],
      ['2026-11-20 10:00 +01:00', Date.UTC(2026, 10, 20, 9) / 1_000],
      ['2026-11-20T10:00-0530', Date.UTC(2026, 10, 20, 15, 30) / 1_000],
    ];
    for (const [text, seconds] of times) assert.equal(parseTime(text, now), seconds, text);
  });

  it('is of the day before the first of a month, too', () => {
    const first = new Date(2026, 2, 1, 12);
    assert.equal(parseTime('yesterday 10:00', first), new Date(2026, 1, 28, 10).getTime() / 1_000);
  });

  it('is refused where it does not exist, is still to come, or is no time', () => {
    for (const text of ['25:00', '14:60', '14:05:60', '2026-02-30', '2026-13-01', '2026-00-10', '2026-11-00']) {
      assert.equal(
        said(() => parseTime(text, now)),
        'The time does not exist.',
        text,
      );
    }
    for (const text of ['15:31', '2026-11-23', '9999-12-31']) {
      assert.equal(
        said(() => parseTime(text, now)),
        'The time is still to come.',
        text,
      );
    }
    for (const text of ['1969-12-31 12:00', '0001-01-01']) {
      assert.equal(
        said(() => parseTime(text, now)),
        'The time must not be before 1970.',
        text,
      );
    }
    for (const text of ['', 'noon', '14', '1700000000', '22.11.2026', '11/22/2026', '2026-11-22T', 'yesterday', '1h']) {
      assert.match(
        said(() => parseTime(text, now)),
        /^The time must be like 14:05, /,
        text,
      );
    }
  });
});
