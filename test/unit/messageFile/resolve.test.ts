import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { parseMessageFile } from '../../../src/broker/messageFile/parse.ts';
import { promptsOf, resolveMessage, type ResolvedMessage } from '../../../src/broker/messageFile/resolve.ts';
import { checkReferences, type VariableSources } from '../../../src/broker/messageFile/variables.ts';
import { sources } from './sources.ts';

function resolve(text: string, changes: Partial<VariableSources> = {}) {
  const file = parseMessageFile(text);
  const [message] = file.messages;
  assert.ok(message);
  return resolveMessage(file, message, sources(changes));
}

function resolved(text: string, changes?: Partial<VariableSources>): ResolvedMessage {
  const resolution = resolve(text, changes);
  assert.ok('message' in resolution, inspect(resolution));
  return resolution.message;
}

function bodyOf(text: string, changes?: Partial<VariableSources>): string {
  const { body } = resolved(text, changes);
  assert.ok(body.kind === 'bytes');
  return body.content.toString();
}

function problemOf(text: string, changes?: Partial<VariableSources>): [code: string, about: string] {
  const resolution = resolve(text, changes);
  assert.ok('problems' in resolution);
  const [problem] = resolution.problems;
  assert.ok(problem);
  return [problem.code, text.slice(problem.range.start, problem.range.end)];
}

describe('the variables of a message file', () => {
  it('have the values of the file, then of the environment', () => {
    const text = '@a = {{b}}{{b}}\n@b = 1\nq\n\n{{a}} {{b}} {{c}}';
    assert.equal(
      bodyOf(text, {
        environment: new Map([
          ['b', '2'],
          ['c', '{{a}}'],
        ]),
      }),
      '11 1 {{a}}',
    );
  });

  it('have one value in a message, while ids and random numbers are new each time', () => {
    assert.equal(bodyOf('@id = {{$uuid}}\nq\n\n{{id}} {{id}} {{$uuid}} {{$uuid}}'), 'id-1 id-1 id-2 id-3');
  });

  it('give the time, a range of numbers, the counter, the environment of the process and answers', () => {
    const text =
      'q\n\n{{$timestamp}} {{$isoDate}} {{$randomInt -3 6}} {{$counter}} {{$env HOME}} {{$prompt The  tenant}}';
    const answers = new Map([['The tenant', 'acme']]);
    const changes = { counter: 7, env: (name: string) => `<${name}>`, answers };
    assert.equal(bodyOf(text, changes), '1767268800 2026-01-01T12:00:00.000Z 6 7 <HOME> acme');
    assert.equal(bodyOf('q\n\n{{$randomInt -3 6}}', { random: () => 0 }), '-3');
  });

  it('are asked for once a label, through other variables too', () => {
    const file = parseMessageFile(
      '@a = {{$prompt A}}{{a}}\n@unused = {{$prompt C}}\n{{a}}\nx-t: [{"k": "{{$prompt B}}"}]\n\n{{$prompt B}} {{a}}',
    );
    const [message] = file.messages;
    assert.deepEqual(message && promptsOf(file, message), ['A', 'B']);
  });

  it('that are nowhere or use themselves are problems at their place', () => {
    assert.deepEqual(problemOf('q\n\n{{no}}'), ['unknownVariable', '{{no}}']);
    assert.deepEqual(problemOf('@a = {{b}}\n@b = {{a}}\nq\n\n{{a}}'), ['cyclicVariable', '{{a}}']);
    assert.deepEqual(problemOf('q\n\n{{$env NO}}'), ['unknownVariable', '{{$env NO}}']);
    const text = '@a = {{b}}\n@b = {{a}}\n@c = {{a}}\n@d = 1\nq\n\n{{c}} {{d}} {{e}} {{f}}';
    const file = parseMessageFile(text);
    const [message] = file.messages;
    assert.ok(message?.body.kind === 'text');
    const found = checkReferences(file, [message.body.text], new Set(['f']));
    assert.deepEqual(
      found.map(({ code, range }) => [code, text.slice(range.start, range.end)]),
      [
        ['cyclicVariable', '{{c}}'],
        ['unknownVariable', '{{e}}'],
      ],
    );
  });

  it('cannot exhaust the stack or the memory', () => {
    const chain = Array.from({ length: 5_000 }, (_, i) => `@a${i} = {{a${i + 1}}}`).join('\n');
    assert.deepEqual(problemOf(`${chain}\nq\n\n{{a0}}`)[0], 'unknownVariable');
    const doubling = Array.from({ length: 60 }, (_, i) => `@a${i} = {{a${i + 1}}}{{a${i + 1}}}`).join('\n');
    assert.deepEqual(problemOf(`${doubling}\n@a60 = xxxxxxxx\nq\n\n{{a0}}`)[0], 'unknownVariable');
    const file = parseMessageFile(chain);
    assert.equal(
      checkReferences(
        file,
        file.variables.map(({ value }) => value),
        new Set(),
      ).length,
      1,
    );
  });
});

describe('a message of a file', () => {
  it('cannot be changed by what a value has in it', () => {
    const value = '"x" > y\n\n###\n{{z}}: int 5, "b": [1]';
    const { exchange, routingKey, properties } = resolved('{{v}} > {{v}}\ntype: {{v}}\nx-a: {{v}}\nx-b: ["{{v}}"]\n', {
      environment: new Map([['v', value]]),
    });
    assert.deepEqual(
      [exchange, routingKey, properties.type, properties.headers],
      [value, value, value, { 'x-a': value, 'x-b': [value] }],
    );
  });

  it('has headers with the types that amqplib writes', () => {
    const text =
      'q\nx-a: 5\nx-b: int8 -5\nx-c: 1.5\nx-d: bytes AAE=\nx-e: void\nx-f: timestamp 2026-01-01T00:00:00Z\nx-g: decimal 1.50\n"__proto__": [1]\nx-h: int64 9223372036854775807\n';
    assert.deepEqual(Object.entries(resolved(text).properties.headers as object), [
      ['x-a', { '!': 'int32', value: 5 }],
      ['x-b', { '!': 'int8', value: -5 }],
      ['x-c', { '!': 'double', value: 1.5 }],
      ['x-d', Buffer.from([0, 1])],
      ['x-e', null],
      ['x-f', { '!': 'timestamp', value: 1_767_225_600 }],
      ['x-g', { '!': 'decimal', value: { places: 2, digits: 150 } }],
      ['__proto__', [{ '!': 'int32', value: 1 }]],
      ['x-h', { '!': 'int64', value: 9223372036854775807n }],
    ]);
  });

  it('is refused with the place of what a variable made wrong', () => {
    const environment = new Map([['v', 'x'.repeat(256)]]);
    assert.deepEqual(problemOf('e > {{v}}\n', { environment }), ['target', '{{v}}']);
    assert.deepEqual(problemOf('q\nx-a: int {{v}}\n', { environment }), ['value', 'int {{v}}']);
    assert.deepEqual(problemOf('q\npriority: {{v}}\n', { environment }), ['value', '{{v}}']);
  });

  it('is refused for a problem in it or in a variable, but not for one in another message', () => {
    const file = parseMessageFile('q\npriority: no\n###\nq\n');
    const outcomes = file.messages.map((message) => Object.keys(resolveMessage(file, message, sources()))[0]);
    assert.deepEqual(outcomes, ['problems', 'message']);
    assert.deepEqual(problemOf('@a = {{$no}}\nq\n')[0], 'reference');
  });

  it('has a body with CRLF, from base64, or from a file with or without variables', () => {
    assert.equal(bodyOf('q\nbody: crlf\n\na\nb{{$counter}}\n\\'), 'a\r\nb1\r\n');
    assert.equal(bodyOf('q\nbody: base64\n\naGVs\n bG8='), 'hello');
    const plain = resolved('q\n\n< ./{{$counter}}.bin').body;
    assert.ok(plain.kind === 'file');
    assert.deepEqual([plain.path, plain.text], ['./1.bin', undefined]);
    const templated = resolved('q\n\n<@ "./a b.txt"').body;
    assert.ok(templated.kind === 'file');
    assert.deepEqual([templated.path, templated.text?.('n {{$counter}}')], ['./a b.txt', 'n 1']);
    assert.throws(() => templated.text?.('{{no}}'), /invalidInput/);
  });
});
