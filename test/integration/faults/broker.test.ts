import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { Draft } from '../../../src/broker/publish/draft.ts';
import { waitFor } from '../../support/waitFor.ts';
import { received } from '../support/core.ts';
import { comesTo, endOf, errorIn, isTold, nothingUnhandled, Scene, tailComesTo } from './scene.ts';
import { onEachVersion, useBroker } from './versions.ts';

onEachVersion('faults of the broker', (version) => {
  const on = useBroker(version);
  nothingUnhandled();
  let scene: Scene;
  beforeEach(async () => (scene = await Scene.on(on.broker)));
  afterEach(() => scene.dispose());

  const set = (name: string, ms: number): Promise<string> =>
    on.broker.ctl('eval', `application:set_env(rabbit, ${name}, ${ms}).`);

  /** Publishes until the broker goes down by `stop`, and says what was told of that. */
  async function publishInto(stop: () => Promise<void>, code: 'connectionLost' | 'brokerClosed', text: RegExp) {
    const session = await scene.connected();
    await scene.fill(session, 'q', 20);
    const tail = await scene.tail(session, 'q', { prefetch: 20 });
    await received(tail, 20);
    scene.ack(tail, [1, 2, 3, 4, 5]);
    let stopping: Promise<void> | undefined;
    const told = new Set<string>();
    const drafts: Draft[] = [];
    // There is always one more: a broker takes seconds to stop.
    const endless = function* (): Generator<Draft> {
      for (;;) {
        const next = scene.drafts('other', 1);
        drafts.push(...next);
        yield* next;
      }
    };
    await session.admin.declare({ name: 'other', durable: true, arguments: {} });
    // A broker that is killed right after a declare forgets the queue, with what it had confirmed for it.
    await on.broker.ctl('eval', 'mnesia:sync_log().');
    await session.publisher.publishMany(endless(), {
      onOutcome: (index, outcome) => {
        scene.note(drafts[index], outcome);
        if (index === 500) stopping = stop();
        const error = errorIn(outcome);
        if (error) told.add(error.code);
      },
    });
    assert.ok(scene.ledger.told('routed').length > 500);
    const unknown = scene.ledger.told('unknown').length;
    assert.ok(unknown > 0 && unknown <= 500, String(unknown));
    // A broker that closes a connection with unread messages on it resets it, and its last words are lost.
    assert.ok(
      [...told].every((each) => each === code || each === 'connectionLost'),
      [...told].join(),
    );
    const waiting = await comesTo(session, 'waiting');
    assert.ok(waiting.retryAt > Date.now() - 1_000);
    const status = await tailComesTo(tail, 'interrupted');
    isTold('error' in status ? status.error : undefined, code, text);
    assert.equal(status.kind === 'interrupted' && status.returned, 15);
    await stopping;
    await on.broker.start();
    await comesTo(session, 'open', 40_000);
    await tailComesTo(tail, 'running');
    // All of them again by their ids, and no more than those.
    await waitFor(() => tail.buffer.lastNumber >= 35, {
      describe: () => `15 more, not ${tail.buffer.lastNumber - 20}`,
    });
    assert.equal(tail.stateOf(6), 'lost');
    await tail.stop();
    return { session, balance: await scene.balance('q', 'other') };
  }

  it('1: killed in the middle of a publish, what was not confirmed is unknown, and nothing is sent again by itself', async () => {
    const { balance } = await publishInto(() => on.broker.kill(), 'connectionLost', /the other side (reset|closed)/);
    assert.ok(balance.inQueues <= balance.confirmed + balance.unknown);
    // After kill -9 those that were acked may come again (acks have no reply).
    assert.ok(balance.duplicates.length <= 5);
  });

  it('2: stopped by its administrator, it says so, and no acked message comes again', async () => {
    const { balance } = await publishInto(
      () => on.broker.stop(),
      'brokerClosed',
      /^The broker closed the connection: .*shutdown/,
    );
    assert.deepEqual(balance.duplicates, []);
  });

  it('3: one that hangs is noticed by its heartbeat, and connected to again when it goes on', async () => {
    const session = await scene.connected({ heartbeatSeconds: 2 });
    await scene.fill(session, 'q', 3);
    const tail = await scene.tail(session, 'q');
    await received(tail, 3);
    const pid = on.broker.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      await waitFor(() => isStopped(pid), { describe: 'a broker that hangs' });
      const [outcome] = await scene.publish(session, scene.drafts('q', 1));
      assert.equal(outcome?.kind, 'unknown');
      isTold(errorIn(outcome), 'connectionLost', /^The connection was lost: Heartbeat timeout/);
      const status = await tailComesTo(tail, 'interrupted');
      assert.equal(status.kind === 'interrupted' && status.returned, 3);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await comesTo(session, 'open', 30_000);
    await tailComesTo(tail, 'running');
    await received(tail, 6);
    assert.equal(scene.ack(tail, [1]), 0);
    await tail.stop();
    const balance = await scene.balance('q');
    assert.equal(balance.unknown, 1);
  });

  for (const [fault, what, raise, lower] of [
    ['8', 'memory', ['set_vm_memory_high_watermark', '0.00001'], ['set_vm_memory_high_watermark', '0.6']],
    ['9', 'disk', ['set_disk_free_limit', '999GB'], ['set_disk_free_limit', '50MB']],
  ] as const) {
    it(`${fault}: out of ${what}, it says so before anything is published, and all but publishing goes on`, async () => {
      const session = await scene.connected();
      await scene.fill(session, 'q', 2);
      await on.broker.ctl(...raise);
      try {
        await waitFor(() => session.refreshQueues([]).then(() => session.state.kind === 'blocked'), {
          describe: () => `blocked, not ${session.state.kind}`,
        });
        const { state } = session;
        assert.equal(state.kind === 'blocked' && state.reason, `low on ${what}`);
        // What is published waits; whoever does not want to wait is told that it is unknown.
        const giveUp = new AbortController();
        const given = scene.publish(session, scene.drafts('q', 1), giveUp.signal);
        const tail = await scene.tail(session, 'q');
        await received(tail, 2);
        assert.equal(scene.ack(tail, [1]), 1);
        assert.equal((await session.admin.check('q')).consumers, 1);
        giveUp.abort();
        isTold(errorIn((await given)[0]), 'cancelled', /Cancelled/);
        // The connection for publishing answers nothing now, and yet the person can disconnect.
        const waiting = scene.publish(session, scene.drafts('q', 1));
        await waitFor(() => session.state.kind === 'blocked', { describe: 'blocked' });
        const began = Date.now();
        await session.close();
        assert.ok(Date.now() - began < 8_000);
        assert.equal((await waiting)[0]?.kind, 'unknown');
        assert.equal(session.state.kind, 'closed');
      } finally {
        await on.broker.ctl(...lower);
      }
      await session.ready();
      await comesTo(session, 'open');
      const balance = await scene.balance('q');
      assert.equal(balance.unknown, 2);
    });
  }

  it('8: when the alarm is over, what waited is confirmed, and the connection is open again', async () => {
    const session = await scene.connected();
    await scene.fill(session, 'q', 0);
    await on.broker.ctl('set_vm_memory_high_watermark', '0.00001');
    const publishing = scene.publish(session, scene.drafts('q', 2));
    try {
      assert.equal((await comesTo(session, 'blocked')).reason, 'low on memory');
    } finally {
      await on.broker.ctl('set_vm_memory_high_watermark', '0.6');
    }
    assert.deepEqual(
      (await publishing).map(({ kind }) => kind),
      ['routed', 'routed'],
    );
    await comesTo(session, 'open');
    const balance = await scene.balance('q');
    assert.deepEqual([balance.inQueues, balance.duplicates.length], [2, 0]);
  });

  it('10: a message held too long goes back, and the tail says why it ended', async () => {
    await Promise.all([set('consumer_timeout', 1_000), set('channel_tick_interval', 500)]);
    try {
      const session = await scene.connected();
      await scene.fill(session, 'q', 2);
      const tail = await scene.tail(session, 'q');
      await received(tail, 2);
      await tailComesTo(tail, 'ended', 20_000);
      isTold(endOf(tail), 'consumerTimeout', /RabbitMQ took the messages of q back: one was held longer/);
      assert.equal(scene.ack(tail, [1]), 0);
      assert.equal(session.state.kind, 'open');
      const balance = await scene.balance('q');
      assert.equal(balance.inQueues, 2);
    } finally {
      await Promise.all([set('consumer_timeout', 1_800_000), set('channel_tick_interval', 60_000)]);
    }
  });
});

/** Whether no thread of a process runs any more: a busy machine takes its time to stop them all. @see proc(5) */
function isStopped(pid: number): boolean {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.every((thread) => /\) T /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
}
