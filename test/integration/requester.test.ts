import assert from 'node:assert/strict';
import type { ChannelModel, GetMessage } from 'amqplib';
import type { ChannelHandle } from '../../src/broker/connection/channel.ts';
import { Publisher } from '../../src/broker/publish/publisher.ts';
import { Requester } from '../../src/broker/publish/requester.ts';
import { systemClock } from '../../src/common/clock.ts';
import { AppError } from '../../src/common/errors.ts';
import { connect } from '../support/amqplib.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { waitFor } from '../support/waitFor.ts';
import { codeOf } from './support/core.ts';
import { Queues } from './support/queues.ts';

describe('a request', () => {
  const queues = new Queues();
  let requester: Requester;
  let replier: ChannelModel;

  before(() => queues.open());
  beforeEach(async () => {
    await queues.begin();
    requester = new Requester(await queues.core.connected(), systemClock);
    replier = await connect(queues.vhost.amqpUrl, { noDelay: true });
  });
  afterEach(() => Promise.all([replier.close(), queues.core.dispose()]));
  after(() => queues.vhost.dispose());

  const draft = (body: string, properties = {}): Parameters<Requester['request']>[0] => ({
    exchange: '',
    routingKey: queues.queue,
    content: Buffer.from(body),
    properties,
  });

  /** Another client answers each request with its body in capitals. */
  async function answering(correlate = (id: string): string => id): Promise<void> {
    const channel = await replier.createChannel();
    await channel.consume(queues.queue, (message) => {
      if (!message) return;
      const { replyTo, correlationId } = message.properties;
      const reply = Buffer.from(message.content.toString().toUpperCase());
      channel.sendToQueue(String(replyTo), reply, {
        correlationId: correlate(String(correlationId)),
        headers: { n: 1 },
      });
      channel.ack(message);
    });
  }

  it('is answered by its own reply, however many are under way', async () => {
    await answering();
    const results = await Promise.all(
      ['one', 'two', 'three'].map((body) => requester.request(draft(body), { timeoutMs: 20_000 })),
    );
    const replies = results.map((result) =>
      result.kind === 'replied' ? Buffer.from(result.reply.content).toString() : result.kind,
    );
    assert.deepEqual(replies, ['ONE', 'TWO', 'THREE']);
    const [first] = results;
    assert.equal(first?.kind === 'replied' && first.reply.properties.headers?.['n'], 1);
  });

  it('keeps the correlation-id that it has, which no other request may have meanwhile', async () => {
    const waiting = requester.request(draft('x', { correlationId: 'c' }), { timeoutMs: 20_000 });
    assert.equal(await codeOf(requester.request(draft('y', { correlationId: 'c' }), { timeoutMs: 1 })), 'invalidInput');
    await answering();
    const result = await waiting;
    assert.equal(result.kind === 'replied' && result.reply.properties.correlationId, 'c');
  });

  it('has no reply-to of its own', async () => {
    assert.equal(await codeOf(requester.request(draft('x', { replyTo: 'mine' }), { timeoutMs: 1 })), 'invalidInput');
    await queues.counts(0, 0);
  });

  it('is without a reply after its time, and takes no reply that is not its own', async () => {
    await answering((id) => `not ${id}`);
    assert.equal((await requester.request(draft('x'), { timeoutMs: 300 })).kind, 'noReply');
    assert.equal(
      await codeOf(requester.request(draft('x'), { timeoutMs: 20_000, signal: AbortSignal.timeout(100) })),
      'cancelled',
    );
  });

  it('has its time from when it is in a queue, however long the broker took to say so', async () => {
    const clock = new FakeClock();
    const proxy = await queues.core.proxy();
    const remote = new Requester(await queues.core.connected({ port: proxy.port }), clock);
    await remote.request({ ...draft('opens the channel'), routingKey: 'nowhere' }, { timeoutMs: 1 });
    proxy.holdReplies();
    const waiting = remote.request(draft('late'), { timeoutMs: 1_000 });
    await queues.counts(1, 0);
    clock.pass(2_000);
    await answering();
    await queues.counts(0, 0);
    proxy.release();
    assert.equal((await waiting).kind, 'replied');
    await queues.admin.declare({ name: 'silent', durable: false, arguments: {} });
    const unanswered = remote.request({ ...draft('x'), routingKey: 'silent' }, { timeoutMs: 1_000 });
    await waitFor(() => clock.timers === 1, { describe: 'the request to be in its queue' });
    clock.pass(1_000);
    assert.equal((await unanswered).kind, 'noReply');
  });

  it('can be answered by a publisher of ours, which is told whether somebody still waits for it', async () => {
    const waiting = requester.request(draft('ping'), { timeoutMs: 20_000 });
    const channel = await replier.createChannel();
    let request: GetMessage | false = false;
    await waitFor(async () => (request = await channel.get(queues.queue, { noAck: true })), {
      describe: 'the request',
    });
    const { replyTo, correlationId } = (request as unknown as GetMessage).properties;
    const reply = {
      exchange: '',
      routingKey: String(replyTo),
      content: Buffer.from('pong'),
      properties: { correlationId: String(correlationId) },
    };
    assert.deepEqual(await queues.publisher.publish(reply), { kind: 'routed' });
    const result = await waiting;
    assert.equal(result.kind === 'replied' && Buffer.from(result.reply.content).toString(), 'pong');
    await queues.core.dispose();
    await queues.begin();
    assert.deepEqual(await queues.publisher.publish(reply), { kind: 'unroutable' });
  });

  it('leaves no channel open on which it could not await its reply', async () => {
    let opened: ChannelHandle | undefined;
    const publisher = new Publisher(queues.connection, undefined, (channel) => {
      opened = channel;
      return Promise.reject(new AppError('timeout', { operation: 'await replies', ms: 1 }));
    });
    assert.equal(await codeOf(publisher.publish(draft('x'))), 'timeout');
    assert.ok(opened?.end);
  });

  it('awaits nothing where no queue took it', async () => {
    const result = await requester.request({ ...draft('x'), routingKey: 'nowhere' }, { timeoutMs: 20_000 });
    assert.equal(result.kind === 'notRouted' && result.outcome.kind, 'unroutable');
  });

  it('says that its reply is lost when the connection is, and can be made again', async () => {
    const proxy = await queues.core.proxy();
    const far = await queues.core.connected({ port: proxy.port });
    const remote = new Requester(far, systemClock);
    const waiting = codeOf(remote.request(draft('x'), { timeoutMs: 20_000 }));
    await queues.counts(1, 0);
    proxy.cut();
    assert.equal(await waiting, 'replyLost');
    await answering();
    assert.equal((await remote.request(draft('again'), { timeoutMs: 20_000 })).kind, 'replied');
  });
});
