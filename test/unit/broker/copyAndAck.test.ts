import assert from 'node:assert/strict';
import type { ConsumeMessage } from 'amqplib';
import { copyAndAck, type CopyOptions, type CopyOutcome } from '../../../src/broker/consume/copyAndAck.ts';
import { MessageBuffer } from '../../../src/broker/consume/messageBuffer.ts';
import type { Draft } from '../../../src/broker/publish/draft.ts';
import type { PublishOutcome } from '../../../src/broker/publish/outcome.ts';
import { AppError } from '../../../src/common/errors.ts';

/** Copies messages 1 to 3, of which 2 cannot be published and `held` are held, and says what became of each. */
async function copied(
  outcome: PublishOutcome,
  held: readonly number[] = [1, 2, 3],
): Promise<{ all: [number, CopyOutcome][]; sent: Draft[]; acked: number[] }> {
  const buffer = new MessageBuffer({ messages: 10, bytes: 1e6 });
  for (const text of ['one', 'two', 'three']) {
    const fields = { deliveryTag: 1, redelivered: true, exchange: 'events', routingKey: 'key', consumerTag: '' };
    buffer.add({ fields, properties: {}, content: Buffer.from(text) } as ConsumeMessage, 0);
  }
  const acked: number[] = [];
  const sent: Draft[] = [];
  const all: [number, CopyOutcome][] = [];
  const options: CopyOptions = {
    tail: {
      buffer,
      stateOf: (number) => (held.includes(number) && !acked.includes(number) ? 'held' : 'lost'),
      settle: (numbers) => {
        const before = acked.length;
        for (const number of numbers) if (held.includes(number)) acked.push(number);
        return acked.length - before;
      },
    },
    publisher: {
      publish: (draft) => {
        sent.push(draft);
        if (sent.length === 1 && held.length === 2) held = [];
        return Promise.resolve(outcome);
      },
    },
    queue: 'rescue',
    toDraft: ({ number, content }) =>
      number === 2
        ? { problem: 'it is odd' }
        : { draft: { exchange: 'events', routingKey: 'key', content: Buffer.from(content), properties: {} } },
  };
  await copyAndAck([1, 2, 3], options, (number, each) => all.push([number, each]));
  return { all, sent, acked };
}

describe('copying held messages elsewhere', () => {
  it('acks each whose copy is confirmed in the queue that was chosen, and leaves what cannot be published', async () => {
    const { all, sent, acked } = await copied({ kind: 'routed' });
    assert.deepEqual(all, [
      [1, { kind: 'moved' }],
      [2, { kind: 'notSent', reason: 'it is odd' }],
      [3, { kind: 'moved' }],
    ]);
    assert.deepEqual(acked, [1, 3]);
    assert.deepEqual(
      sent.map(({ exchange, routingKey, content }) => [exchange, routingKey, content.toString()]),
      [
        ['', 'rescue', 'one'],
        ['', 'rescue', 'three'],
      ],
    );
  });

  it('acks nothing that is not confirmed, and goes no further', async () => {
    const error = new AppError('connectionLost', { reason: 'reset' });
    for (const outcome of [{ kind: 'unroutable' }, { kind: 'refused', error }, { kind: 'unknown', error }] as const) {
      const { all, acked } = await copied(outcome);
      assert.deepEqual(all, [[1, { kind: 'notConfirmed', outcome }]]);
      assert.deepEqual(acked, []);
    }
  });

  it('sends nothing that is not held, and says when a copied one was not held any more', async () => {
    assert.deepEqual((await copied({ kind: 'routed' }, [])).sent, []);
    const { all } = await copied({ kind: 'routed' }, [1, 3]);
    assert.deepEqual(
      all.map(([, { kind }]) => kind),
      ['copied', 'notHeld', 'notHeld'],
    );
  });
});
