import assert from 'node:assert/strict';
import type { PeekResult } from '../../../src/broker/consume/tailStatus.ts';
import { peekText } from '../../../src/ui/output/peekText.ts';

const said = (result: Partial<PeekResult>): string =>
  peekText({
    looked: 10,
    of: 4_812,
    end: { kind: 'all' },
    held: 0,
    count: 'same',
    counts: 'no',
    mayBeBehindReturned: false,
    ...result,
  });

describe('what is said of a look', () => {
  it('is how much was seen, and that it is back', () => {
    assert.equal(said({}), 'Looked at 10 of 4,812 messages; all are back in the queue, marked redelivered.');
    assert.equal(
      said({ looked: 1, of: 1, end: { kind: 'empty' }, counts: 'yes' }),
      'Looked at 1 of 1 message; it is back in the queue, marked redelivered and counted as a return.',
    );
    assert.match(said({ looked: 0, of: 0, end: { kind: 'empty' } }), /^No message is ready/);
    assert.match(said({ counts: 'perhaps' }), /, counted as a return if it is a quorum queue\.$/);
  });

  it('is what the queue’s count tells, and no more', () => {
    assert.match(
      said({ count: 'untold' }),
      /all went back, .* \(others read the queue, so that cannot be counted\)\.$/,
    );
    assert.match(said({ count: { less: 3 } }), /the queue has 3 messages less than before/);
  });

  it('is why it ended early', () => {
    assert.match(said({ end: { kind: 'time', ms: 10_000 } }), /ended after 10 s/);
    assert.match(said({ end: { kind: 'time', ms: 500 } }), /ended after 0\.5 s/);
    assert.match(said({ end: { kind: 'bytes', bytes: 64_000_000 } }), /ended at 64 MB/);
    assert.match(said({ end: { kind: 'stopped' } }), /It was stopped\.$/);
    const nearLimit = { kind: 'nearLimit', number: 4, returns: 18, limit: 20 } as const;
    assert.match(said({ end: nearLimit }), /ended at #4: it came back 18 times, and the queue's delivery limit is 20/);
    assert.match(said({ end: { ...nearLimit, returns: 0, limit: 1 } }), /it never came back yet/);
  });

  it('is what is still held, why, and what happens to it', () => {
    const kept = { kind: 'kept', number: 2, returns: 20, limit: 20 } as const;
    const text = said({ looked: 2, held: 1, end: kept });
    assert.match(text, /; the others are back in the queue, marked redelivered\./);
    assert.match(text, /#2 is not given back: it came back 20 times, the queue's delivery limit/);
    assert.match(text, /when the window or the connection closes it goes back\.$/);
    assert.match(
      said({ looked: 1, held: 1, end: { ...kept, limit: undefined } }),
      /it is still held\. .* not known here/,
    );
  });

  it('is that others may be first now', () => {
    assert.match(said({ mayBeBehindReturned: true }), /those are first in the queue now\.$/);
  });
});
