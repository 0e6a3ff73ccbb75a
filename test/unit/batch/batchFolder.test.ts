import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger } from '../../../src/broker/batch/ledger.ts';
import { AppError } from '../../../src/common/errors.ts';
import { BatchFolder } from '../../../src/ui/batch/batchFolder.ts';
import { toPlan, type BatchPlan } from '../../../src/ui/batch/batchPlan.ts';
import { checkAll, openBatch, stampOf, type BatchContext } from '../../../src/ui/batch/batchSource.ts';
import { FailedFile, stillFailed } from '../../../src/ui/batch/failedFile.ts';
import { checkSaved } from '../../../src/ui/batch/savedLines.ts';
import { lockText } from '../../support/lockText.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'warren-batches-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const context: BatchContext = {
  propertiesFor: (contentType) => ({ contentType }),
  user: { name: 'guest', mayImpersonate: false },
  environment: new Map(),
  answers: new Map(),
  isTrusted: true,
};

function plan(from: BatchPlan['from'], rest: Partial<BatchPlan> = {}): BatchPlan {
  const where = { exchange: '', routingKey: 'q' };
  const whose = { profileId: 'p', connection: 'local' };
  return { version: 1, label: 'x', ...whose, from, to: where, count: 1, startedAt: 0, ...rest };
}

const signal = new AbortController().signal;

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof AppError ? error.code : assert.fail('it did not fail');
}

describe('the folder of batches', () => {
  it('has those that can go on, and not one that a process publishes', async () => {
    const batches = new BatchFolder(join(folder, 'batches'));
    assert.deepEqual(await batches.stored(), []);
    const repeat = { kind: 'repeat', times: 3, content: '', contentType: 'text/plain' } as const;
    const id = 'some-id';
    await batches.lock(id);
    const journal = batches.create(id, plan(repeat));
    journal.sending(0);
    journal.note(0, 'routed');
    journal.close();
    await batches.unlock(id);
    const [stored] = await batches.stored();
    assert.equal(stored?.id, id);
    assert.deepEqual(stored.plan, plan(repeat));
    assert.equal(stored.ledger.count('routed'), 1);

    await batches.lock(id);
    assert.deepEqual(await batches.stored(), []);
    assert.equal(await codeOf(batches.lock(id)), 'batchRunning');
    await batches.unlock(id);
    // A window that was killed.
    const lock = join(folder, 'batches', `${id}.lock`);
    writeFileSync(lock, lockText(4_194_305));
    assert.equal((await batches.stored()).length, 1);
    writeFileSync(lock, lockText(process.ppid));
    assert.equal((await batches.stored()).length, 0);
    assert.equal(await codeOf(batches.lock(id)), 'batchRunning');
    utimesSync(lock, 1, 1);
    assert.equal((await batches.stored()).length, 1);
    const windows = [1, 2, 3].map(() => new BatchFolder(join(folder, 'batches')));
    const locks = await Promise.allSettled(windows.map((window) => window.lock(id)));
    assert.equal(locks.filter(({ status }) => status === 'fulfilled').length, 1);
    await Promise.all(windows.map((window) => window.unlock(id)));
    await batches.remove(id);
    assert.deepEqual(await batches.stored(), []);
  });
});

describe('a planned batch', () => {
  it('is not gone on with when its file has changed', async () => {
    const path = join(folder, 'a.jsonl');
    writeFileSync(path, '{"n":1}\n{"n":2}\n');
    const planned = plan({ kind: 'lines', path, stamp: await stampOf(path) });
    assert.equal(await checkAll(await openBatch(planned, context), signal), 2);
    utimesSync(path, 1, 1);
    assert.equal(await codeOf(openBatch(planned, context)), 'invalidInput');
  });

  it('is looked at whole before anything is sent', async () => {
    const path = join(folder, 'a.csv');
    writeFileSync(path, 'key\na\nb\n');
    const template = join(folder, 't.amqp');
    writeFileSync(template, 'orders > {{key}}{{suffix}}\n\nx\n');
    const from = { kind: 'csv', path, stamp: await stampOf(path) } as const;
    const choice = { path: template, index: 0, stamp: await stampOf(template) };
    const batch = await openBatch(plan(from, { template: choice }), context);
    assert.equal(await codeOf(checkAll(batch, signal)), 'invalidInput');
    const known = { ...context, environment: new Map([['suffix', '!']]) };
    const drafts = (await openBatch(plan(from, { template: choice }), known)).drafts();
    const keys: string[] = [];
    for await (const { routingKey } of drafts) keys.push(routingKey);
    assert.deepEqual(keys, ['a!', 'b!']);
  });

  it('of an untrusted workspace gets no variables of the process, and no files', async () => {
    const path = join(folder, 'a.jsonl');
    writeFileSync(path, '1\n');
    const from = { kind: 'lines', path, stamp: await stampOf(path) } as const;
    for (const text of ['orders\n\n{{$env HOME}}\n', 'orders\n\n< ./a.jsonl\n']) {
      const template = join(folder, 't.amqp');
      writeFileSync(template, text);
      const choice = { path: template, index: 0, stamp: await stampOf(template) };
      const planned = plan(from, { template: choice });
      assert.equal(await checkAll(await openBatch(planned, context), signal), 1);
      const untrusted = await openBatch(planned, { ...context, isTrusted: false });
      assert.equal(await codeOf(checkAll(untrusted, signal)), 'invalidInput');
    }
  });

  it('can be the messages that another did not publish, as they were', async () => {
    const path = join(folder, 'f.jsonl');
    const failed = new FailedFile(path);
    const draft = { exchange: 'e', routingKey: 'k', content: Buffer.from([0xff, 0]), properties: { priority: 3 } };
    const other = { ...draft, routingKey: 'published when it was sent again' };
    const ledger = new Ledger();
    failed.add(other, { kind: 'unroutable' }, 0);
    failed.add(draft, { kind: 'unroutable' }, 1);
    failed.add(draft, { kind: 'unroutable' }, 1);
    failed.add(draft, { kind: 'unknown', error: new AppError('cancelled', {}) }, 2);
    failed.close();
    for (const [index, fate] of (['routed', 'unroutable', 'unknown'] as const).entries()) ledger.note(fate, index);
    const lines: string[] = [];
    for await (const line of stillFailed(path, ledger)) lines.push(line);
    assert.equal(lines.length, 1);
    writeFileSync(path, lines.join(''));
    const { to: _none, ...asSaved } = plan({ kind: 'saved', path, stamp: await stampOf(path) });
    for await (const again of (await openBatch(asSaved, context)).drafts()) assert.deepEqual(again, draft);
  });
});

function savedLine(id: number, properties: object = {}): string {
  const body = Buffer.from(String(id)).toString('base64');
  return JSON.stringify({ warrenMessage: 1, exchange: 'e', routingKey: 'k', properties, body });
}

function fileOf(...lines: (string | Buffer)[]): string {
  const path = join(folder, 'saved.jsonl');
  writeFileSync(path, Buffer.concat(lines.flatMap((each) => [Buffer.from(each), Buffer.from('\n')])));
  return path;
}

describe('messages that Warren saved, as a batch', () => {
  const { user } = context;

  it('are looked at before any is sent: what cannot be published is named with its line and left out', async () => {
    const path = fileOf(
      savedLine(1),
      '{"id":2}',
      savedLine(3, { 'user-id': 'ann' }),
      Buffer.from([0xff]),
      savedLine(5),
      savedLine(6),
    );
    const { notes, without } = await checkSaved(path, user, signal);
    assert.deepEqual([notes.count, without], [3, [2, 3, 4]]);
    assert.match(notes.text, /Line 3: its user-id is ann/);
    assert.match(notes.text, /Line 4: it is not UTF-8/);
    const planned = plan({ kind: 'saved', path, stamp: await stampOf(path), without });
    const bodies: string[] = [];
    for await (const { content, exchange, routingKey } of (await openBatch(planned, context)).drafts()) {
      bodies.push(`${exchange} ${routingKey} ${content.toString()}`);
    }
    assert.deepEqual(bodies, [' q 1', ' q 5', ' q 6']);
  });

  it('keep their places when it goes on as another user: who may not publish one more line is told so', async () => {
    const path = fileOf(savedLine(1), savedLine(2, { 'user-id': 'ann' }), savedLine(3));
    const asAnn = { name: 'ann', mayImpersonate: false };
    const { without } = await checkSaved(path, asAnn, signal);
    assert.deepEqual(without, []);
    const planned = plan({ kind: 'saved', path, stamp: await stampOf(path), without });
    assert.equal(await codeOf(checkAll(await openBatch(planned, context), signal)), 'savedLineInvalid');
    assert.equal(await checkAll(await openBatch(planned, { ...context, user: asAnn }), signal), 3);
  });

  it('are refused where none of the lines is one, with the first reason', async () => {
    assert.equal(await codeOf(checkSaved(fileOf('x', 'y'), user, signal)), 'savedLineInvalid');
    assert.equal((await checkSaved(fileOf(''), user, signal)).notes.count, 0);
    const beyond = savedLine(1, { expiration: 'soon' });
    assert.equal(await codeOf(checkSaved(fileOf(beyond), user, signal)), 'savedLineInvalid');
  });

  it('are remembered with what was left out, and only as numbers', () => {
    const from = { kind: 'saved', path: 'p', stamp: 's', without: [2, 5] } as const;
    assert.deepEqual(toPlan(JSON.parse(JSON.stringify(plan(from)))), plan(from));
    assert.equal(toPlan(plan({ ...from, without: ['2'] as never })), undefined);
  });
});
