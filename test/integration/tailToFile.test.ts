import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AtomicFile } from '../../src/broker/files/atomicFile.ts';
import { RotatingFile } from '../../src/broker/files/rotatingFile.ts';
import { FileTail, type FileTailEnd } from '../../src/broker/saved/fileTail.ts';
import { AppError } from '../../src/common/errors.ts';
import { Program } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';
import { tailOf } from './support/core.ts';
import { bodiesIn, drainTo } from './support/fileTails.ts';
import { useQueues } from './support/queues.ts';

const run = promisify(execFile);

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i + 1));
}

function reasonOf({ error }: FileTailEnd): string {
  assert.ok(error?.is('fileUnwritable'), String(error));
  return error.params.reason;
}

describe('a tail to a file', () => {
  const on = useQueues();
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warren-file-'));
    path = join(folder, 'out.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('writes all that comes, and acknowledges it, without a limit on the count', async () => {
    await on.fill(5_000);
    const fileTail = await drainTo(on.connection, on.queue, path, { prefetch: 500 });
    await fileTail.tail.start();
    await waitFor(() => fileTail.written === 5_000, { describe: () => `${fileTail.written} written` });
    await on.counts(0, 0);
    await fileTail.stop();
    assert.deepEqual(await bodiesIn([path]), numbers(5_000));
    assert.equal((await fileTail.ended).error, undefined);
    assert.equal(fileTail.file.bytes, (await stat(path)).size);
  });

  it('goes on in the next file when one is full, and replaces none that is there', async () => {
    await writeFile(join(folder, 'out.2.jsonl'), 'mine');
    await on.fill(500);
    const fileTail = await drainTo(on.connection, on.queue, path, { maxBytes: 20_000, prefetch: 100 });
    await fileTail.tail.start();
    await waitFor(() => fileTail.written === 500, { describe: () => `${fileTail.written} written` });
    await fileTail.stop();
    const { paths } = fileTail.file;
    assert.deepEqual(paths.slice(0, 3), [path, join(folder, 'out.3.jsonl'), join(folder, 'out.4.jsonl')]);
    assert.equal(await readFile(join(folder, 'out.2.jsonl'), 'utf8'), 'mine');
    const sizes = await Promise.all(paths.map(async (each) => (await stat(each)).size));
    assert.ok(
      sizes.every((size) => size > 0 && size <= 20_000),
      String(sizes),
    );
    assert.deepEqual(await bodiesIn(paths), numbers(500));
  });

  it('killed while it writes has lost nothing: what it acknowledged is in the file', async () => {
    const count = 20_000;
    await on.fill(count);
    const script = fileURLToPath(new URL('support/drainToFile.ts', import.meta.url));
    const args = ['--import', 'tsx', script, on.vhost.amqpUrl, on.queue, path];
    const drain = Program.start(process.execPath, args);
    await drain.line(/^\d{3,}$/);
    // Nor does another window take it away meanwhile.
    for (const other of [RotatingFile.create(path, 1e9), AtomicFile.create(path)]) {
      const error: unknown = await other.catch((thrown: unknown) => thrown);
      assert.ok(error instanceof AppError && error.is('fileInUse') && !error.params.isOurs, String(error));
    }
    // With SIGKILL.
    await drain.dispose();
    await (await AtomicFile.create(path)).discard();
    assert.deepEqual(await readdir(folder), ['out.jsonl']);
    const written = await bodiesIn([path]);
    await waitFor(async () => (await on.vhost.management.queueCounts(on.vhost.vhost, on.queue))?.unacknowledged === 0, {
      describe: 'nothing unacknowledged',
    });
    const rest = await drainTo(on.connection, on.queue, join(folder, 'rest.jsonl'));
    await rest.tail.start();
    await waitFor(async () => (await on.admin.check(on.queue)).ready === 0, { describe: 'an empty queue' });
    await on.counts(0, 0);
    await rest.stop();
    const left = await bodiesIn([join(folder, 'rest.jsonl')]);
    assert.ok(written.length > 0 && left.length > 0, `${written.length} written, ${left.length} left`);
    assert.deepEqual(
      [...new Set([...written, ...left])].toSorted((a, b) => Number(a) - Number(b)),
      numbers(count),
    );
  });

  it('stops in order when the disk is full: nothing unwritten is acknowledged, and all of it goes back', async () => {
    await on.fill(300);
    const fileTail = await drainTo(on.connection, on.queue, '/dev/full');
    await fileTail.tail.start();
    assert.equal(reasonOf(await fileTail.ended), 'the disk is full');
    assert.equal(fileTail.written, 0);
    await on.counts(300, 0);
  });

  it('keeps whole lines only of a disk that fills up', async function () {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]).catch(() => this.skip());
    try {
      await on.fill(3_000);
      const fileTail = await drainTo(on.connection, on.queue, path, { prefetch: 200 });
      await fileTail.tail.start();
      assert.equal(reasonOf(await fileTail.ended), 'the disk is full');
      assert.ok(fileTail.written > 0);
      assert.deepEqual(await bodiesIn([path]), numbers(fileTail.written));
      assert.ok((await readFile(path, 'utf8')).endsWith('\n'));
      await on.counts(3_000 - fileTail.written, 0);
      const file = await AtomicFile.create(join(folder, 'other.csv'));
      const error = await file.write('x'.repeat(1 << 20)).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof AppError && error.is('fileUnwritable'), String(error));
      assert.equal(error.params.reason, 'the disk is full');
      await file.discard();
      assert.deepEqual(await readdir(folder), ['out.jsonl']);
    } finally {
      await run('umount', [folder]);
    }
  });

  it('that takes copies writes them all, and pauses while the disk is slower than what comes', async () => {
    const count = 12_000;
    await on.fill(count);
    // Not acknowledged by the file, and so told to pause; the queue's own tail does as a tap would.
    const tail = tailOf(on.connection, on.queue, { mode: 'drain', buffer: { messages: 4_000, bytes: 1e9 } });
    const file = await RotatingFile.create(path, 1e9);
    const append = file.append.bind(file);
    file.append = async (lines) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await append(lines);
    };
    const fileTail = new FileTail(tail, file, { acknowledges: false, mostLeft: 1 });
    const statuses = new Set<string>();
    tail.onDidChangeStatus(({ kind }) => statuses.add(kind));
    await tail.start();
    await waitFor(() => fileTail.written + fileTail.missed === count, {
      describe: () => `${fileTail.written} written, ${fileTail.missed} missed, it is ${tail.status.kind}`,
    });
    await fileTail.stop();
    assert.ok(statuses.has('paused'), [...statuses].join());
    assert.equal(fileTail.missed, 0);
    assert.deepEqual(await bodiesIn([path]), numbers(count));
  });

  it('that takes copies counts those that came too fast to be written', async () => {
    await on.fill(3_000);
    const tail = tailOf(on.connection, on.queue, { mode: 'drain', buffer: { messages: 10, bytes: 1e9 } });
    const fileTail = new FileTail(tail, await RotatingFile.create(path, 1e9), { acknowledges: false, mostLeft: 1 });
    await tail.start();
    await waitFor(() => fileTail.written + fileTail.missed === 3_000, {
      describe: () => `${fileTail.written} written, ${fileTail.missed} missed`,
    });
    await fileTail.stop();
    assert.ok(fileTail.missed > 0);
    assert.equal((await bodiesIn([path])).length, fileTail.written);
  });

  it('survives a reconnect, and says that some may be there twice', async () => {
    const proxy = await on.core.proxy();
    const connection = await on.core.connected({ port: proxy.port });
    await on.fill(1_000);
    const fileTail = await drainTo(connection, on.queue, path, { prefetch: 50 });
    let isCut = false;
    fileTail.onDidProgress(() => {
      if (!isCut && fileTail.written >= 100) {
        isCut = true;
        proxy.cut();
      }
    });
    await fileTail.tail.start();
    await waitFor(async () => new Set(await bodiesIn([path])).size === 1_000, {
      describe: () => `${fileTail.written} written`,
    });
    await on.counts(0, 0);
    await fileTail.stop();
    assert.ok(isCut && fileTail.mayRepeat);
  });

  it('leaves in the queue what cannot be written as it came, and says which and why', async () => {
    const to = (text: string, correlationId?: string) => ({
      exchange: '',
      routingKey: on.queue,
      content: Buffer.from(text),
      properties: { ...(correlationId !== undefined && { correlationId }) },
    });
    await on.publisher.publish(to('1'));
    await on.publisher.publish(to('2', 'caf\uFFFD'));
    await on.publisher.publish(to('3'));
    const fileTail = await drainTo(on.connection, on.queue, path);
    await fileTail.tail.start();
    await waitFor(() => fileTail.written === 2, { describe: () => `${fileTail.written} written` });
    await on.counts(0, 1);
    assert.equal(fileTail.whyLeft, '#2: its correlation-id is not UTF-8, and its bytes are not kept');
    await fileTail.stop();
    assert.deepEqual(await bodiesIn([path]), ['1', '3']);
    await on.counts(1, 0);
  });

  it('stops when more and more cannot be written, for nothing else would come any more', async () => {
    const draft = {
      exchange: '',
      routingKey: on.queue,
      content: Buffer.from('x'),
      properties: { correlationId: '\uFFFD' },
    };
    await on.publisher.publishMany(
      Array.from({ length: 30 }, () => draft),
      { onOutcome: () => undefined },
    );
    const fileTail = await drainTo(on.connection, on.queue, path, { prefetch: 20 });
    await fileTail.tail.start();
    const { error } = await fileTail.ended;
    assert.ok(error?.is('notSavable'), String(error));
    await on.counts(30, 0);
  });
});
