import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvItems } from '../../../src/broker/batch/items/csv.ts';
import { folderItems } from '../../../src/broker/batch/items/folder.ts';
import type { Item, ReadItems } from '../../../src/broker/batch/items/item.ts';
import { lineItems } from '../../../src/broker/batch/items/lines.ts';
import { AppError, type ErrorCode } from '../../../src/common/errors.ts';

let folder: string;
before(() => (folder = mkdtempSync(join(tmpdir(), 'warren-items-'))));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function all(read: ReadItems): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of read()) items.push(item);
  return items;
}

async function told(read: ReadItems): Promise<AppError> {
  const error = await all(read).catch((thrown: unknown) => thrown);
  return error instanceof AppError ? error : assert.fail('it was read');
}

async function code(read: ReadItems): Promise<ErrorCode> {
  return (await told(read)).code;
}

const texts = (items: readonly Item[]): string[] => items.map(({ content }) => content.toString('latin1'));

describe('the lines of a file', () => {
  it('are bodies byte for byte, without what ends a line, empty ones passed over', async () => {
    const items = await all(
      lineItems(file('a.jsonl', Buffer.from('{"n":1}\r\nplain\n\n\xff\x00\xe9\n last', 'latin1'))),
    );
    assert.deepEqual(texts(items), ['{"n":1}', 'plain', '\xff\x00\xe9', ' last']);
    assert.deepEqual(
      items.map(({ place }) => place),
      ['line 1', 'line 2', 'line 4', 'line 5'],
    );
    assert.deepEqual(
      items.map(({ contentType }) => contentType),
      ['application/json', 'text/plain', 'text/plain', 'text/plain'],
    );
  });

  it('have the fields of a JSON object as values', async () => {
    const [item] = await all(lineItems(file('b.jsonl', '{"id":7,"name":"Ada","at":{"x":[1]},"no":null}\n')));
    assert.deepEqual(item?.values, { id: '7', name: 'Ada', at: '{"x":[1]}', no: 'null' });
  });

  it('are whole where they are longer than what is read at a time', async () => {
    const long = 'x'.repeat(700_000);
    const items = await all(lineItems(file('c.jsonl', `${long}\nshort\n${long}`)));
    assert.deepEqual(
      items.map(({ content }) => content.length),
      [700_000, 5, 700_000],
    );
  });

  it('of a file that is not there are told so', async () => {
    assert.equal(await code(lineItems(join(folder, 'none'))), 'fileUnreadable');
  });
});

describe('the rows of a CSV file', () => {
  it('are JSON objects with their columns as values', async () => {
    const path = file('a.csv', '\uFEFFid,name\r\n1,"Ada, ""A"""\r\n2,"two\nlines"\r\n');
    const items = await all(csvItems(path));
    assert.deepEqual(
      texts(items).map((text) => JSON.parse(text)),
      [
        { id: '1', name: 'Ada, "A"' },
        { id: '2', name: 'two\nlines' },
      ],
    );
    assert.deepEqual(items[0]?.values, { id: '1', name: 'Ada, "A"' });
    assert.deepEqual(
      items.map(({ place }) => place),
      ['row 1', 'row 2'],
    );
  });

  it('have the column body as their body', async () => {
    const [item] = await all(csvItems(file('b.csv', 'key,body\na,hello\n')));
    assert.equal(item?.content.toString(), 'hello');
    assert.equal(item?.contentType, 'text/plain');
  });

  it('may be separated by semicolons or tabs', async () => {
    assert.deepEqual((await all(csvItems(file('c.csv', 'a;b\n1,5;2\n'))))[0]?.values, { a: '1,5', b: '2' });
    assert.deepEqual((await all(csvItems(file('d.csv', 'a\tb\n1\t2\n'))))[0]?.values, { a: '1', b: '2' });
  });

  it('that do not fit the columns, or columns of one name, are told so', async () => {
    assert.equal(await code(csvItems(file('e.csv', 'a,b\n1,2\n1,2,3\n'))), 'invalidInput');
    assert.match((await told(csvItems(file('f.csv', 'a,a\n1,2\n')))).message, /column \\"a\\" twice/);
    assert.equal(await code(csvItems(join(folder, 'none.csv'))), 'fileUnreadable');
  });
});

describe('the files of a folder', () => {
  it('come byte for byte, in the order of their names as people count', async () => {
    const path = join(folder, 'messages');
    mkdirSync(join(path, 'inner'), { recursive: true });
    for (const [name, content] of [
      ['10.json', '{}'],
      ['2.json', '[2]'],
      ['.hidden', 'no'],
    ] as const) {
      writeFileSync(join(path, name), content);
    }
    const items = await all(folderItems(path, (name) => `type of ${name}`));
    assert.deepEqual(
      items.map(({ place, contentType }) => [place, contentType]),
      [
        ['2.json', 'type of 2.json'],
        ['10.json', 'type of 10.json'],
      ],
    );
    assert.deepEqual(texts(items), ['[2]', '{}']);
    assert.equal(await code(folderItems(join(folder, 'nothing'), () => '')), 'fileUnreadable');
  });
});
