import assert from 'node:assert/strict';
import { parseAmqpUri } from '../../src/broker/amqpUri.ts';
import { Session } from '../../src/broker/session.ts';
import { sharedBroker } from '../support/broker.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { TcpProxy } from '../support/tcpProxy.ts';
import { waitFor } from '../support/waitFor.ts';

const hour = 3_600_000;

describe('a session on a machine that sleeps', () => {
  let proxy: TcpProxy;
  let clock: FakeClock;
  let session: Session;

  beforeEach(async () => {
    const { amqpPort, amqpUrl, managementUrl } = sharedBroker();
    proxy = await TcpProxy.to(amqpPort);
    clock = new FakeClock();
    const { target, password } = parseAmqpUri(amqpUrl);
    session = new Session({
      profile: { id: 'p', name: 'Test', ...target, port: proxy.port, managementUrl },
      secrets: async () => ({ password }),
      knownQueues: [],
      clock,
    });
    await session.connect();
  });
  afterEach(async () => {
    await session.dispose();
    await proxy.dispose();
    assert.equal(clock.timers, 0);
  });

  const comesTo = (kind: string): Promise<unknown> =>
    waitFor(() => session.state.kind === kind, { describe: () => `${kind}, not ${session.state.kind}` });

  it('does not wait for its next attempt when it wakes', async () => {
    proxy.refuse(true);
    proxy.cut();
    await comesTo('waiting');
    // By then it waits for eight seconds at least.
    await waitFor(
      () => {
        if (session.state.kind === 'waiting' && session.state.attempt >= 6) return true;
        if (session.state.kind === 'waiting') clock.pass(30_000);
        return false;
      },
      { describe: () => `a sixth attempt; it is ${JSON.stringify(session.state)}` },
    );
    proxy.refuse(false);
    clock.pass(2_000);
    assert.equal(session.state.kind, 'waiting');
    clock.sleep(hour);
    clock.pass(2_000);
    await comesTo('open');
  });

  it('finds out when it wakes that its broker does not answer any more, and connects again', async () => {
    proxy.swallow();
    clock.sleep(hour);
    clock.pass(2_000);
    await waitFor(() => session.state.kind === 'waiting', { timeoutMs: 5_000, describe: 'waiting' });
    proxy.cut();
    clock.pass(1_000);
    await comesTo('open');
  });

  it('keeps a connection that has survived the sleep', async () => {
    const kinds: string[] = [];
    session.onDidChange(() => kinds.push(session.state.kind));
    clock.sleep(hour);
    clock.pass(2_000);
    await session.queues.refresh([]);
    assert.deepEqual(
      kinds.filter((kind) => kind !== 'open'),
      [],
    );
  });
});
