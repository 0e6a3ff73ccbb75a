import assert from 'node:assert/strict';
import type { Draft } from '../../../src/broker/publish/draft.ts';
import type { PublishOutcome } from '../../../src/broker/publish/publisher.ts';
import { AppError } from '../../../src/common/errors.ts';
import { BatchRun, type Batch, type SendDrafts } from '../../../src/ui/publish/batch.ts';
import { resultText } from '../../../src/ui/publish/resultText.ts';

const lost = new AppError('connectionLost', { reason: 'the other side reset the connection' });
const full = new AppError('publishNacked', { exchange: '', routingKey: 'orders' });
const routed: PublishOutcome = { kind: 'routed' };
const unroutable: PublishOutcome = { kind: 'unroutable' };
const refused: PublishOutcome = { kind: 'refused', error: full };
const unknown: PublishOutcome = { kind: 'unknown', error: lost };

const orders = { exchange: '', routingKey: 'orders' };

/** Messages a, b, c, …; reading one anew gives it a new message-id, as a source does. */
function batchOf(count: number): Batch & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    count,
    label: 'files',
    target: orders,
    reads,
    async *drafts(from) {
      for (let i = from; i < count; i++) {
        const name = String.fromCharCode(97 + i);
        reads.push(name);
        yield { ...orders, content: Buffer.from(name), properties: { messageId: `${name}${reads.length}` } };
      }
    },
  };
}

/** Sends as many messages as there are outcomes, then ends, or throws. */
function sending(outcomes: readonly PublishOutcome[], error?: AppError): SendDrafts {
  return async (drafts, onOutcome) => {
    let index = 0;
    if (outcomes.length > 0) {
      for await (const draft of drafts) {
        assert.ok(draft);
        onOutcome(index, outcomes[index] ?? routed);
        if (++index === outcomes.length) break;
      }
    }
    if (error) throw error;
  };
}

async function read(batch: Batch, from = 0): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for await (const draft of batch.drafts(from)) drafts.push(draft);
  return drafts;
}

const textOf = ({ content }: Draft): string => content.toString();

describe('a batch', () => {
  it('has nothing left when all is published', async () => {
    const run = new BatchRun(batchOf(3));
    await run.send(sending([routed, routed, routed]));
    assert.equal(run.rest().count, 0);
    assert.deepEqual(await read(run.rest()), []);
  });

  it('leaves what was not published, in order, with the message-id that was sent', async () => {
    const run = new BatchRun(batchOf(3));
    await run.send(sending([unknown, routed, refused]));
    const rest = await read(run.rest());
    assert.deepEqual(rest.map(textOf), ['a', 'c']);
    assert.deepEqual(
      rest.map(({ properties }) => properties.messageId),
      ['a1', 'c3'],
    );
  });

  it('leaves what was never sent too, and counts it', async () => {
    const run = new BatchRun(batchOf(5));
    await run.send(sending([unroutable, routed]));
    assert.equal(run.rest().count, 4);
    assert.deepEqual((await read(run.rest())).map(textOf), ['a', 'c', 'd', 'e']);
  });

  it('leaves for another target what was returned from the first', async () => {
    const run = new BatchRun(batchOf(1));
    await run.send(sending([unroutable]));
    const [draft] = await read(run.rest({ exchange: '', routingKey: 'other' }));
    assert.equal(draft?.routingKey, 'other');
  });

  it('never leaves a published message, however often the rest is sent again', async () => {
    const first = new BatchRun(batchOf(5));
    await first.send(sending([unknown, routed, unknown]));
    const second = new BatchRun(first.rest());
    await second.send(sending([routed]));
    assert.deepEqual((await read(second.rest())).map(textOf), ['c', 'd', 'e']);
    const third = new BatchRun(second.rest());
    await third.send(sending([routed, unknown]));
    assert.deepEqual((await read(third.rest())).map(textOf), ['d', 'e']);
  });

  it('tells what went wrong half-way together with what was sent', async () => {
    const unreadable = new AppError('fileUnreadable', { name: 'b.txt', reason: 'it is gone' });
    const result = await new BatchRun(batchOf(3)).send(sending([routed], unreadable));
    assert.equal(resultText(result), '1 of 3 published to orders; 2 not sent. b.txt cannot be read: it is gone.');
  });

  it('throws what went wrong before anything was sent', async () => {
    await assert.rejects(new BatchRun(batchOf(2)).send(sending([], lost)), lost);
  });
});

const say = (outcomes: PublishOutcome[], target = orders): string =>
  resultText({ batch: { ...batchOf(outcomes.length), target }, outcomes, error: undefined });

describe('what became of a publish, in words', () => {
  it('calls only the confirmed and routed published', () => {
    assert.equal(say([routed]), 'Published to orders: confirmed and routed.');
    for (const outcome of [unroutable, refused]) assert.match(say([outcome]), /^Not published/);
  });

  it('says which queue does not exist, or that none is bound', () => {
    assert.match(
      say([unroutable]),
      /queue orders does not exist, or the node that hosts it is down, so the broker returned the message/,
    );
    assert.match(
      say([unroutable], { exchange: 'events', routingKey: 'a.b' }),
      /no queue is bound to exchange events for routing key "a.b"/,
    );
  });

  it('keeps the reason of a refusal', () => {
    assert.match(say([refused]), /refused the message for queue orders: the queue may be full/);
  });

  it('never calls unknown what may have arrived published, and names the risk of repeating it', () => {
    const text = say([unknown]);
    assert.match(text, /^Unknown whether it was published: no confirm came/);
    assert.match(text, /may make a duplicate/);
  });

  it('counts each result of several, and tells why', () => {
    assert.equal(
      say([routed, unroutable, refused, unknown, unknown]),
      '1 of 5 published to orders; 1 returned: no queue would get them; 1 refused by the broker; 2 unknown: not confirmed, may or may not be there. The broker refused the message for queue orders: the queue may be full, or its node is down. Publishing again may make duplicates.',
    );
  });
});
