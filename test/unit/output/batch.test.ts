import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Message } from '../../../src/broker/message/message.ts';
import { newestThatFit, nextInOrder, type Batch, type MessageSource } from '../../../src/ui/output/batch.ts';
import { parseHeaderLine, parseSkippedLine } from '../../../src/ui/output/format.ts';
import { plainBodies } from '../../support/bodies.ts';

const OPTIONS = { maxBodyBytes: 4096, bodies: plainBodies, isHurried: false };
const AMPLE = { lines: 10_000, characters: 1_000_000 };

/** Messages 1 to `lastNumber`, of which those before `first` are no longer kept; each takes 1 + `lines` lines. */
function source(lastNumber: number, { first = 1, lines = 1 } = {}): MessageSource {
  const content = new TextEncoder().encode(Array.from({ length: lines }, (_, i) => `line ${i}`).join('\n'));
  const get = (number: number): Message | undefined =>
    number < first || number > lastNumber
      ? undefined
      : { number, receivedAt: 0, exchange: '', routingKey: 'q', redelivered: false, properties: {}, content };
  return { lastNumber, get, lengthOf: (number) => get(number)?.content.length };
}

const shown = ({ text }: Batch): number[] => text.split('\n').flatMap((line) => parseHeaderLine(line)?.number ?? []);
const skipped = ({ text }: Batch): string[] =>
  text.split('\n').flatMap((line) => {
    const range = parseSkippedLine(line);
    return range ? [`${range.from}-${range.to}`] : [];
  });

describe('what a hold tail writes next', () => {
  it('is all messages after the cursor, in their order', () => {
    const batch = nextInOrder(source(5), 2, AMPLE, OPTIONS);
    assert.deepEqual(shown(batch), [3, 4, 5]);
    assert.equal(batch.cursor, 5);
    assert.equal(batch.skipped, 0);
  });

  it('stops where the room ends, and goes on from there without leaving one out', () => {
    const messages = source(10);
    const seen: number[] = [];
    for (let cursor = 0; cursor < 10;) {
      const batch = nextInOrder(messages, cursor, { lines: 7, characters: 1_000_000 }, OPTIONS);
      assert.ok(batch.lines <= 7);
      seen.push(...shown(batch));
      cursor = batch.cursor;
    }
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('writes one message even when it takes more than the room', () => {
    const batch = nextInOrder(source(2, { lines: 50 }), 0, { lines: 7, characters: 10 }, OPTIONS);
    assert.deepEqual(shown(batch), [1]);
  });

  it('counts messages that are no longer kept, in one line', () => {
    const batch = nextInOrder(source(6, { first: 5 }), 0, AMPLE, OPTIONS);
    assert.deepEqual(skipped(batch), ['1-4']);
    assert.deepEqual(shown(batch), [5, 6]);
    assert.equal(batch.skipped, 4);
  });
});

describe('what a drain tail writes next', () => {
  it('is everything where it fits', () => {
    const batch = newestThatFit(source(5), 2, AMPLE, OPTIONS);
    assert.deepEqual(shown(batch), [3, 4, 5]);
    assert.deepEqual(skipped(batch), []);
  });

  it('is the newest messages, after a line that counts the others', () => {
    const batch = newestThatFit(source(1000), 10, { lines: 6, characters: 1_000_000 }, OPTIONS);
    assert.deepEqual(shown(batch), [998, 999, 1000]);
    assert.deepEqual(skipped(batch), ['11-997']);
    assert.equal(batch.cursor, 1000);
    assert.match(batch.text, /^… {2}987 messages \(5\.9 kB\) not shown/);
  });

  it('says no size when some of the skipped are no longer kept', () => {
    const batch = newestThatFit(source(1000, { first: 900 }), 0, { lines: 6, characters: 1_000_000 }, OPTIONS);
    assert.match(batch.text, /^… {2}997 messages not shown: #1–#997/);
  });

  it('formats only what it shows', () => {
    const messages = source(100_000);
    let read = 0;
    const reading = {
      lastNumber: messages.lastNumber,
      lengthOf: (number: number) => messages.lengthOf(number),
      get: (number: number) => {
        const message = messages.get(number);
        return (
          message && {
            ...message,
            get properties() {
              read++;
              return {};
            },
          }
        );
      },
    };
    newestThatFit(reading, 0, { lines: 6, characters: 1_000_000 }, OPTIONS);
    // Each formatting reads the properties a few times.
    assert.ok(read < 100, `${read} reads`);
  });

  it('accounts for every message once, whatever the room', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ arrived: fc.nat(30), lines: fc.integer({ min: 1, max: 20 }) }), { maxLength: 20 }),
        (steps) => {
          let cursor = 0;
          let last = 0;
          let counted = 0;
          for (const { arrived, lines } of steps) {
            last += arrived;
            const batch = newestThatFit(source(last), cursor, { lines, characters: 1_000_000 }, OPTIONS);
            assert.equal(shown(batch).length + batch.skipped, last - cursor);
            cursor = batch.cursor;
            counted += shown(batch).length + batch.skipped;
          }
          assert.equal(counted, last);
        },
      ),
      { seed: 20264 },
    );
  });
});
