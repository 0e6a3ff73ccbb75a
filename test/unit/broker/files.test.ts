import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AtomicFile } from '../../../src/broker/files/atomicFile.ts';
import { AtomicFolder } from '../../../src/broker/files/atomicFolder.ts';
import { RotatingFile } from '../../../src/broker/files/rotatingFile.ts';
import { AppError } from '../../../src/common/errors.ts';
import { lockText } from '../../support/lockText.ts';

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError && error.is('fileUnwritable'), String(error));
  return error.params.reason;
}

async function inUse(promise: Promise<unknown>): Promise<AppError<'fileInUse'>['params']> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError && error.is('fileInUse'), String(error));
  return error.params;
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
    for (const text of ['first\n', 'second\n']) await tail.append(text);
    for (const taken of tail.paths) {
      assert.equal((await inUse(AtomicFile.create(taken))).isOurs, true);
      assert.equal((await inUse(RotatingFile.create(taken, 5))).isOurs, true);
    }
    await tail.close();
    assert.deepEqual(await readdir(folder), ['a.2.txt', 'a.txt']);
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

function minutesAgo(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000);
}

describe('a file that somebody writes to', () => {
  let folder: string;
  let path: string;
  let lock: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warren-locks-'));
    path = join(folder, 'a.jsonl');
    lock = `${path}.lock`;
    await writeFile(path, 'before');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is left to whoever came first, whatever its name, until that is done', async () => {
    // Windows lets only administrators make one.
    const link = process.platform === 'win32' ? path : join(folder, 'link.jsonl');
    if (link !== path) await symlink(path, link);
    const file = await AtomicFile.create(path);
    await inUse(AtomicFile.create(path));
    await inUse(RotatingFile.create(link, 5));
    await file.write('after');
    await file.commit();
    assert.equal(await readFile(path, 'utf8'), 'after');
    await (await RotatingFile.create(path, 5)).close();
    assert.ok(!(await readdir(folder)).includes('a.jsonl.lock'));
  });

  it('in another window is left alone, with who that is', async () => {
    await writeFile(lock, lockText(process.ppid));
    const known = { name: 'a.jsonl', lock: 'a.jsonl.lock', isOurs: false, process: process.ppid, host: hostname() };
    assert.deepEqual(await inUse(RotatingFile.create(path, 5)), known);
    await writeFile(lock, lockText(1, 'elsewhere'));
    assert.deepEqual(await inUse(AtomicFile.create(path)), { ...known, process: 1, host: 'elsewhere' });
    // It is just being made.
    await writeFile(lock, '');
    assert.equal((await inUse(AtomicFile.create(path))).isOurs, false);
    assert.equal(await readFile(path, 'utf8'), 'before');
  });

  it('is taken over from who is gone: a process that does not live, or has not said for long that it holds', async () => {
    for (const [text, at] of [
      [lockText(4_194_305), minutesAgo(0)],
      // Of a process of before that had this one's number.
      [lockText(process.pid), minutesAgo(0)],
      [lockText(process.ppid), minutesAgo(2)],
      ['', minutesAgo(2)],
      [lockText(1, 'elsewhere'), minutesAgo(11)],
    ] as const) {
      await writeFile(lock, text);
      await utimes(lock, at, at);
      const file = await AtomicFile.create(path);
      await inUse(AtomicFile.create(path));
      await file.discard();
      assert.deepEqual(await readdir(folder), ['a.jsonl'], text);
    }
    await writeFile(lock, lockText(1, 'elsewhere'));
    await utimes(lock, minutesAgo(9), minutesAgo(9));
    await inUse(AtomicFile.create(path));
  });

  it('is written by one of many that come at once, also where somebody left a lock', async () => {
    for (const leftover of [false, true]) {
      if (leftover) await writeFile(lock, lockText(4_194_305));
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => RotatingFile.create(path, 5)));
      const made = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      assert.equal(made.length, 1);
      await made[0]?.close();
    }
  });

  it('is not written any more by who was taken for gone, nor is what the other wrote', async () => {
    const file = await RotatingFile.create(path, 1000);
    await file.append('first\n');
    // Removed by hand: it is made again.
    await rm(lock);
    await file.append('second\n');
    assert.deepEqual(await readdir(folder), ['a.jsonl', 'a.jsonl.lock']);
    await writeFile(lock, lockText(process.ppid));
    await writeFile(path, 'of the other\n');
    assert.equal((await inUse(file.append('third\n'))).process, process.ppid);
    await file.close();
    assert.equal(await readFile(path, 'utf8'), 'of the other\n');
    assert.equal(await readFile(lock, 'utf8'), lockText(process.ppid));
  });

  it('has its next file where nobody else writes', async () => {
    await writeFile(join(folder, 'a.2.jsonl.lock'), lockText(process.ppid));
    const file = await RotatingFile.create(path, 5);
    for (const text of ['first\n', 'second\n', 'third\n']) await file.append(text);
    assert.deepEqual(
      file.paths.map((each) => basename(each)),
      ['a.jsonl', 'a.3.jsonl', 'a.4.jsonl'],
    );
    const locks = (await readdir(folder)).filter((name) => name.endsWith('.lock'));
    assert.deepEqual(locks, ['a.2.jsonl.lock', 'a.4.jsonl.lock', 'a.jsonl.lock']);
    await file.close();
  });
});
