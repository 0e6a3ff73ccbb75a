import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseMessageFile } from '../../../src/broker/messageFile/parse.ts';
import { printMessageFile } from '../../../src/broker/messageFile/print.ts';
import { lineText, message, variables } from './arbitraries.ts';
import { withoutRanges } from './withoutRanges.ts';

/** A part of the unit tests: on a busy machine fewer run. */
const options = { seed: 20_261_122, numRuns: 2000, interruptAfterTimeLimit: 600, markInterruptAsFailure: false };

/** The problems that a printed message may have: that of a reference to what is in no file is not the parser's. */
function assertSame(text: string, expected: unknown): void {
  const file = parseMessageFile(text);
  assert.deepEqual(file.problems, [], text);
  assert.deepEqual(
    withoutRanges({ variables: file.variables, messages: file.messages }),
    withoutRanges(expected),
    text,
  );
}

describe('a printed message file', () => {
  it('is read as the same message, whatever stands in it', () => {
    fc.assert(
      fc.property(message, (each) =>
        assertSame(printMessageFile({ messages: [each] }), { variables: [], messages: [each] }),
      ),
      options,
    );
  });

  it('is read as the same variables and messages', () => {
    fc.assert(
      fc.property(variables, fc.array(message, { maxLength: 4 }), (some, messages) =>
        assertSame(printMessageFile({ variables: some, messages }), { variables: some, messages }),
      ),
      { ...options, numRuns: 500 },
    );
  });

  it('means what the file that was read meant, and is not changed by being printed again', () => {
    const line = fc.oneof(
      lineText,
      fc
        .tuple(fc.constantFrom('x-a: ', '"b": ', 'type: ', '@c = ', 'body: ', '### ', '< ', ''), lineText)
        .map((parts) => parts.join('')),
      fc.constantFrom(
        'orders',
        'e > k',
        '',
        '',
        '###',
        '\\',
        'body: crlf',
        'body: base64',
        '< ./a.json',
        '# note',
        '// note',
      ),
    );
    const text = fc
      .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'))
      .map(([lines, eol]) => lines.join(eol));
    fc.assert(
      fc.property(text, (each) => {
        const file = parseMessageFile(each);
        if (file.problems.length > 0) return;
        const printed = printMessageFile(file);
        assertSame(printed, { variables: file.variables, messages: file.messages });
        assert.equal(printMessageFile(parseMessageFile(printed)), printed);
      }),
      { ...options, numRuns: 5000 },
    );
  });
});
