import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { formatMessageFile } from '../../../src/broker/messageFile/format.ts';
import { parseMessageFile } from '../../../src/broker/messageFile/parse.ts';
import { lineText } from './arbitraries.ts';
import { withoutRanges } from './withoutRanges.ts';

function formatted(text: string): string {
  const edits = formatMessageFile(text, parseMessageFile(text)).toSorted((a, b) => b.range.start - a.range.start);
  return edits.reduce(
    (whole, { range, text: part }) => whole.slice(0, range.start) + part + whole.slice(range.end),
    text,
  );
}

describe('the format of a message file', () => {
  it('is one space after a colon, small letters, and no quotes that are not needed', () => {
    const text =
      '@a=b\n####   Name \n  "orders"  >key\nContent-Type:text/plain\n# Note: stays\nX-Count :int8  5\n\n{  "a":1 }  \n';
    const wanted =
      '@a = b\n### Name\n  orders > key\ncontent-type: text/plain\n# Note: stays\nX-Count: int8  5\n\n{  "a":1 }  \n';
    assert.equal(formatted(text), wanted);
  });

  it('leaves alone what cannot be read', () => {
    const text = 'my queue\nnonsense:1\npriority:x\n';
    assert.equal(formatted(text), text);
  });

  it('changes nothing of what is sent', () => {
    const line = fc.oneof(
      fc
        .tuple(fc.constantFrom('x-a:', '"b" : ', 'Type:', '@c=', '####', 'a >', ''), lineText)
        .map((parts) => parts.join('')),
      fc.constantFrom('', 'q', '"q"', 'e>k'),
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 10 }).map((lines) => lines.join('\n')),
        (text) => {
          const { variables, messages, problems } = parseMessageFile(text);
          if (problems.length > 0) return;
          const again = parseMessageFile(formatted(text));
          assert.deepEqual(
            withoutRanges([again.variables, again.messages, again.problems]),
            withoutRanges([variables, messages, []]),
          );
        },
      ),
      { seed: 20_261_122, numRuns: 3000, interruptAfterTimeLimit: 600, markInterruptAsFailure: false },
    );
  });
});
