import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { root } from '../../../scripts/lib/run.mjs';
import { Filter, parseFilter } from '../../../src/broker/filter/filter.ts';
import { examples } from './examples.ts';

const path = join(root, 'docs', 'filter.md');

describe('docs/filter.md', () => {
  for (const { filter: text, yes, no, context } of Object.values(examples).flat()) {
    it(`says what ${text} finds`, () => {
      const filter = parseFilter(text);
      assert.ok(filter instanceof Filter, text);
      assert.deepEqual(filter.matchEach([yes, no], context), [true, false]);
    });
  }

  it('has the examples that are tried here', async () => {
    const page = readFileSync(path, 'utf8');
    const expected = await withTables(page);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, expected);
    else assert.equal(page, expected, 'docs/filter.md is out of date: run the unit tests with UPDATE_DOCS=1');
  });
});

/** The page with what stands between its first section and the one after the examples written anew. */
async function withTables(page: string): Promise<string> {
  const [first = ''] = Object.keys(examples);
  const start = page.indexOf(`## ${first}\n`);
  const end = page.indexOf('## Rules\n');
  assert.ok(start !== -1 && end !== -1);
  const sections = Object.entries(examples).map(([title, rows]) => {
    const lines = rows.map(({ filter, finds }) => `| \`${escaped(filter)}\` | ${escaped(finds)} |`);
    return [`## ${title}`, '', '| Filter | Finds |', '| --- | --- |', ...lines, '', ''].join('\n');
  });
  const options = await prettier.resolveConfig(path);
  return prettier.format(page.slice(0, start) + sections.join('') + page.slice(end), { ...options, filepath: path });
}

function escaped(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
