import { parseAge, parseOffset, type StreamStart } from '../../broker/consume/stream/streamStart.ts';
import { parseTime } from '../../broker/consume/stream/streamTime.ts';
import { formatInteger } from '../../common/format.ts';
import { refusal } from '../picks/refusal.ts';
import type { Choice, Problem, Step } from '../picks/steps.ts';

/** The answers to how a stream is to be read. */
export interface StreamAnswers {
  readonly from: StreamStart['kind'];
  /** As typed. */
  readonly offset: string;
  readonly time: string;
  readonly age: string;
  readonly reading: 'follow' | 'page';
  /** `''` for none. */
  readonly filter: string;
  /** The filter is asked for too. */
  readonly asksFilter: boolean;
}

export const firstAnswers: StreamAnswers = {
  from: 'first',
  offset: '0',
  time: '',
  age: '1h',
  reading: 'page',
  filter: '',
  asksFilter: false,
};

const starts: readonly { from: StreamAnswers['from']; label: string; detail: (pageSize: number) => string }[] = [
  { from: 'first', label: 'First', detail: () => 'From the oldest message that is kept' },
  { from: 'last', label: 'Last', detail: (size) => `From the newest ${formatInteger(size)} messages` },
  { from: 'next', label: 'Next', detail: () => 'Only what is published from now on' },
  { from: 'offset', label: 'Offset…', detail: () => 'From a place in the stream, counted from 0' },
  { from: 'time', label: 'Time…', detail: () => 'From what was written at a time, and perhaps shortly before' },
  { from: 'age', label: 'Age…', detail: () => 'From what was written so long ago: 30m, 12h, 7D' },
];

/** @param pageSize offsets to a page */
export function streamSteps(pageSize: number, now: () => Date): readonly Step<StreamAnswers>[] {
  return [
    {
      kind: 'choice',
      id: 'from',
      placeholder: 'Where to begin; nothing is taken off the stream',
      choices: (answers) =>
        starts.map(({ from, label, detail }) => ({
          label,
          detail: detail(pageSize),
          current: from === answers.from,
          state: { ...answers, from, reading: from === 'next' ? 'follow' : answers.reading },
        })),
    },
    {
      kind: 'text',
      id: 'offset',
      when: ({ from }) => from === 'offset',
      prompt: () => 'Offset to begin at. What retention has removed is skipped, and said.',
      placeholder: '48,000',
      value: ({ offset }) => offset,
      check: (text) => refusal(() => parseOffset(text)),
      apply: (answers, offset) => ({ ...answers, offset }),
    },
    {
      kind: 'text',
      id: 'time',
      when: ({ from }) => from === 'time',
      prompt: () => 'Time to begin at, local unless it ends with a zone',
      placeholder: '14:05, yesterday 14:05, 2026-11-22 14:05, 2026-11-22T14:05:00Z',
      value: ({ time }) => time,
      check: (text) => checkTime(text, now()),
      apply: (answers, time) => ({ ...answers, time }),
    },
    {
      kind: 'text',
      id: 'age',
      when: ({ from }) => from === 'age',
      prompt: () => "How long ago by the broker's clock: a number and Y, M (months), D, h, m (minutes) or s",
      placeholder: '30m',
      value: ({ age }) => age,
      check: (text) => refusal(() => parseAge(text)),
      apply: (answers, age) => ({ ...answers, age }),
    },
    {
      kind: 'choice',
      id: 'reading',
      placeholder: 'How to read on',
      when: ({ from }) => from !== 'next',
      choices: (answers) => readings(answers, pageSize),
    },
    {
      kind: 'text',
      id: 'filter',
      when: ({ asksFilter }) => asksFilter,
      prompt: () => 'Only messages published with this filter value (x-stream-filter-value); Enter for all',
      placeholder: 'invoices',
      value: ({ filter }) => filter,
      apply: (answers, filter) => ({ ...answers, filter }),
    },
  ];
}

function readings(answers: StreamAnswers, pageSize: number): Choice<StreamAnswers>[] {
  const choice = (reading: StreamAnswers['reading'], label: string, detail: string): Choice<StreamAnswers> => ({
    label,
    detail,
    current: reading === answers.reading,
    state: { ...answers, reading },
  });
  return [
    choice('page', 'Page by page', `${formatInteger(pageSize)} messages at a time, back and forth`),
    choice('follow', 'Follow', 'All from there on, then what comes'),
  ];
}

/** What the answers say. @throws AppError `invalidInput` */
export function startOf({ from, offset, time, age }: StreamAnswers, now: Date): StreamStart {
  switch (from) {
    case 'offset':
      return { kind: from, offset: parseOffset(offset) };
    case 'time':
      return { kind: from, seconds: parseTime(time, now) };
    case 'age':
      return { kind: from, age: parseAge(age) };
    default:
      return { kind: from };
  }
}

/** Says how it was understood. */
function checkTime(text: string, now: Date): Problem | undefined {
  let seconds = 0;
  const refused = refusal(() => {
    seconds = parseTime(text, now);
  });
  return refused ?? { severity: 'info', message: timeText(seconds) };
}

/** A time with its zone: `Sun Nov 22 2026 14:05:00 GMT+0100`. */
export function timeText(seconds: number): string {
  return new Date(seconds * 1_000).toString().slice(0, 33);
}

/** @see https://www.rabbitmq.com/docs/streams#filtering */
export function hasFilters(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map((part) => Number.parseInt(part, 10));
  return major > 3 || (major === 3 && minor >= 13);
}
