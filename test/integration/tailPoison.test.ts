import assert from 'node:assert/strict';
import { publishNested, publishPoison } from '../support/poison.ts';
import { waitFor } from '../support/waitFor.ts';
import { received } from './support/core.ts';
import { useQueues } from './support/queues.ts';

describe('a tail of messages that someone made to do harm', () => {
  const on = useQueues();

  it('goes on over a count of returns that is none, each time it comes back', async () => {
    const headers = { 'x-delivery-count': [{ toString: 'x', valueOf: 'x' }], valid: 1 };
    const draft = { exchange: '', routingKey: on.queue, content: Buffer.from('x'), properties: { headers } };
    await on.publisher.publish(draft);
    const tail = await on.started({ traits: { canCancel: true, deliveryLimit: { kind: 'unknown' } } });
    for (const number of [1, 2, 3]) {
      await received(tail, number);
      assert.equal(tail.settle([number], 'requeued'), 1);
    }
    await received(tail, 4);
    assert.equal(tail.buffer.get(4)?.redelivered, true);
    assert.equal(on.connection.state.kind, 'open');
    assert.deepEqual(tail.notices, []);
  });

  it('shows tables nested some hundred deep, and ends for good at one too deep to be read', async () => {
    await publishNested(on.vhost.amqpUrl, on.queue, 300);
    const tail = await on.started({ prefetch: 1 });
    await received(tail, 1);
    assert.equal(tail.settle([1], 'acked'), 1);
    await publishPoison(on.vhost.amqpUrl, on.queue);
    await waitFor(() => tail.status.kind === 'ended', { describe: () => `ended; it is ${tail.status.kind}` });
    assert.equal(tail.status.kind === 'ended' && tail.status.error?.code, 'undecodableHeader');
    assert.equal(on.connection.state.kind, 'failed');
    await on.counts(1, 0);
  });
});
