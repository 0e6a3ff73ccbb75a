import assert from 'node:assert/strict';
import type { Channel, ChannelModel, ConsumeMessage, GetMessage, Options } from 'amqplib';
import { parseAmqpUri } from '../../../src/broker/amqpUri.ts';
import type { MessageBuffer } from '../../../src/broker/consume/messageBuffer.ts';
import { QueueTail, queueTail } from '../../../src/broker/consume/queueTail.ts';
import { traitsOf } from '../../../src/broker/consume/queueTraits.ts';
import type { QueueInfo } from '../../../src/broker/management/model.ts';
import type { ConnectionProfile } from '../../../src/broker/profile.ts';
import { Session } from '../../../src/broker/session.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { connect } from '../../support/amqplib.ts';
import { freshVhost, ownBroker, sharedBroker, type FreshVhost, type OwnBroker } from '../../support/broker.ts';
import { TcpProxy } from '../../support/tcpProxy.ts';
import { waitFor } from '../../support/waitFor.ts';
import { onEachVersion, type Version } from '../faults/versions.ts';

/** A message as a reader of the queue gets it. `returns` is its `x-delivery-count`, undefined without one. */
export interface Seen {
  readonly text: string;
  readonly redelivered: boolean;
  readonly returns: number | undefined;
}

/**
 * A vhost of a suite's own on a broker that all suites of this folder share, with a session of Warren's on it, and what it
 * takes to see what a way of reading did to a queue: none of Warren's code is in that.
 */
export class Scene {
  readonly major: number;
  readonly #version: Version;
  #vhost: FreshVhost | undefined;
  #session: Session | undefined;
  readonly #proxies: TcpProxy[] = [];
  #client: ChannelModel | undefined;
  readonly #sessions: Session[] = [];
  #count = 0;

  constructor(version: Version) {
    this.#version = version;
    this.major = version.major;
  }

  async open(): Promise<void> {
    this.#vhost = await freshVhost(this.#version.rabbitmq ? await sharedBroker4(this.#version) : sharedBroker());
    this.#session = await this.#newSession();
  }

  async close(): Promise<void> {
    await this.endTest();
    await this.#session?.dispose();
    await this.#vhost?.dispose();
  }

  /** Closes what a test has opened. */
  async endTest(): Promise<void> {
    await Promise.all(this.#sessions.splice(0).map((session) => session.dispose()));
    await Promise.all(this.#proxies.splice(0).map((proxy) => proxy.dispose()));
    await this.#client?.close();
  }

  get vhost(): FreshVhost {
    return this.#vhost ?? assert.fail('the scene is not open yet');
  }

  /** Warren's, connected and ready, for all tests of the suite. */
  get session(): Session {
    return this.#session ?? assert.fail('the scene is not open yet');
  }

  /** Another session, for this test alone. */
  async connected(profile: Partial<ConnectionProfile> = {}): Promise<Session> {
    const session = await this.#newSession(profile);
    this.#sessions.push(session);
    return session;
  }

  async #newSession(profile: Partial<ConnectionProfile> = {}): Promise<Session> {
    const { target } = parseAmqpUri(this.vhost.amqpUrl);
    const { managementUrl, password } = this.vhost;
    const session = new Session({
      profile: { id: 'p', name: 'Test', ...target, managementUrl, ...profile },
      secrets: async () => ({ password }),
      knownQueues: [],
      clock: systemClock,
    });
    await session.ready();
    return session;
  }

  /** A session of this test's on the other side of a proxy. */
  async behindProxy(): Promise<{ readonly proxy: TcpProxy; readonly session: Session }> {
    const proxy = await TcpProxy.to(this.vhost.amqpPort);
    this.#proxies.push(proxy);
    return { proxy, session: await this.connected({ port: proxy.port }) };
  }

  /** A tail of Warren's that holds all there is in a queue. */
  async hold(queue: string, { session = this.session }: { session?: Session } = {}): Promise<QueueTail> {
    const { ready } = await session.admin.check(queue);
    const traits = traitsOf(await this.details(queue), session.server?.version);
    const buffer = { messages: 100_000, bytes: 1e9 };
    const tail = session.openTail(queueTail({ queue, mode: 'hold', prefetch: 100, traits, buffer }));
    await tail.start();
    await waitFor(() => tail.buffer.lastNumber >= ready, { describe: 'all messages held' });
    assert.ok(tail instanceof QueueTail);
    return tail;
  }

  /** A channel of a client that is not Warren; all of a test are on one connection, unless it was closed over one. */
  async channel(): Promise<Channel> {
    const model = this.#client ?? (await this.#connectClient());
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    return channel;
  }

  async #connectClient(): Promise<ChannelModel> {
    const model = await connect(this.vhost.amqpUrl, { noDelay: true });
    model.on('error', () => undefined);
    model.on('close', () => (this.#client = undefined));
    return (this.#client = model);
  }

  /** A durable queue with a new name, which is returned. */
  async declare(args: Record<string, unknown> = {}, options: Options.AssertQueue = {}): Promise<string> {
    const queue = `q${++this.#count}`;
    const channel = await this.channel();
    await channel.assertQueue(queue, { durable: true, arguments: args, ...options });
    await channel.close();
    return queue;
  }

  /** Publishes numbers as texts, persistent and confirmed. */
  async fill(queue: string, count: number, options: Options.Publish = {}, from = 1): Promise<void> {
    const model = await connect(this.vhost.amqpUrl, { noDelay: true });
    const channel = await model.createConfirmChannel();
    for (let number = from; number < from + count; number++) {
      channel.sendToQueue(queue, Buffer.from(String(number)), { persistent: true, ...options });
    }
    await channel.waitForConfirms();
    await model.close();
  }

  /** A queue with so many messages in it, the numbers from 1. */
  async filled(count: number, args: Record<string, unknown> = {}, options: Options.AssertQueue = {}): Promise<string> {
    const queue = await this.declare(args, options);
    await this.fill(queue, count);
    return queue;
  }

  /** The queue as the management API tells of it, taken that no policy applies to it. */
  async details(queue: string): Promise<QueueInfo> {
    const { management, profile } = this.session;
    assert.equal(management?.kind, 'available');
    const details = await management.client.queue(profile.vhost, queue);
    return { ...details, effectivePolicy: details.effectivePolicy ?? {} };
  }

  /** Waits until so many messages are ready; of a quorum queue no other count is up to date. */
  async ready(queue: string, count: number): Promise<void> {
    const channel = await this.channel();
    let last: number | undefined;
    await waitFor(async () => (last = (await channel.checkQueue(queue)).messageCount) === count, {
      describe: () => `${count} ready, not ${last}`,
    });
    await channel.close();
  }

  /** Takes all messages off the queue, in order. */
  async takeAll(queue: string): Promise<Seen[]> {
    const channel = await this.channel();
    const all: Seen[] = [];
    for (;;) {
      const message = await channel.get(queue, { noAck: true });
      if (message === false) break;
      all.push(seenBy(message));
    }
    await channel.close();
    return all;
  }

  /** As `takeAll`, by a consumer: of a quorum queue with a single active one they cannot be got. */
  async consumeAll(queue: string, count: number): Promise<Seen[]> {
    const channel = await this.channel();
    const all: Seen[] = [];
    await channel.consume(queue, (message) => message && all.push(seenBy(message)), { noAck: true });
    await waitFor(() => all.length >= count, { describe: () => `${count} messages, not ${all.length}` });
    await channel.close();
    return all;
  }

  /**
   * Has every message of the queue returned so many times, as a client that gets and closes its channel does. More than nine
   * come back in another order to a quorum queue.
   */
  async returnAll(queue: string, times: number): Promise<void> {
    const looking = await this.channel();
    for (let time = 0; time < times; time++) {
      const channel = await this.channel();
      let got = 0;
      while ((await channel.get(queue)) !== false) got++;
      await channel.close();
      await waitFor(async () => (await looking.checkQueue(queue)).messageCount === got, {
        describe: 'all messages back in the queue',
      });
    }
  }
}

/** What a tail keeps, in order. */
export function seenIn(buffer: MessageBuffer): Seen[] {
  const all: Seen[] = [];
  for (let number = buffer.firstNumber; number <= buffer.lastNumber; number++) {
    const message = buffer.get(number);
    if (!message) continue;
    const { content, redelivered, properties } = message;
    all.push({ text: Buffer.from(content).toString(), redelivered, returns: returnsOf(properties.headers) });
  }
  return all;
}

/** The bodies alone. */
export function textsOf(all: readonly Seen[]): string[] {
  return all.map(({ text }) => text);
}

/** As many numbers as texts, from 1. */
export function numbers(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, at) => String(from + at));
}

/** A suite for each version of RabbitMQ; all suites of a version share its broker, and each has a vhost. */
export function onEachBroker(title: string, body: (on: Scene) => void): void {
  onEachVersion(title, (version) => {
    const scene = new Scene(version);
    before(() => scene.open());
    afterEach(() => scene.endTest());
    after(() => scene.close());
    body(scene);
  });
}

function seenBy({ content, fields, properties }: GetMessage | ConsumeMessage): Seen {
  return { text: content.toString(), redelivered: fields.redelivered, returns: returnsOf(properties.headers) };
}

function returnsOf(headers: Record<string, unknown> | undefined): number | undefined {
  const count = headers?.['x-delivery-count'];
  return typeof count === 'number' ? count : undefined;
}

let broker4: Promise<OwnBroker> | undefined;

/** Started by the first suite that needs it. */
function sharedBroker4({ rabbitmq }: Version): Promise<OwnBroker> {
  const plugins = ['rabbitmq_consistent_hash_exchange'];
  broker4 ??= ownBroker({ plugins, ...(rabbitmq && { rabbitmq }) });
  return broker4;
}

after(async () => {
  await (await broker4)?.dispose();
});
