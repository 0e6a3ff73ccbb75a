import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Journal, readJournal } from '../../../src/broker/batch/journal.ts';
import { fates, Ledger, type Fate } from '../../../src/broker/batch/ledger.ts';
import { AppError } from '../../../src/common/errors.ts';

const outcomes = ['routed', 'unroutable', 'refused', 'unknown'] as const;
const anyOutcome = fc.constantFrom(...outcomes);

describe('the ledger of a batch', () => {
  it('knows what became of each message, and counts', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3_000), anyOutcome)), (notes) => {
        const ledger = new Ledger();
        const expected = new Map<number, Fate>();
        for (const [index, fate] of notes) {
          ledger.note(fate, index);
          expected.set(index, fate);
        }
        for (const [index, fate] of expected) assert.equal(ledger.fateOf(index), fate);
        assert.equal(ledger.length, notes.length === 0 ? 0 : Math.max(...expected.keys()) + 1);
        assert.equal(ledger.fateOf(ledger.length), 'unsent');
        const total = fates.reduce((sum, fate) => sum + ledger.count(fate), 0);
        assert.equal(total, ledger.length);
        for (const fate of outcomes) {
          assert.equal(ledger.count(fate), [...expected.values()].filter((each) => each === fate).length);
        }
      }),
    );
  });
});

describe('the journal of a batch', () => {
  let folder: string;
  let files = 0;
  const path = (): string => join(folder, `${++files}.journal`);

  before(() => (folder = mkdtempSync(join(tmpdir(), 'warren-journal-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('is read as it was written, run after run', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyOutcome, { maxLength: 300 }), { minLength: 1, maxLength: 3 }), (runs) => {
        const file = path();
        Journal.create(file, { of: 'orders' }).close();
        let index = 0;
        for (const run of runs) {
          const journal = Journal.resume(file);
          for (const fate of run) {
            journal.sending(index);
            journal.note(index++, fate);
          }
          journal.close();
        }
        const { about, ledger } = readJournal(file);
        assert.deepEqual(about, { of: 'orders' });
        const expected = runs.flat();
        assert.equal(ledger.length, expected.length);
        for (const [i, fate] of expected.entries()) assert.equal(ledger.fateOf(i), fate);
      }),
      { numRuns: 30 },
    );
  });

  it('calls unknown what was sent and has no outcome, and unsent what was not sent any more', () => {
    const file = path();
    const journal = Journal.create(file, {});
    for (let i = 0; i < 5; i++) journal.sending(i);
    journal.note(0, 'routed');
    journal.note(2, 'unroutable');
    journal.close(4);
    const { ledger } = readJournal(file);
    const read = [0, 1, 2, 3, 4].map((index) => ledger.fateOf(index));
    assert.deepEqual(read, ['routed', 'unknown', 'unroutable', 'unknown', 'unsent']);
  });

  it('cut off anywhere never calls confirmed what was not', () => {
    const file = path();
    const journal = Journal.create(file, {});
    // What is confirmed comes last: of its line `c 120-159` a part names other messages.
    const notes = outcomes.toReversed().flatMap((fate) => Array.from({ length: 40 }, () => fate));
    for (const [index, fate] of notes.entries()) {
      journal.sending(index);
      journal.note(index, fate);
    }
    journal.close();
    const whole = readFileSync(file);
    const first = whole.indexOf('\n') + 1;
    for (let length = first; length < whole.length; length++) {
      const cut = path();
      writeFileSync(cut, whole.subarray(0, length));
      // And it can be gone on with.
      Journal.resume(cut).close();
      const { ledger } = readJournal(cut);
      for (const [index, fate] of notes.entries()) {
        if (ledger.fateOf(index) === 'routed') assert.equal(fate, 'routed', `${length}: ${index}`);
      }
    }
  });

  it('that is none is told so', () => {
    const file = path();
    writeFileSync(file, 'hello\n');
    assert.throws(
      () => readJournal(file),
      (error) => error instanceof AppError && error.is('fileUnreadable'),
    );
    assert.throws(
      () => readJournal(join(folder, 'none')),
      (error) => error instanceof AppError && error.is('fileUnreadable'),
    );
    writeFileSync(file, '{}\nc 0-999999999\nc 5-2\nz 1-2\ns\ne 999999999\n');
    assert.equal(readJournal(file).ledger.length, 0);
  });

  it('says when it cannot be written, or would have more messages than it can tell of', () => {
    const journal = Journal.create(path(), {});
    assert.throws(
      () => journal.sending(5e7),
      (error) => error instanceof AppError && error.is('invalidInput'),
    );
    journal.close();
    assert.throws(
      () => Journal.create(join(folder, 'no', 'where'), {}),
      (error) => error instanceof AppError && error.is('fileUnwritable'),
    );
  });
});
