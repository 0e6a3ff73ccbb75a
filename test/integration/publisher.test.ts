import assert from 'node:assert/strict';
import { QueueAdmin } from '../../src/broker/admin.ts';
import type { BrokerConnection } from '../../src/broker/connection/connection.ts';
import type { Draft, DraftProperties } from '../../src/broker/publish/draft.ts';
import { Publisher, type PublishOutcome } from '../../src/broker/publish/publisher.ts';
import { freshVhost, ownBroker, type FreshVhost, type OwnBroker } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { heldUp } from './support/alarm.ts';
import { codeOf, Core, received, tailOf, textsOf } from './support/core.ts';

function to(queue: string, content: string | Buffer = 'x', properties: DraftProperties = {}): Draft {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { exchange: '', routingKey: queue, content: bytes, properties };
}

function codeIn(outcome: PublishOutcome | undefined): string {
  assert.ok(outcome);
  return 'error' in outcome ? `${outcome.kind}: ${outcome.error.code}` : outcome.kind;
}

/** Publishes all; the outcome of each, `undefined` where there was none. */
async function outcomes(
  publisher: Publisher,
  drafts: Iterable<Draft> | AsyncIterable<Draft>,
  options: { window?: number; signal?: AbortSignal } = {},
): Promise<(PublishOutcome | undefined)[]> {
  const all: (PublishOutcome | undefined)[] = [];
  await publisher.publishMany(drafts, {
    ...options,
    onOutcome: (index, outcome) => {
      assert.equal(all[index], undefined, 'one outcome each');
      all[index] = outcome;
    },
  });
  return all;
}

describe('publishing', () => {
  let vhost: FreshVhost;
  let core: Core;
  let connection: BrokerConnection;
  let publisher: Publisher;
  let admin: QueueAdmin;

  before(async () => {
    vhost = await freshVhost();
    core = new Core(vhost.amqpUrl);
  });

  beforeEach(async () => {
    connection = await core.connected();
    publisher = new Publisher(connection);
    admin = new QueueAdmin(connection);
    await admin.declare({ name: 'in', durable: true, arguments: {} });
    await admin.purge('in');
  });

  afterEach(() => core.dispose());
  after(() => vhost.dispose());

  it('is routed when a queue took it', async () => {
    assert.deepEqual(await publisher.publish(to('in')), { kind: 'routed' });
    assert.equal((await admin.check('in')).ready, 1);
  });

  it('is unroutable when no queue is there, and makes none', async () => {
    assert.deepEqual(await publisher.publish(to('typo')), { kind: 'unroutable' });
    assert.equal(await codeOf(admin.check('typo')), 'queueNotFound');
  });

  it('tells the routed from the unroutable in one batch', async () => {
    const drafts = ['in', 'typo', 'in', 'typo', 'typo', 'in'].map((queue, i) => to(queue, `m${i}`));
    const kinds = (await outcomes(publisher, drafts)).map((outcome) => outcome?.kind);
    assert.deepEqual(kinds, ['routed', 'unroutable', 'routed', 'unroutable', 'unroutable', 'routed']);
  });

  it('tells the routed from the unroutable by their properties where all else is the same', async () => {
    // A quorum queue confirms late: the others have come back by then.
    await admin.declare({ name: 'slow', durable: true, arguments: { 'x-queue-type': 'quorum' } });
    const binding = { routing_key: '', arguments: { kind: 'bound' } };
    await vhost.management.request('POST', `bindings/${vhost.vhost}/e/amq.headers/q/slow`, binding);
    const headers = ['bound', 'other', 'bound', 'other'].map((kind, i) => ({ kind, typed: { '!': 'int', value: i } }));
    const drafts = headers.map((each) => ({ ...to('', 'x', { headers: each }), exchange: 'amq.headers' }));
    const kinds = (await outcomes(publisher, drafts)).map((outcome) => outcome?.kind);
    assert.deepEqual(kinds, ['routed', 'unroutable', 'routed', 'unroutable']);
  });

  it('is refused by a full queue that rejects', async () => {
    const args = { 'x-max-length': 1, 'x-overflow': 'reject-publish' };
    await admin.declare({ name: 'full', durable: false, arguments: args });
    await publisher.publish(to('full'));
    await waitFor(async () => (await admin.check('full')).ready === 1, { describe: 'full' });
    assert.equal(codeIn(await publisher.publish(to('full'))), 'refused: publishNacked');
    assert.equal(codeIn(await publisher.publish(to('in'))), 'routed');
  });

  it('is refused over a missing exchange, which does not spoil the next', async () => {
    const draft = { ...to('k'), exchange: 'nope' };
    assert.equal(codeIn(await publisher.publish(draft)), 'refused: exchangeNotFound');
    assert.equal(codeIn(await publisher.publish(to('in'))), 'routed');
    const all = await outcomes(publisher, [draft, draft, draft]);
    assert.ok(all.every((outcome) => codeIn(outcome) === 'refused: exchangeNotFound'));
  });

  it('is refused over a foreign user-id', async () => {
    const outcome = await publisher.publish(to('in', 'x', { userId: 'somebody' }));
    assert.equal(codeIn(outcome), 'refused: preconditionFailed');
    assert.equal((await admin.check('in')).ready, 0);
  });

  it('is refused over what AMQP cannot carry, and nothing is sent', async () => {
    const outcome = await publisher.publish(to('in', 'x', { headers: { f: () => 1 } }));
    assert.equal(codeIn(outcome), 'refused: invalidInput');
    assert.equal(await codeOf(publisher.publish(to('q'.repeat(256)))), 'invalidInput');
    assert.equal((await admin.check('in')).ready, 0);
    assert.equal(codeIn(await publisher.publish(to('in'))), 'routed');
  });

  it('waits for what is sent when a later draft is impossible', async () => {
    const settled: number[] = [];
    const drafts = [to('in', 'a'), to('in', 'b'), to('in', 'c', { priority: 999 }), to('in', 'd')];
    const publishing = publisher.publishMany(drafts, { onOutcome: (index) => settled.push(index) });
    assert.equal(await codeOf(publishing), 'invalidInput');
    assert.deepEqual(settled, [0, 1]);
    assert.equal((await admin.check('in')).ready, 2);
  });

  it('keeps bytes and properties as they are', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const properties = {
      contentType: 'application/octet-stream',
      contentEncoding: 'identity',
      headers: { text: 'é', number: 7, flag: true, list: [1, 'a'], table: { deep: null } },
      persistent: true,
      priority: 3,
      correlationId: 'c',
      replyTo: 'r',
      expiration: '600000',
      messageId: 'm',
      timestamp: 1_700_000_000,
      type: 't',
      userId: vhost.user,
      appId: 'warren',
    };
    await publisher.publish(to('in', bytes, properties));
    const tail = tailOf(connection, 'in');
    await tail.start();
    await received(tail, 1);
    const message = tail.buffer.get(1);
    assert.ok(Buffer.from(message?.content ?? []).equals(bytes));
    const { persistent: _persistent, ...same } = properties;
    assert.deepEqual(
      { ...message?.properties, clusterId: undefined },
      { ...same, deliveryMode: 2, clusterId: undefined },
    );
  });

  it('keeps the order, within its window', async () => {
    let inFlight = 0;
    let most = 0;
    function* drafts(): Generator<Draft> {
      for (let i = 0; i < 2_000; i++) {
        most = Math.max(most, ++inFlight);
        yield to('in', String(i));
      }
    }
    await publisher.publishMany(drafts(), { window: 20, onOutcome: () => inFlight-- });
    assert.ok(most <= 21, `${most} in flight`);
    const tail = tailOf(connection, 'in', { mode: 'drain' });
    await tail.start();
    await received(tail, 2_000);
    assert.deepEqual(
      textsOf(tail),
      Array.from({ length: 2_000 }, (_, i) => String(i)),
    );
    await tail.stop();
  });

  it('sends messages larger than the socket takes at once, beside small ones', async () => {
    const big = Buffer.alloc(20_000_000, 'b');
    const all = await outcomes(publisher, [to('in', big), to('in', 'small'), to('in', big)], { window: 10 });
    assert.deepEqual(all.map(codeIn), ['routed', 'routed', 'routed']);
  });

  it('serves several callers at once', async () => {
    const batches = Array.from({ length: 20 }, () =>
      outcomes(
        publisher,
        Array.from({ length: 50 }, () => to('in')),
      ),
    );
    const kinds = (await Promise.all(batches)).flat().map((outcome) => outcome?.kind);
    assert.deepEqual(new Set(kinds), new Set(['routed']));
    assert.equal((await admin.check('in')).ready, 1_000);
  });

  it('sends nothing after an abort, and does not say that it did', async () => {
    const before = new AbortController();
    before.abort();
    assert.equal(await codeOf(publisher.publish(to('in'), before.signal)), 'cancelled');
    const during = new AbortController();
    async function* drafts(): AsyncGenerator<Draft> {
      for (let i = 0; i < 100; i++) {
        if (i === 10) during.abort();
        yield to('in', String(i));
      }
    }
    const all = await outcomes(publisher, drafts(), { signal: during.signal });
    assert.equal(all.length, 10);
    assert.ok(all.every((outcome) => outcome?.kind === 'routed' || codeIn(outcome) === 'unknown: cancelled'));
    await waitFor(async () => (await admin.check('in')).ready === 10, { describe: 'the ten that were sent' });
  });

  it('is unknown, and never routed, when the connection is cut before the confirm', async () => {
    const proxy = await core.proxy();
    const frail = await core.connected({ port: proxy.port });
    const over = new Publisher(frail);
    assert.equal(codeIn(await over.publish(to('in', 'first'))), 'routed');
    proxy.swallowReplies();
    const all = outcomes(over, [to('in', 'a'), to('in', 'b'), to('typo', 'c')]);
    // The broker has them, and its confirms never arrive.
    await waitFor(async () => (await admin.check('in')).ready === 3, { describe: 'they arrived' });
    proxy.cut();
    assert.deepEqual(
      (await all).map(codeIn),
      Array.from({ length: 3 }, () => 'unknown: connectionLost'),
    );
    assert.equal(codeIn(await over.publish(to('in', 'after'))), 'routed');
  });

  it('fails before anything is sent when there is no connection', async () => {
    const nobody = new Publisher(core.connection({}, 'wrong'));
    assert.equal(await codeOf(nobody.publish(to('in'))), 'badCredentials');
  });
});

describe('publishing to a broker with limits', () => {
  let broker: OwnBroker;
  let core: Core;

  before(async function () {
    this.timeout(60_000);
    broker = await ownBroker({ config: ['max_message_size = 1000000'] });
    core = new Core(broker.amqpUrl);
  });

  after(async () => {
    await core.dispose();
    await broker.dispose();
  });

  it('is refused when it is too large', async () => {
    const connection = await core.connected();
    const publisher = new Publisher(connection);
    await new QueueAdmin(connection).declare({ name: 'in', durable: false, arguments: {} });
    assert.equal(codeIn(await publisher.publish(to('in', Buffer.alloc(1_000_001)))), 'refused: messageTooLarge');
    const all = await outcomes(publisher, [to('in', 'a'), to('in', Buffer.alloc(1_000_001)), to('in', 'b')]);
    assert.ok(!all.slice(1).some((outcome) => outcome?.kind === 'routed'), all.map(codeIn).join());
    assert.equal(codeIn(await publisher.publish(to('in', Buffer.alloc(1_000_000)))), 'routed');
  });

  it('waits while an alarm blocks it, can be given up, and goes on when the alarm clears', async function () {
    this.timeout(30_000);
    const connection = await core.connected();
    const publisher = new Publisher(connection);
    const admin = new QueueAdmin(await core.connected());
    await admin.declare({ name: 'alarmed', durable: false, arguments: {} });
    await publisher.publish(to('alarmed', 'before'));
    await broker.ctl('set_vm_memory_high_watermark', '0.00001');
    try {
      const abort = new AbortController();
      const { outcome: given } = await heldUp(connection, () =>
        publisher.publish(to('alarmed', 'given up'), abort.signal),
      );
      const waiting = publisher.publish(to('alarmed', 'waiting'));
      abort.abort();
      assert.equal(codeIn(await given), 'unknown: cancelled');
      await broker.ctl('set_vm_memory_high_watermark', '0.6');
      assert.equal(codeIn(await waiting), 'routed');
      assert.equal(connection.state.kind, 'open');
    } finally {
      await broker.ctl('set_vm_memory_high_watermark', '0.6');
    }
  });

  it('is unknown when the connection is closed while an alarm blocks it', async function () {
    this.timeout(30_000);
    const connection = await core.connected();
    const publisher = new Publisher(connection);
    await publisher.publish(to('alarmed', 'before'));
    await broker.ctl('set_vm_memory_high_watermark', '0.00001');
    try {
      const { outcome: publishing } = await heldUp(connection, () => publisher.publish(to('alarmed', 'late')));
      await connection.close();
      assert.equal(codeIn(await publishing), 'unknown: notConnected');
    } finally {
      await broker.ctl('set_vm_memory_high_watermark', '0.6');
    }
  });
});
