import assert from 'node:assert/strict';
import type { Problem, Range } from '../../../src/broker/messageFile/model.ts';
import { parseMessageFile } from '../../../src/broker/messageFile/parse.ts';
import { literalText } from '../../../src/broker/messageFile/template.ts';

const at = (text: string, { start, end }: Range): string => text.slice(start, end);

/** The code of each problem with the text that it is about. */
function problemsIn(text: string): [Problem['code'], string][] {
  return parseMessageFile(text).problems.map(({ code, range }) => [code, at(text, range)]);
}

function first(text: string) {
  const [message] = parseMessageFile(text).messages;
  assert.ok(message);
  return message;
}

function bodyOf(written: string): unknown {
  const { body } = first(`q\n\n${written}`);
  return body.kind === 'text' ? literalText(body.text) : body.kind;
}

describe('reading a message file', () => {
  it('knows where every part stands', () => {
    const text =
      '# note\r\n@a = b\r\n\r\n### Name of it\r\n"my ex" > key  \r\nType: t\r\nx-a:  int8 5\r\n\r\n{\r\n}\r\n\r\n###\r\nq\r\n';
    const { variables, messages } = parseMessageFile(text);
    const [message, second] = messages;
    assert.ok(message && second && message.target?.exchangeRange && message.separator && variables[0]);
    assert.deepEqual([at(text, variables[0].range), at(text, variables[0].nameRange)], ['@a = b', 'a']);
    assert.deepEqual([at(text, message.separator), message.name], ['### Name of it', 'Name of it']);
    assert.deepEqual([at(text, message.target.exchangeRange), at(text, message.target.keyRange)], ['"my ex"', 'key']);
    assert.deepEqual(
      message.fields.map(({ range, nameRange, valueRange }) =>
        [range, nameRange, valueRange].map((each) => at(text, each)),
      ),
      [
        ['Type: t', 'Type', 't'],
        ['x-a:  int8 5', 'x-a', 'int8 5'],
      ],
    );
    assert.equal(at(text, message.head), '"my ex" > key  \r\nType: t\r\nx-a:  int8 5');
    assert.equal(at(text, message.bodyRange), '{\r\n}');
    assert.equal(at(text, message.range), '### Name of it\r\n"my ex" > key  \r\nType: t\r\nx-a:  int8 5\r\n\r\n{\r\n}');
    assert.equal(at(text, second.range), '###\r\nq');
  });

  it('knows where the references stand, in quotes, values and bodies', () => {
    const text = '"a{{b}}" > {{c}}\nx-t: {"k": "{{d}}"}\n\nbody {{e}} \\{{f}}';
    const { target, fields, body } = first(text);
    assert.ok(target && body.kind === 'text');
    const [field] = fields;
    assert.ok(field?.kind === 'header' && field.value.type === 'table' && field.value.entries[0]);
    const value = field.value.entries[0][1];
    assert.ok('text' in value);
    const templates = [target.exchange, target.routingKey, value.text, body.text];
    const references = templates.flatMap((each) =>
      each.flatMap((part) => (typeof part === 'string' ? [] : [at(text, part.range)])),
    );
    assert.deepEqual(references, ['{{b}}', '{{c}}', '{{d}}', '{{e}}']);
  });

  it('takes names with every odd character, bare or in quotes', () => {
    for (const [written, name] of [
      ['orders/eu%20', 'orders/eu%20'],
      ['a#b', 'a#b'],
      ["it's😀", "it's😀"],
      ['"#first"', '#first'],
      ['"a b"', 'a b'],
      ['""', ''],
      [String.raw`"say \"hi\" \\ \u00e9"`, String.raw`say "hi" \ é`],
      ['"{\\{not}}"', '{{not}}'],
      ['"a > b"', 'a > b'],
    ] as const) {
      const { target } = first(`${written}\n`);
      assert.deepEqual([target?.exchange, literalText(target?.routingKey ?? [])], [[], name], written);
    }
  });

  it('keeps a body to the byte, however it is written', () => {
    assert.equal(bodyOf('a\n\n\n'), 'a');
    assert.equal(bodyOf('a\n\n\\\n'), 'a\n\n');
    assert.equal(bodyOf('\n\na'), '\n\na');
    assert.equal(bodyOf('\\###\n\\\\###\n#'), '###\n\\###\n#');
    assert.equal(bodyOf('<xml/>'), '<xml/>');
    assert.equal(bodyOf('\\< no file'), '< no file');
    assert.equal(bodyOf('< a file'), 'file');
    assert.equal(bodyOf('a \\\\{{b'), 'a \\{{b');
    assert.equal(bodyOf('\\\\'), '\\');
  });

  it('says what is wrong, where, and reads on', () => {
    const text = [
      'content-type: text/plain',
      '',
      '### two',
      'my queue',
      'conten-type: text/plain',
      'priority: 300',
      'x-a: int8 200',
      'x-b: {"a": 1',
      'no colon',
      'type: a',
      'Type: b',
      '',
      '{{ }} {{$no}} {{$randomInt 5}}',
      '### three',
      'fine',
    ].join('\n');
    assert.deepEqual(problemsIn(text), [
      ['targetMissing', 'content-type: text/plain'],
      ['target', 'queue'],
      ['unknownName', 'conten-type'],
      ['value', '300'],
      ['value', '200'],
      ['value', '\n'],
      ['line', 'no colon'],
      ['duplicate', 'Type'],
      ['reference', '{{'],
      ['reference', '{{$no}}'],
      ['reference', '{{$randomInt 5}}'],
    ]);
    assert.equal(parseMessageFile(text).messages.length, 3);
  });

  it('says so of each value that its type cannot hold', () => {
    for (const value of [
      'int8 128',
      'uint8 -1',
      'int64 9223372036854775808',
      'float 1e39',
      'decimal -1',
      'bytes a',
      'bool yes',
      'timestamp soon',
      'timestamp 2026-01-01T00:00:00.5Z',
      'void 1',
      '99999999999999999999',
      'array {}',
      '[1,]',
      '{"a": 1, "a": 2}',
      '{"!": 1}',
      `${'['.repeat(33)}${']'.repeat(33)}`,
      '"open',
      '"a" b',
    ]) {
      assert.equal(problemsIn(`q\nx-a: ${value}\n`).length, 1, value);
    }
  });

  it('stops counting problems at a thousand', () => {
    assert.equal(parseMessageFile(`q\n${'nonsense\n'.repeat(5000)}`).problems.length, 1000);
  });

  it('finds no message in comments and variables, nor between separators', () => {
    assert.deepEqual(parseMessageFile('# a\n// b\n@c = d\n\n###\n\n### x\n').messages, []);
    assert.deepEqual(parseMessageFile('').messages, []);
    assert.equal(parseMessageFile('\ufefforders').messages.length, 1);
  });
});
