import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { foldJson } from '../../../src/broker/message/jsonFold.ts';
import { indentJson, indentJsonStart } from '../../../src/broker/message/jsonIndent.ts';

const fold = (json: string, columns = 40): string => foldJson(indentJson(json) ?? '', columns);

describe('folding JSON', () => {
  it('puts what fits on one line', () => {
    assert.equal(fold('{"id":7,"total":12.5}'), '{ "id": 7, "total": 12.5 }');
    assert.equal(fold('[1,[2,3],{}]'), '[1, [2, 3], {}]');
  });

  it('folds inner objects and arrays where the whole does not fit', () => {
    assert.equal(
      fold('{"customer":"acme","items":[{"sku":"A-1","n":2},{"sku":"A-2","n":1}]}'),
      [
        '{',
        '  "customer": "acme",',
        '  "items": [',
        '    { "sku": "A-1", "n": 2 },',
        '    { "sku": "A-2", "n": 1 }',
        '  ]',
        '}',
      ].join('\n'),
    );
  });

  it('makes no line longer than asked for, unless one token is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.integer({ min: 1, max: 120 }), (json, columns) => {
        const indented = new Set((indentJson(json) ?? '').split('\n'));
        for (const line of fold(json, columns).split('\n')) assert.ok(line.length <= columns || indented.has(line));
      }),
      { seed: 20262 },
    );
  });

  it('keeps the value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (json) => {
        assert.deepEqual(JSON.parse(fold(json, 60)), JSON.parse(json));
      }),
      { seed: 20263 },
    );
  });

  it('leaves the open end of a cut text as it is', () => {
    assert.equal(
      foldJson(indentJsonStart('{"a":[1,2],"b":{"c":"x{') ?? '', 40),
      '{\n  "a": [1, 2],\n  "b": {\n    "c": "x{',
    );
  });
});
