import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { indentJson, indentJsonStart } from '../../../src/broker/message/jsonIndent.ts';

const SEED = { seed: 20261 };

/** The text without the white space between tokens, which is all that may change. */
function withoutSpace(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, '$1');
}

describe('indenting JSON', () => {
  it('lays a document out as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (v, space) => {
        assert.equal(indentJson(JSON.stringify(v, null, space)), JSON.stringify(v, null, 2));
      }),
      SEED,
    );
  });

  it('changes nothing that is already indented', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const once = indentJson(json);
        assert.ok(once !== undefined);
        assert.equal(indentJson(once), once);
      }),
      SEED,
    );
  });

  it('keeps every token as it was sent', () => {
    const sent = String.raw`{"big":12345678901234567890123,"one":1.0,"one":1,"e":1E+2,"zero":-0,"esc":"é\/\t😀"}`;
    const indented = indentJson(sent);
    assert.ok(indented?.includes('\n'));
    assert.equal(withoutSpace(indented ?? ''), sent);
  });

  it('leaves empty objects and arrays on their line', () => {
    assert.equal(indentJson('{"a":[ ],"b":{ }}'), '{\n  "a": [],\n  "b": {}\n}');
  });

  it('takes a text for JSON exactly when JSON.parse does', () => {
    const piece = fc.constantFrom(
      ...'{}[]:,-+.eE019"\\ubtrue null false \n\t a'.split(''),
      '"a"',
      'null',
      '\\u00',
      '1',
      '"b":',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const text = pieces.join('');
        assert.equal(indentJson(text) !== undefined, parses(text), JSON.stringify(text));
      }),
      { ...SEED, numRuns: 20_000 },
    );
  });

  for (const text of [
    '',
    '{"a":1,}',
    '[1,]',
    '[1 2]',
    '{"a"}',
    '{1:2}',
    '01',
    '1.',
    '.5',
    '+1',
    '"\t"',
    '"\\x"',
    '[1}',
    'nul',
    '{} {}',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(indentJson(text), undefined));
  }

  it('indents the beginning of a document, wherever it was cut', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, at) => {
        const start = json.slice(0, at % (json.length + 1));
        const indented = indentJsonStart(start);
        assert.ok(indented !== undefined, start);
        // A cut inside a string leaves it without an end: compare without any white space at all.
        assert.equal(indented.replace(/\s/g, ''), start.replace(/\s/g, ''));
      }),
      SEED,
    );
  });

  it('refuses a beginning that can no longer become JSON', () => {
    for (const start of ['[INFO] started', '{"a" "b"', '[1,,', '{"a":01', '["\\q'])
      assert.equal(indentJsonStart(start), undefined);
  });

  it('stays in proportion to its input however deep it is nested', () => {
    const deep = '['.repeat(100_000);
    assert.ok((indentJsonStart(deep) ?? '').length < deep.length + 2_000);
    assert.equal(withoutSpace(indentJson(deep + ']'.repeat(100_000)) ?? ''), deep + ']'.repeat(100_000));
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
