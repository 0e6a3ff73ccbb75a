import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadWASM, OnigScanner, OnigString } from 'vscode-oniguruma';
import { INITIAL, Registry, type IGrammar, type IRawGrammar } from 'vscode-textmate';
import { root } from '../../../scripts/lib/run.mjs';

const path = join(root, 'media', 'amqp.tmLanguage.json');

/** Stands for VS Code's own: a string in it has no end at the end of a line, as some have. */
function anyLanguage(scopeName: string): IRawGrammar {
  const string = { begin: '"', end: '"', name: `string.${scopeName}` };
  return { scopeName, patterns: [string, { match: '\\w+', name: `word.${scopeName}` }] } as unknown as IRawGrammar;
}

async function load(): Promise<IGrammar> {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await loadWASM(readFileSync(wasm));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: async (scopeName) =>
      scopeName === 'source.amqp' ? (JSON.parse(readFileSync(path, 'utf8')) as IRawGrammar) : anyLanguage(scopeName),
  });
  const grammar = await registry.loadGrammar('source.amqp');
  assert.ok(grammar);
  return grammar;
}

describe('the grammar of message files', () => {
  let grammar: IGrammar;
  before(async () => {
    grammar = await load();
  });

  /** Each piece of a text that is coloured, with its scopes. */
  function scopes(text: string): [text: string, scopes: string][] {
    let stack = INITIAL;
    return text.split('\n').flatMap((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
      stack = ruleStack;
      return tokens.map((token): [string, string] => [
        line.slice(token.startIndex, token.endIndex),
        token.scopes.slice(1).join(' '),
      ]);
    });
  }

  function scopeOf(text: string, piece: string): string {
    return scopes(text).find(([found]) => found.trim() === piece)?.[1] ?? 'none';
  }

  it('colours the parts of a head apart', () => {
    const text =
      '@v = 1\n### Name\n# note\nevents > order.created\nContent-Type: text/plain\nconnection: local\nx-a: int8 5\n"b c": true\n\nbody';
    assert.match(scopeOf(text, 'v'), /variable\.other/);
    assert.match(scopeOf(text, 'Name'), /markup\.heading/);
    assert.match(scopeOf(text, '# note'), /comment\.line/);
    assert.match(scopeOf(text, 'events'), /entity\.name\.type/);
    assert.match(scopeOf(text, 'order.created'), /entity\.name\.function/);
    assert.match(scopeOf(text, 'Content-Type'), /support\.type\.property-name/);
    assert.match(scopeOf(text, 'connection'), /keyword\.other/);
    assert.match(scopeOf(text, 'x-a'), /entity\.other\.attribute-name/);
    assert.match(scopeOf(text, 'int8'), /storage\.type/);
    assert.match(scopeOf(text, '5'), /constant\.numeric/);
    assert.match(scopeOf(text, '"b c"'), /entity\.other\.attribute-name/);
    assert.match(scopeOf(text, 'true'), /constant\.language/);
    assert.match(scopeOf(text, 'body'), /string\.unquoted\.body/);
  });

  it('colours a body by its content type', () => {
    for (const [type, language] of [
      ['application/json', 'source.json'],
      ['application/cloudevents+json; charset=utf-8', 'source.json'],
      ['text/xml', 'text.xml'],
      ['image/svg+xml', 'text.xml'],
      ['application/yaml', 'source.yaml'],
    ] as const) {
      const text = `q\ntype: t\ncontent-type: ${type}\nx-a: 1\n\nword`;
      assert.ok(scopeOf(text, 'word').includes(`word.${language}`), type);
      assert.match(scopeOf(text, 'x-a'), /attribute-name/, type);
    }
    assert.ok(scopeOf('q\n\n{ word', 'word').includes('word.source.json'), 'what looks like JSON');
    assert.ok(!scopeOf('q\n\nword', 'word').includes('source'), 'any other text');
  });

  it('ends a body at the next message, whatever is open in it', () => {
    const text = 'q\ncontent-type: application/json\n\n{ "open\n\nstill\n### Next\nother\ntype: t\n\nlast';
    assert.match(scopeOf(text, 'still'), /string\.source\.json/);
    assert.equal(scopeOf(text, 'Next'), 'markup.heading.amqp entity.name.section.amqp');
    assert.equal(scopeOf(text, 'other'), 'entity.name.type.target.amqp');
    assert.equal(scopeOf(text, 'last'), '');
  });

  it('knows variables in targets, values, and bodies of every language, in strings too', () => {
    for (const text of [
      '{{name}}',
      'q\ntype: a {{name}}',
      'q\nx-a: int {{name}}',
      'q\n\na {{name}}',
      'q\ncontent-type: a/json\n\n{ "a {{name}}" }',
      'q\nx-a: "{{name}}"',
      '@a = {{name}}',
    ]) {
      assert.match(scopeOf(text, 'name'), /variable\.other\.readwrite/, text);
    }
    assert.match(scopeOf('q\n\n\\{{name}}', '\\{{'), /constant\.character\.escape/);
    assert.match(scopeOf('q\n\n{{$randomInt 1 6}}', 'randomInt'), /variable\.other\.readwrite/);
  });

  it('colours a file that the body is taken from, and the marks of a body', () => {
    assert.match(scopeOf('q\n\n< ./a b.json', './a b.json'), /markup\.underline\.link/);
    assert.match(scopeOf('q\n\n<@ ./a.txt', '<@'), /keyword\.control\.import/);
    assert.match(scopeOf('q\n\na\n\\### b', '\\'), /constant\.character\.escape/);
    assert.match(scopeOf('q\n\na\n\n\\', '\\'), /constant\.character\.escape/);
  });

  it('takes names in quotes for the target, and quotes in values for what they are', () => {
    assert.match(scopeOf('"my queue"\n', '"my queue"'), /entity\.name\.type/);
    assert.match(scopeOf('"a > b" > "c d"\n', '"c d"'), /entity\.name\.function/);
    assert.match(scopeOf('q\nx-a: { "k": "v" }', '"v"'), /string\.quoted/);
  });
});
