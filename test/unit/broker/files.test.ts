import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AtomicFile } from '../../../src/broker/files/atomicFile.ts';
import { AtomicFolder } from '../../../src/broker/files/atomicFolder.ts';
import { RotatingFile } from '../../../src/broker/files/rotatingFile.ts';
import { AppError } from '../../../src/common/errors.ts';

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError && error.is('fileUnwritable'), String(error));
  return error.params.reason;
}

describe('a file that is there whole or not at all', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warren-files-'));
    path = join(folder, 'a.txt');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('takes the place of what was there when it is complete, and not before', async () => {
    await writeFile(path, 'before');
    const file = await AtomicFile.create(path);
    await file.write('é'.repeat(300_000));
    await file.write('end');
    assert.equal(await readFile(path, 'utf8'), 'before');
    await file.commit();
    assert.equal(await readFile(path, 'utf8'), `${'é'.repeat(300_000)}end`);
    assert.deepEqual(await readdir(folder), ['a.txt']);
  });

  it('leaves what was there, and nothing else, when it is given up', async () => {
    await writeFile(path, 'before');
    const file = await AtomicFile.create(path);
    await file.write('x'.repeat(600_000));
    await file.discard();
    assert.equal(await readFile(path, 'utf8'), 'before');
    assert.deepEqual(await readdir(folder), ['a.txt']);
  });

  it('says why it cannot be written, and leaves nothing', async () => {
    assert.equal(await reasonOf(AtomicFile.create(join(folder, 'none', 'a.txt'))), 'its folder does not exist');
    await mkdir(join(path, 'full'), { recursive: true });
    const file = await AtomicFile.create(path);
    assert.equal(await reasonOf(file.commit()), 'it is a folder');
    assert.deepEqual(await readdir(folder), ['a.txt']);
  });

  it('is not put in place of one that a tail is writing to, nor is another such one', async () => {
    const tail = await RotatingFile.create(path, 5);
    const busy = 'a tail is writing to it';
    for (const text of ['first\n', 'second\n']) await tail.append(text);
    for (const taken of tail.paths) {
      assert.equal(await reasonOf(AtomicFile.create(taken)), busy);
      assert.equal(await reasonOf(RotatingFile.create(taken, 5)), busy);
    }
    await tail.close();
    assert.equal(await readFile(tail.path, 'utf8'), 'second\n');
    await (await AtomicFile.create(path)).commit();
    await (await RotatingFile.create(path, 5)).close();
  });

  it('may be a folder of files', async () => {
    const kept = await AtomicFolder.create(join(folder, 'kept'));
    await kept.write('1.txt', Buffer.from('one'));
    assert.equal(await reasonOf(kept.write('1.txt', Buffer.from('two'))), 'it exists already');
    assert.ok(!(await readdir(folder)).includes('kept'));
    await kept.commit();
    assert.equal(await readFile(join(folder, 'kept', '1.txt'), 'utf8'), 'one');
    const dropped = await AtomicFolder.create(join(folder, 'dropped'));
    await dropped.write('1.txt', Buffer.from('one'));
    await dropped.discard();
    assert.deepEqual(await readdir(folder), ['kept']);
  });
});
