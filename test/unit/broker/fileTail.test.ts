import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageBuffer } from '../../../src/broker/consume/messageBuffer.ts';
import { TakesNothing } from '../../../src/broker/consume/takesNothing.ts';
import type { Tail } from '../../../src/broker/consume/tail.ts';
import { TailSignals } from '../../../src/broker/consume/tailSignals.ts';
import { RotatingFile } from '../../../src/broker/files/rotatingFile.ts';
import { FileTail } from '../../../src/broker/saved/fileTail.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { AppError } from '../../../src/common/errors.ts';
import { waitFor } from '../../support/waitFor.ts';

/** A tail of copies whose connection is cut and comes back when a test says so; as with a tap, a pause outlives that. */
class Copies extends TakesNothing implements Tail {
  readonly mode = 'tap';
  readonly source = { kind: 'queue', name: 'orders' } as const;
  readonly buffer = new MessageBuffer({ messages: 100_000, bytes: 1e9 });
  readonly signals = new TailSignals(systemClock);
  readonly onDidReceive = this.signals.onDidReceive;
  readonly onDidChangeStatus = this.signals.onDidChangeStatus;
  readonly onDidNotice = this.signals.onDidNotice;
  #pauseWanted = false;

  get status(): Tail['status'] {
    return this.signals.status;
  }

  start(): Promise<void> {
    this.signals.setStatus({ kind: 'running' });
    return Promise.resolve();
  }

  pause(): Promise<void> {
    this.#pauseWanted = true;
    this.signals.setStatus({ kind: 'paused' });
    return Promise.resolve();
  }

  resume(): Promise<void> {
    if (this.status.kind === 'paused') this.signals.setStatus({ kind: 'running' });
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.signals.setStatus({ kind: 'ended', returned: 0 });
    return Promise.resolve();
  }

  cut(): void {
    this.signals.setStatus({ kind: 'interrupted', error: new AppError('connectionLost', { reason: '' }), returned: 0 });
  }

  comeBack(): void {
    this.signals.setStatus({ kind: this.#pauseWanted ? 'paused' : 'running' });
  }

  receive(count: number): void {
    const fields = { consumerTag: '', deliveryTag: 1, redelivered: false, exchange: '', routingKey: 'k' };
    const properties = {} as Parameters<MessageBuffer['add']>[0]['properties'];
    for (let i = 0; i < count; i++) this.buffer.add({ fields, properties, content: Buffer.from('x') }, 0);
    this.signals.flush();
  }
}

describe('a tail of copies to a file', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'warren-file-tail-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('that was cut off while it was paused for the disk goes on when it is back', async () => {
    const tail = new Copies();
    const file = await RotatingFile.create(join(folder, 'out.jsonl'), 1e9);
    const fileTail = new FileTail(tail, file, { acknowledges: false, mostLeft: 1 });
    await tail.start();
    tail.receive(5_000);
    assert.equal(tail.status.kind, 'paused');
    tail.cut();
    await waitFor(() => fileTail.written === 5_000, { describe: 'all to be written' });
    tail.comeBack();
    await waitFor(() => tail.status.kind === 'running', { describe: 'it to go on' });
    await fileTail.stop();
  });
});
