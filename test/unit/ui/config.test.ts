import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

describe('the settings', () => {
  it('are each read by the code that lists them', async () => {
    const source = await readFile(new URL('../../../src/ui/config.ts', import.meta.url), 'utf8');
    const listed = /settingKeys = \[([^\]]*)\]/.exec(source)?.[1] ?? '';
    const keys = [...listed.matchAll(/'([^']+)'/g)].map(([, key]) => key ?? '');
    assert.ok(keys.length > 5);
    for (const key of keys) assert.match(source, new RegExp(String.raw`(?:get|getNumber|inspect)\('${key}'`), key);
  });
});
