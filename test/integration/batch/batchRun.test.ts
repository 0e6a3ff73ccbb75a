import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { QueueAdmin } from '../../../src/broker/admin.ts';
import { BatchRun, type BatchOptions } from '../../../src/broker/batch/batchRun.ts';
import { Journal, readJournal } from '../../../src/broker/batch/journal.ts';
import { Publisher } from '../../../src/broker/publish/publisher.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { connect } from '../../support/amqplib.ts';
import { ownBroker, type OwnBroker } from '../../support/broker.ts';
import { Program } from '../../support/program.ts';
import { waitFor } from '../../support/waitFor.ts';
import { Core } from '../support/core.ts';
import { Queues } from '../support/queues.ts';
import { numbered } from './numbered.ts';

describe('a batch', () => {
  const queues = new Queues();
  let folder: string;
  let path: string;
  let files = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'warren-batch-'));
    await queues.open();
  });
  beforeEach(async () => {
    await queues.begin();
    path = join(folder, `${++files}.journal`);
    Journal.create(path, {}).close();
  });
  afterEach(() => queues.core.dispose());
  after(async () => {
    await queues.vhost.dispose();
    rmSync(folder, { recursive: true });
  });

  const batch = (count: number, options: Partial<BatchOptions> = {}, publisher = queues.publisher): BatchRun =>
    new BatchRun(publisher, numbered(queues.queue, count), Journal.resume(path), { clock: systemClock, ...options });

  /** The numbers in the queue, in its order. */
  async function numbers(url = queues.vhost.amqpUrl, queue = queues.queue): Promise<number[]> {
    const model = await connect(url);
    const channel = await model.createChannel();
    const { messageCount } = await channel.checkQueue(queue);
    const all: number[] = [];
    await channel.prefetch(0);
    await channel.consume(queue, (message) => all.push(Number(message?.content.toString())), { noAck: true });
    await waitFor(() => all.length === messageCount, {
      describe: () => `${messageCount} messages, after ${all.length}`,
    });
    await model.close();
    return all;
  }

  it('is published in order, with a ledger that adds up', async () => {
    const run = batch(5_000);
    const end = await run.run(new AbortController().signal);
    assert.deepEqual(end, { isComplete: true, error: undefined });
    assert.equal(run.journal.ledger.count('routed'), 5_000);
    assert.deepEqual(
      await numbers(),
      Array.from({ length: 5_000 }, (_, i) => i + 1),
    );
  });

  it('stopped by a person goes on where it was: what is confirmed is not sent again', async () => {
    const stop = new AbortController();
    const first = batch(10_000);
    first.onDidProgress(() => {
      if (first.journal.ledger.count('routed') === 3_000) stop.abort();
    });
    const end = await first.run(stop.signal);
    assert.equal(end.isComplete, false);
    const confirmed = first.journal.ledger.count('routed');
    const second = batch(10_000);
    const unknown = readJournal(path).ledger.count('unknown');
    assert.equal((await second.run(new AbortController().signal)).isComplete, true);
    const got = await numbers();
    assert.equal(new Set(got).size, got.length, 'a message was sent twice');
    assert.ok(got.length >= 10_000 - unknown, `${got.length} of 10,000, ${unknown} unknown, ${confirmed} at first`);
  });

  it('can be paused: nothing is sent until it goes on', async () => {
    const run = batch(4_000);
    let atPause = 0;
    run.onDidProgress(() => {
      if (atPause > 0 || run.journal.ledger.count('routed') < 500) return;
      run.pause();
      atPause = run.journal.ledger.length;
    });
    const running = run.run(new AbortController().signal);
    await waitFor(() => run.isPaused, { describe: 'the pause' });
    // What was on its way is at most what the window holds.
    let before = -1;
    await waitFor(
      async () => {
        const { ready } = await queues.admin.check(queues.queue);
        const isQuiet = ready === before;
        before = ready;
        return isQuiet;
      },
      { describe: 'the queue to be quiet' },
    );
    assert.ok(before < 4_000, String(before));
    run.resume();
    assert.equal((await running).isComplete, true);
    await queues.counts(4_000, 0);
  });

  it('goes no faster than asked', async () => {
    const started = Date.now();
    await batch(50, { perSecond: 100 }).run(new AbortController().signal);
    assert.ok(Date.now() - started >= 350, `${Date.now() - started} ms for 50 at 100 a second`);
  });

  it('tells of each message that failed, as it was sent', async () => {
    const failed: string[] = [];
    const run = new BatchRun(queues.publisher, numbered('nowhere', 3), Journal.resume(path), {
      clock: systemClock,
      onFailed: ({ content }, { kind }, index) => failed.push(`${index}: ${content.toString()} ${kind}`),
    });
    await run.run(new AbortController().signal);
    assert.deepEqual(failed, ['0: 1 unroutable', '1: 2 unroutable', '2: 3 unroutable']);
    assert.equal(readJournal(path).ledger.count('unroutable'), 3);
  });

  it('cut off by the network knows what is unknown, and sends that again only when asked to', async () => {
    const proxy = await queues.core.proxy();
    const far = new Publisher(await queues.core.connected({ port: proxy.port }));
    const run = batch(10_000, {}, far);
    run.onDidProgress(() => {
      if (run.journal.ledger.count('routed') === 2_000) proxy.cut();
    });
    const end = await run.run(new AbortController().signal);
    assert.equal(end.error?.code, 'connectionLost');
    const { ledger } = readJournal(path);
    const unknown = ledger.count('unknown');
    const again = batch(10_000, { resendUnknown: true });
    assert.equal((await again.run(new AbortController().signal)).isComplete, true);
    assert.equal(readJournal(path).ledger.count('routed'), 10_000);
    const got = await numbers();
    assert.equal(new Set(got).size, 10_000, 'a message was lost');
    assert.ok(got.length <= 10_000 + unknown, `${got.length - 10_000} twice, of ${unknown} unknown`);
  });

  it('whose process is killed goes on: nothing is lost, and what its journal has confirmed comes once', async function () {
    this.timeout(60_000);
    const script = fileURLToPath(new URL('publisherProcess.ts', import.meta.url));
    const args = ['--import', 'tsx', script, queues.vhost.amqpUrl, queues.queue, '20000', path];
    const child = Program.start(process.execPath, args);
    await child.line(/quarter/, 40_000);
    await child.dispose();
    const { ledger } = readJournal(path);
    const confirmed = new Set(
      Array.from({ length: 20_000 }, (_, i) => i + 1).filter((n) => ledger.fateOf(n - 1) === 'routed'),
    );
    assert.ok(confirmed.size >= 1_000 && confirmed.size < 20_000, `${confirmed.size} confirmed`);
    assert.equal((await batch(20_000, { resendUnknown: true }).run(new AbortController().signal)).isComplete, true);
    const got = await numbers();
    assert.equal(new Set(got).size, 20_000, 'a message was lost');
    const twice = got.filter((number, i) => got.indexOf(number) !== i);
    assert.deepEqual(
      twice.filter((number) => confirmed.has(number)),
      [],
    );
    assert.ok(twice.length <= ledger.count('unknown'));
  });
});

describe('a batch whose broker is killed', function () {
  this.timeout(120_000);
  let broker: OwnBroker;
  let core: Core | undefined;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'warren-batch-'));
    broker = await ownBroker();
  });
  after(async () => {
    await core?.dispose();
    await broker.dispose();
    rmSync(folder, { recursive: true });
  });

  it('loses nothing that was confirmed, and sends the rest when it goes on', async () => {
    const path = join(folder, 'journal');
    Journal.create(path, {}).close();
    core = new Core(broker.amqpUrl);
    const connection = await core.connected();
    await new QueueAdmin(connection).declare({ name: 'q', durable: true, arguments: {} });
    // RabbitMQ answers before the disk has it: a kill right after would lose the queue.
    await broker.ctl('eval', 'mnesia:sync_log().');
    const publisher = new Publisher(connection);
    const options = { clock: systemClock, resendUnknown: true };
    const first = new BatchRun(publisher, numbered('q', 20_000), Journal.resume(path), options);
    let killing: Promise<void> | undefined;
    first.onDidProgress(() => {
      if (first.journal.ledger.count('routed') >= 5_000) killing ??= broker.kill();
    });
    const end = await first.run(new AbortController().signal);
    await killing;
    assert.equal(end.isComplete, false);
    const { ledger } = readJournal(path);
    await broker.start();
    await connection.connect();
    const second = new BatchRun(publisher, numbered('q', 20_000), Journal.resume(path), options);
    assert.equal((await second.run(new AbortController().signal)).isComplete, true);
    const { ready } = await new QueueAdmin(connection).check('q');
    assert.ok(
      ready >= 20_000 && ready <= 20_000 + ledger.count('unknown'),
      `${ready}, ${ledger.count('unknown')} unknown`,
    );
  });
});
