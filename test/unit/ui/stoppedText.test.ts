import assert from 'node:assert/strict';
import type { Tail } from '../../../src/broker/consume/tail.ts';
import { stoppedText } from '../../../src/ui/output/stoppedText.ts';

function ended(name: string, returned: number): Tail {
  return { source: { kind: 'queue', name }, status: { kind: 'ended', returned } } as unknown as Tail;
}

function words(successor: string | undefined, ...tails: Tail[]): string {
  return stoppedText({ connection: 'team', tails, successor });
}

describe('what is said of tails that the settings have stopped', () => {
  it('is why, which, and what became of what they held', () => {
    assert.equal(
      words('id', ended('orders', 1)),
      'team: it was changed in the settings, and its tail of orders has stopped. 1 held message went back.',
    );
    assert.equal(
      words(undefined, ended('a', 0), ended('b', 0)),
      'team: it was removed from the settings, and its 2 tails (a, b) have stopped.',
    );
    assert.equal(
      words('id', ended('a', 1200), ended('b', 3), ended('c', 0), ended('d', 0)),
      'team: it was changed in the settings, and its 4 tails (a, b, c, …) have stopped. 1,203 held messages went back.',
    );
  });
});
