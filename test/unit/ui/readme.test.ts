import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly title: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
  };
}

const read = (name: string) => readFile(new URL(`../../../${name}`, import.meta.url), 'utf8');

describe('the README', () => {
  let readme: string;
  let contributes: Manifest['contributes'];
  before(async () => {
    readme = await read('README.md');
    ({ contributes } = JSON.parse(await read('package.json')) as Manifest);
  });

  it('names every command among the commands', () => {
    const table = /^## Commands\n(?<table>[^]*?)\n## /m.exec(readme)?.groups?.['table'] ?? '';
    const cells = table.split('\n').map((line) => line.split('|')[2] ?? '');
    const named = cells.flatMap((cell) => cell.split(', ').map((title) => title.replace(/\(.*\)/, '').trim()));
    const missing = contributes.commands.filter(({ title }) => !named.includes(title));
    assert.deepEqual(missing, []);
  });

  it('has every setting with its default', () => {
    for (const [name, { default: value }] of Object.entries(contributes.configuration.properties)) {
      const cell = value === '' ? '' : JSON.stringify(value);
      const row = new RegExp(
        `^\\| \`${name.replaceAll('.', '\\.')}\` *\\| ${cell.replaceAll(/[[\]{}]/g, String.raw`\$&`)} *\\|`,
        'm',
      );
      assert.match(readme, row, name);
    }
  });
});
