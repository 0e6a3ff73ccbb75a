import assert from 'node:assert/strict';
import type { Message } from '../../../src/broker/message/message.ts';
import { formatMessage, formatNotice, formatSkipped } from '../../../src/ui/output/format.ts';
import { findMarks, messageAt, type Lines, type MarkLimits } from '../../../src/ui/output/marks.ts';
import { formatStart } from '../../../src/ui/output/tailNotices.ts';
import { plainBodies } from '../../support/bodies.ts';

const START = formatStart(0, { name: 'orders', connection: 'local', cost: 'hold' });
const FAR: MarkLimits = { messages: 100, backTo: undefined, lines: 10_000 };

function lines(text: string): Lines & { readonly read: number } {
  const all = text.split('\n');
  let read = 0;
  return {
    lineCount: all.length,
    lineAt: (line) => {
      read++;
      return { text: all[line] ?? '' };
    },
    get read() {
      return read;
    },
  };
}

function message(number: number, body = 'hello'): string {
  const content = new TextEncoder().encode(body);
  const base: Message = {
    number,
    receivedAt: 0,
    exchange: '',
    routingKey: 'q',
    redelivered: false,
    properties: {},
    content,
  };
  return formatMessage(base, { maxBodyBytes: 4096, bodies: plainBodies });
}

const numbers = (text: Lines, limits = FAR): number[] =>
  findMarks(text, limits).flatMap((mark) => (mark.kind === 'message' ? [mark.number] : []));

describe('the messages in the text of a tail', () => {
  it('are found by their header lines, newest first, with skipped ranges among them', () => {
    const text = lines(START + message(1) + formatSkipped(3, 30, 2, 4) + message(5));
    assert.deepEqual(findMarks(text, FAR), [
      { kind: 'message', line: 4, number: 5 },
      { kind: 'skipped', line: 3, from: 2, to: 4 },
      { kind: 'message', line: 1, number: 1 },
    ]);
  });

  it('are never those of an earlier tail in the same channel', () => {
    const text = lines(START + message(1) + message(2) + START + message(1));
    assert.deepEqual(numbers(text), [1]);
    assert.deepEqual(numbers(lines(START + message(1) + START)), []);
  });

  it('cannot be forged by a body', () => {
    const text = lines(START + message(1, `${message(7)}${START}`));
    assert.deepEqual(numbers(text), [1]);
  });

  it('are looked for back to the oldest held one, and no further than needed', () => {
    const text = lines(START + Array.from({ length: 1000 }, (_, i) => message(i + 1)).join(''));
    assert.equal(numbers(text, { messages: 10, backTo: undefined, lines: 10_000 }).length, 10);
    assert.ok(text.read < 30);
    assert.equal(numbers(text, { messages: 10, backTo: 500, lines: 10_000 }).at(-1), 500);
    assert.equal(numbers(text, { messages: 10, backTo: 500, lines: 100 }).at(-1), 952);
  });

  it('are found from a line of their content', () => {
    const text = lines(START + message(1, 'a\nb\nc') + formatNotice(0, 'Delivery paused') + message(2));
    assert.equal(messageAt(text, 1), 1);
    assert.equal(messageAt(text, 4), 1);
    assert.equal(messageAt(text, 5), undefined);
    assert.equal(messageAt(text, 7), 2);
    assert.equal(messageAt(text, 0), undefined);
  });
});
