import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { literalMessage } from '../../../src/broker/messageFile/literal.ts';
import type { MessageFile, Range } from '../../../src/broker/messageFile/model.ts';
import { parseMessageFile } from '../../../src/broker/messageFile/parse.ts';
import { printMessageFile } from '../../../src/broker/messageFile/print.ts';
import { promptsOf, resolveMessage } from '../../../src/broker/messageFile/resolve.ts';
import { checkReferences } from '../../../src/broker/messageFile/variables.ts';
import { sources } from '../messageFile/sources.ts';
import { fuzz, inherited, resultOrAppError } from './fuzz.ts';

const token = fc.constantFrom(
  'orders',
  'e > k',
  '"',
  '""',
  '> ',
  '###',
  '### name',
  '\n',
  '\n\n',
  '\r\n',
  '\r',
  ' ',
  '\t',
  '#',
  '//',
  '@a = ',
  '@a',
  '{{a}}',
  '{{',
  '}}',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\{{',
  '{{$uuid}}',
  '{{$randomInt 1 6}}',
  '{{$prompt x y}}',
  '{{$no}}',
  'content-type: ',
  'delivery-mode: ',
  'timestamp: ',
  'priority: 5',
  'x-a: ',
  '"b": ',
  'body: base64',
  'body: crlf',
  '< ',
  '<@ ',
  'int 5',
  'int8 ',
  'decimal 1.5',
  'table ',
  'array ',
  'void',
  'bytes AAE=',
  'null',
  '{"a": ',
  '[1, 2]',
  '\u0000',
  '\ufeff',
  '\ud800',
  '😀',
);

const anyFile = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(fc.oneof({ weight: 9, arbitrary: token }, fc.string({ unit: 'binary' })), { maxLength: 40 })
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  // One thing over and over: what would show work that grows faster than the text.
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('', 'q\n', 'q\n\n', 'q\nx-a: ', '@a = '), fc.array(token, { minLength: 1, maxLength: 3 }))
      .map(([start, parts]) => start + parts.join('').repeat(20_000)),
  },
);

function checkRange({ start, end }: Range, length: number, what: string): void {
  assert.ok(start >= 0 && start <= end && end <= length, `${what} ${start}-${end} of ${length}`);
}

function checkRanges(file: MessageFile, length: number): void {
  for (const problem of file.problems) {
    checkRange({ start: problem.range.start, end: Math.min(problem.range.end, length) }, length, problem.message);
    assert.match(problem.message, /^\S.*[.…]$/su);
  }
  let last = 0;
  for (const { range, head, bodyRange, target, fields } of file.messages) {
    assert.ok(range.start >= last, 'messages stand one after the other');
    last = range.end;
    for (const each of [range, head, bodyRange, ...(target ? [target.range, target.keyRange] : [])])
      checkRange(each, length, 'part');
    for (const field of fields)
      for (const each of [field.range, field.nameRange, field.valueRange]) checkRange(each, length, 'field');
  }
}

describe('message files from anywhere', () => {
  it('are read without an error thrown, with every part at a place in the text', async () => {
    await fuzz(anyFile, (text) => checkRanges(parseMessageFile(text), text.length));
  });

  it('have their variables resolved, or are told what is wrong with them', async () => {
    await fuzz(anyFile, (text) => {
      const file = parseMessageFile(text);
      const templates = file.variables.map(({ value }) => value);
      checkReferences(file, templates, new Set());
      for (const message of file.messages.slice(0, 20)) {
        promptsOf(file, message);
        const resolution = resolveMessage(file, message, sources());
        if ('problems' in resolution) assert.ok(resolution.problems.length > 0);
      }
    });
  });

  it('are written for any message, such that they are read as it was', async () => {
    const header = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), inherited);
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.double(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(header, tie('value'), { maxKeys: 3 }),
        fc.integer({ min: -128, max: 127 }).map((each) => ({ '!': 'int8', value: each })),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((each) => ({ '!': 'int64', value: each })),
        fc.nat().map((each) => ({ '!': 'timestamp', value: each })),
      ),
    })).value;
    const draft = fc.record({
      exchange: fc.string({ unit: 'binary', maxLength: 60 }),
      routingKey: fc.string({ unit: 'binary', maxLength: 60 }),
      content: fc.oneof(
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
        fc.array(token, { maxLength: 10 }).map((parts) => Buffer.from(parts.join(''))),
      ),
      properties: fc.record({
        type: fc.string({ unit: 'binary', maxLength: 60 }),
        headers: fc.dictionary(header, value, { maxKeys: 4 }),
      }),
    });
    await fuzz(draft, async (each) => {
      const written = await resultOrAppError(() => literalMessage(each));
      if (written instanceof Error) return;
      const text = printMessageFile({ messages: [written] });
      const file = parseMessageFile(text);
      const [message] = file.messages;
      assert.ok(message, text);
      const resolution = resolveMessage(file, message, sources());
      assert.ok('message' in resolution, text);
      const { exchange, routingKey, properties, body } = resolution.message;
      assert.deepEqual([exchange, routingKey, properties.type], [each.exchange, each.routingKey, each.properties.type]);
      assert.ok(body.kind === 'bytes' && body.content.equals(each.content), text);
      assert.deepEqual(literalMessage({ ...each, properties }), written);
    });
  });
});
