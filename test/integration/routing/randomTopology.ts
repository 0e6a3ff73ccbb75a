import type { Channel } from 'amqplib';
import type { RoutedMessage } from '../../../src/broker/routing/route.ts';
import type { Random } from '../../support/random.ts';

interface RandomExchange {
  readonly name: string;
  readonly type: string;
  readonly internal: boolean;
  readonly alternate: string | undefined;
}

interface RandomBinding {
  readonly source: string;
  readonly destination: string;
  readonly isToQueue: boolean;
  readonly routingKey: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Exchanges and queues of one name prefix, how they are bound, and a message to one of them. */
export interface RandomTopology {
  readonly exchanges: readonly RandomExchange[];
  readonly queues: readonly string[];
  readonly bindings: readonly RandomBinding[];
  readonly message: RoutedMessage;
}

const mostQueues = 4;
const types = ['direct', 'topic', 'fanout', 'headers'];
const patterns = [
  '',
  'a',
  'b',
  'a.b',
  '*',
  '#',
  'a.*',
  '#.b',
  '*.#',
  'a..b',
  'a.',
  '.',
  '#.#',
  'a.#.b',
  '*.*',
  '**',
  'A',
];
const keys = ['', 'a', 'b', 'a.b', 'b.a', 'a..b', 'a.', '.', 'a.b.b', 'x.a.b', 'A', '**', '#', '*'];
const headerNames = ['h', 'i', 'x-h', 'x-i'];
const values = ['a', 'b', 1, 2, 1.5, true, false, null, ['a', 1], { n: 1 }, { '!': 'long', value: 1 }];
const matches: readonly string[] = ['all', 'any', 'all-with-x', 'any-with-x', ''];

export function randomTopology(random: Random, prefix: string): RandomTopology {
  const queues = queueNames(prefix, random.whole(1, mostQueues));
  const names = Array.from({ length: random.whole(1, 4) }, (_, i) => `${prefix}e${i}`);
  const exchanges = names.map((name) => ({
    name,
    type: random.pick(types),
    internal: random.chance(1 / 12),
    alternate: random.chance(1 / 3) ? random.pick([...names, ...names, `${prefix}missing`]) : undefined,
  }));
  const bindings = times(random, 8, () => {
    const isToQueue = !random.chance(1 / 3);
    return {
      source: random.pick(names),
      destination: random.pick(isToQueue ? queues : names),
      isToQueue,
      routingKey: random.pick([...patterns, ...queues]),
      arguments: randomArguments(random),
    };
  });
  const own = [...keys, ...queues];
  const message: RoutedMessage = {
    exchange: random.chance(1 / 15) ? '' : random.pick(names),
    routingKey: random.pick(own),
    headers: {
      ...randomHeaders(random),
      ...(random.chance(1 / 6) && { CC: times(random, 2, () => random.pick(own)) }),
      ...(random.chance(1 / 6) && { BCC: times(random, 2, () => random.pick(own)) }),
    },
  };
  return { exchanges, queues, bindings, message };
}

function queueNames(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}q${i}`);
}

function times<T>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: random.whole(0, most) }, make);
}

function randomArguments(random: Random): Record<string, unknown> {
  const match = random.pick(matches);
  return { ...randomHeaders(random), ...(match !== '' && { 'x-match': match }) };
}

function randomHeaders(random: Random): Record<string, unknown> {
  return Object.fromEntries(times(random, 3, () => [random.pick(headerNames), random.pick(values)]));
}

/** Declares all queues that a topology of this prefix may have: queues cost the most, and serve one topology after another. */
export async function declareQueues(channel: Channel, prefix: string): Promise<void> {
  await Promise.all(
    queueNames(prefix, mostQueues).map((queue) => channel.assertQueue(queue, { durable: false, exclusive: true })),
  );
}

/** Declares its exchanges and bindings. */
export async function declareTopology(channel: Channel, { exchanges, bindings }: RandomTopology): Promise<void> {
  await Promise.all([
    ...exchanges.map(({ name, type, internal, alternate }) =>
      channel.assertExchange(name, type, {
        durable: false,
        internal,
        ...(alternate !== undefined && { alternateExchange: alternate }),
      }),
    ),
    ...bindings.map(({ source, destination, isToQueue, routingKey, arguments: args }) =>
      isToQueue
        ? channel.bindQueue(destination, source, routingKey, args)
        : channel.bindExchange(destination, source, routingKey, args),
    ),
  ]);
}

/** Deletes its exchanges, and with them all bindings. */
export async function deleteTopology(channel: Channel, { exchanges }: RandomTopology): Promise<void> {
  await Promise.all(exchanges.map(({ name }) => channel.deleteExchange(name)));
}
