import assert from 'node:assert/strict';
import { parseAmqpUri } from '../../src/broker/amqpUri.ts';
import { Session } from '../../src/broker/session.ts';
import { queueTail } from '../../src/broker/consume/queueTail.ts';
import type { Tail } from '../../src/broker/consume/tail.ts';
import type { QueueTailOptions } from '../../src/broker/consume/tailOptions.ts';
import { systemClock } from '../../src/common/clock.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { publishPoison } from '../support/poison.ts';
import { python } from '../support/python.ts';
import { waitFor } from '../support/waitFor.ts';
import { codeOf, plainTraits, received } from './support/core.ts';
import { TcpProxy } from '../support/tcpProxy.ts';

describe('a session', () => {
  let vhost: FreshVhost;
  let session: Session;

  before(async () => {
    vhost = await freshVhost();
  });

  beforeEach(() => {
    session = sessionOf(vhost.password);
  });

  afterEach(() => session.dispose());
  after(() => vhost.dispose());

  function sessionOf(password: string): Session {
    const { target } = parseAmqpUri(vhost.amqpUrl);
    return new Session({
      profile: { id: 'p', name: 'Test', ...target, managementUrl: vhost.managementUrl },
      secrets: async () => ({ password }),
      knownQueues: ['one'],
      clock: systemClock,
    });
  }

  async function fill(queue: string, count: number): Promise<void> {
    await session.admin.declare({ name: queue, durable: true, arguments: {} });
    await session.admin.purge(queue);
    const draft = { exchange: '', routingKey: queue, content: Buffer.from('x'), properties: {} };
    await session.publisher.publishMany(
      Array.from({ length: count }, () => draft),
      { onOutcome: (_i, outcome) => assert.equal(outcome.kind, 'routed') },
    );
  }

  async function tailing(queue: string, options: Partial<QueueTailOptions> = {}): Promise<Tail> {
    const buffer = { messages: 1_000, bytes: 1e8 };
    const tail = session.openTail(
      queueTail({ queue, mode: 'hold', prefetch: 10, traits: plainTraits, buffer, ...options }),
    );
    await tail.start();
    return tail;
  }

  it('opens, finds the management API, and lists all queues', async () => {
    await session.connect();
    assert.equal(session.isOpen, true);
    assert.equal(session.state.kind, 'open');
    await waitFor(() => session.management, { describe: 'the management API' });
    assert.equal(session.management?.kind, 'available');
    await fill('one', 2);
    await session.queues.refresh(['one']);
    assert.equal(session.queues.isComplete, true);
    assert.equal(session.queues.get('one')?.ready, 2);
  });

  it('without a management API says so, and lists the queues known by name', async () => {
    const { target } = parseAmqpUri(vhost.amqpUrl);
    const plain = new Session({
      profile: { id: 'p', name: 'Test', ...target, managementUrl: `http://127.0.0.1:${vhost.amqpPort}` },
      secrets: async () => ({ password: vhost.password }),
      knownQueues: ['one', 'nowhere'],
      clock: systemClock,
    });
    try {
      await plain.ready();
      assert.equal(plain.management?.kind, 'absent');
      await plain.admin.declare({ name: 'one', durable: true, arguments: {} });
      await plain.queues.refresh([]);
      assert.equal(plain.queues.isComplete, false);
      assert.deepEqual(
        plain.queues.entries().map((entry) => [entry.name, entry.missing]),
        [
          ['nowhere', true],
          ['one', false],
        ],
      );
    } finally {
      await plain.dispose();
    }
  });

  it('cannot be used once it is disposed of', async () => {
    await session.connect();
    await fill('one', 0);
    await session.dispose();
    assert.equal(await codeOf(session.connect()), 'notConnected');
    assert.equal(await codeOf(session.ready()), 'notConnected');
    assert.equal(await codeOf(session.admin.check('one')), 'notConnected');
    const draft = { exchange: '', routingKey: 'one', content: Buffer.from('x'), properties: {} };
    assert.equal(await codeOf(session.publisher.publish(draft)), 'notConnected');
    assert.equal(await codeOf(tailing('one')), 'notConnected');
    assert.equal(session.state.kind, 'closed');
  });

  /** Asked for the password by AMQP first, then by the search for the management API, which is refused once. */
  async function refusedOnce(port: number): Promise<Session> {
    const { target } = parseAmqpUri(vhost.amqpUrl);
    let asked = 0;
    const late = new Session({
      profile: { id: 'p', name: 'Test', ...target, port, managementUrl: vhost.managementUrl },
      secrets: async () => ({ password: ++asked === 2 ? 'wrong' : vhost.password }),
      knownQueues: [],
      clock: systemClock,
    });
    await late.connect();
    await waitFor(() => late.management, { describe: 'an answer' });
    assert.equal(late.management?.kind, 'forbidden');
    return late;
  }

  it('looks for the management API again when the whole list is asked for', async () => {
    const late = await refusedOnce(vhost.amqpPort);
    await late.refreshQueues([]);
    assert.equal(late.management?.kind, 'forbidden');
    await late.refreshQueues([], true);
    assert.equal(late.management?.kind, 'available');
    assert.equal(late.queues.isComplete, true);
    await late.dispose();
  });

  it('looks for the management API again after a reconnect', async () => {
    const proxy = await TcpProxy.to(vhost.amqpPort);
    const late = await refusedOnce(proxy.port);
    proxy.cut();
    await waitFor(() => late.management?.kind === 'available', { describe: 'the management API' });
    await late.dispose();
    await proxy.dispose();
  });

  it('tells of a consuming connection that failed for good, until the next connect', async () => {
    await session.connect();
    await session.admin.declare({ name: 'poisoned', durable: true, arguments: {} });
    await publishPoison(vhost.amqpUrl, 'poisoned');
    const told: string[] = [];
    session.onDidChange(() => told.push(session.state.kind));
    await tailing('poisoned').catch(() => undefined);
    await waitFor(() => session.state.kind === 'failed', { describe: () => `failed, not ${session.state.kind}` });
    assert.equal(session.state.kind === 'failed' && session.state.error.code, 'undecodableHeader');
    assert.equal(session.isOpen, true);
    assert.ok(told.includes('failed'));
    await session.connect();
    assert.equal(session.state.kind, 'open');
  });

  it('fails with a reason, and can be closed all the same', async () => {
    session = sessionOf('wrong');
    assert.equal(await codeOf(session.connect()), 'badCredentials');
    assert.equal(session.isOpen, false);
    await session.close();
    await session.close();
  });

  it('returns all that its tails hold when it closes, by the broker’s counts and to another client', async () => {
    await session.connect();
    await fill('one', 20);
    await fill('two', 5);
    const [one, two, drained] = await Promise.all([tailing('one'), tailing('two'), tailing('one', { prefetch: 3 })]);
    await received(one, 10);
    await received(two, 5);
    await received(drained, 3);
    assert.equal(session.tails.length, 3);
    one.settle([1, 2], 'acked');
    await received(one, 12);
    const changed = new Set<string>();
    one.onDidChangeStatus((status) => changed.add(status.kind));
    await session.close();
    assert.deepEqual([...changed], ['stopping', 'ended']);
    assert.deepEqual(one.status, { kind: 'ended', returned: 10 });
    assert.deepEqual(session.tails, []);
    assert.equal(session.state.kind, 'closed');
    const { management } = vhost;
    assert.deepEqual(await management.queueCounts(vhost.vhost, 'one'), { ready: 18, unacknowledged: 0, total: 18 });
    assert.deepEqual(await management.queueCounts(vhost.vhost, 'two'), { ready: 5, unacknowledged: 0, total: 5 });
    const script = `import pika,sys
c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel()
n=0
while ch.basic_get('one', auto_ack=True)[0] is not None: n+=1
print(n); c.close()`;
    assert.equal((await python(script, [vhost.amqpUrl])).trim(), '18');
  });

  it('can be opened again after it was closed, with its management API', async () => {
    await session.connect();
    await waitFor(() => session.management, { describe: 'the management API' });
    await session.close();
    assert.equal(session.management, undefined);
    await session.connect();
    await waitFor(() => session.management?.kind === 'available', { describe: 'the management API' });
    await fill('one', 1);
    const tail = await tailing('one');
    await received(tail, 1);
  });

  it('tells when tails come, change and go', async () => {
    await session.connect();
    await fill('one', 0);
    let changes = 0;
    session.onDidChangeTails(() => changes++);
    const tail = await tailing('one');
    const started = changes;
    assert.ok(started >= 2);
    await tail.pause();
    assert.ok(changes > started);
    await tail.stop();
    assert.deepEqual(session.tails, []);
  });

  it('does not stumble over a password that is gone while it looks for the management API', async () => {
    let asked = 0;
    const { target } = parseAmqpUri(vhost.amqpUrl);
    const forgetful = new Session({
      profile: { id: 'p', name: 'Test', ...target },
      secrets: async () => {
        if (++asked > 1) throw new Error('the keyring is locked');
        return { password: vhost.password };
      },
      knownQueues: [],
      clock: systemClock,
    });
    await forgetful.connect();
    await waitFor(() => forgetful.management, { describe: 'an answer' });
    assert.notEqual(forgetful.management?.kind, 'available');
    assert.equal(forgetful.isOpen, true);
    await forgetful.dispose();
  });
});
