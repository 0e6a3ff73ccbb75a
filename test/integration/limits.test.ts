import assert from 'node:assert/strict';
import type { ChannelHandle } from '../../src/broker/connection/channel.ts';
import { Publisher } from '../../src/broker/publish/publisher.ts';
import { toAppError } from '../../src/common/errors.ts';
import { errorText } from '../../src/ui/errorText.ts';
import { ownBroker, type OwnBroker } from '../support/broker.ts';
import { Management } from '../support/management.ts';
import { waitFor } from '../support/waitFor.ts';
import { Core, received, tailOf } from './support/core.ts';

describe('a broker with limits of its own', function () {
  this.timeout(60_000);
  let broker: OwnBroker;
  let core: Core;
  before(async () => {
    broker = await ownBroker({ config: ['channel_max = 3', 'frame_max = 8192', 'heartbeat = 30'] });
    core = new Core(broker.amqpUrl);
  });
  afterEach(() => core.dispose());
  after(() => broker.dispose());

  it('has its number of channels kept to, which is a plain error', async () => {
    const connection = await core.connected();
    const channels = [connection.openChannel(), connection.openChannel(), connection.openChannel()];
    const [first] = await Promise.all<ChannelHandle>(channels);
    const refused = await connection.openChannel().then(() => undefined, toAppError);
    assert.equal(refused?.code, 'tooManyChannels');
    assert.equal(errorText(refused), 'This connection has no channels left. Stop a tail, or reconnect.');
    assert.equal(connection.state.kind, 'open');
    await first?.close();
    await connection.openChannel();
  });

  it('gets a large message in frames of its size, and sends it back so', async () => {
    const [publishing, consuming] = await Promise.all([core.connected(), core.connected()]);
    const channel = await publishing.openChannel();
    await channel.call('declare', {}, (raw) => raw.assertQueue('large', { durable: true }));
    const content = Buffer.alloc(1_000_000, 'warren');
    const publisher = new Publisher(publishing);
    const outcome = await publisher.publish({ exchange: '', routingKey: 'large', content, properties: {} });
    assert.equal(outcome.kind, 'routed');
    const tail = tailOf(consuming, 'large', { mode: 'drain' });
    await tail.start();
    await received(tail, 1);
    assert.ok(content.equals(Buffer.from(tail.buffer.get(1)?.content ?? [])));
    await tail.stop();
  });

  it('lists the connection as Warren, with the heartbeat of the connection where that is shorter', async () => {
    await Promise.all([core.connected({ heartbeatSeconds: 7 }), core.connected({ heartbeatSeconds: 60 })]);
    const management = new Management(broker.managementUrl, broker.user, broker.password);
    interface Row {
      readonly timeout: number;
      readonly frame_max: number;
      readonly user_provided_name?: string;
      readonly client_properties: { readonly product: string; readonly version: string; readonly platform: string };
    }
    const rows = await waitFor(
      async () => {
        const all = (await management.request('GET', 'connections')) as Row[];
        const named = all.filter(({ user_provided_name: name }) => name === 'Warren (test)');
        return named.length === 2 && named.every(({ timeout }) => timeout > 0) && named;
      },
      { timeoutMs: 20_000, describe: 'both connections in the list' },
    );
    assert.deepEqual(new Set(rows.map(({ timeout }) => timeout)), new Set([7, 30]));
    for (const { client_properties: told, frame_max: frameMax } of rows) {
      assert.equal(told.product, 'Warren');
      assert.match(told.version, /^\d+\.\d+\.\d+/);
      assert.match(told.platform, /^Node\.js /);
      assert.equal(frameMax, 8192);
    }
  });
});
