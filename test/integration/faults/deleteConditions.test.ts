import assert from 'node:assert/strict';
import { QueueAdmin } from '../../../src/broker/admin.ts';
import { Publisher } from '../../../src/broker/publish/publisher.ts';
import {
  freshVhost,
  ownBroker,
  rabbitmq4,
  sharedBroker,
  type FreshVhost,
  type OwnBroker,
} from '../../support/broker.ts';
import { codeOf, Core } from '../support/core.ts';

/** Why the conditions are offered for classic queues only: what the others do with them, on each version. */
for (const [version, rabbitmq] of [
  ["this machine's RabbitMQ", undefined],
  ['RabbitMQ 4.0', rabbitmq4()],
] as const) {
  describe(`deleting a queue if it is empty or unused, on ${version}`, () => {
    let own: OwnBroker | undefined;
    let vhost: FreshVhost;
    let core: Core;
    before(async function () {
      if (version !== "this machine's RabbitMQ" && rabbitmq === undefined) this.skip();
      own = rabbitmq && (await ownBroker({ rabbitmq }));
      vhost = await freshVhost(own ?? sharedBroker());
      core = new Core(vhost.amqpUrl);
    });
    after(async () => {
      await core?.dispose();
      await vhost?.dispose();
      await own?.dispose();
    });

    async function queueWithMessage(type: string, name: string): Promise<QueueAdmin> {
      const connection = await core.connected();
      const admin = new QueueAdmin(connection);
      await admin.declare({ name, durable: true, arguments: { 'x-queue-type': type } });
      const draft = { exchange: '', routingKey: name, content: Buffer.from('x'), properties: {} };
      assert.deepEqual(await new Publisher(connection).publish(draft), { kind: 'routed' });
      return admin;
    }

    const isThere = async (name: string): Promise<boolean> =>
      (await vhost.management.queueNames(vhost.vhost)).includes(name);

    it('keeps to the condition with a classic queue', async () => {
      const admin = await queueWithMessage('classic', 'classic');
      assert.equal(await codeOf(admin.delete('classic', { ifEmpty: true })), 'queueNotEmpty');
      assert.equal(await isThere('classic'), true);
      assert.equal(await admin.delete('classic', { ifUnused: true }), 1);
    });

    for (const condition of ['ifEmpty', 'ifUnused'] as const) {
      it(`is refused by a quorum queue, with ${condition}`, async () => {
        const name = `quorum ${condition}`;
        const admin = await queueWithMessage('quorum', name);
        assert.equal(await codeOf(admin.delete(name, { [condition]: true })), 'notSupported');
        assert.equal(await isThere(name), true);
      });
    }

    it('ignores the condition with a stream, which is gone with all it has', async () => {
      const admin = await queueWithMessage('stream', 'stream');
      await admin.delete('stream', { ifEmpty: true });
      assert.equal(await isThere('stream'), false);
    });
  });
}
