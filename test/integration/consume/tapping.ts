import assert from 'node:assert/strict';
import type { Options } from 'amqplib';
import type { FirehoseNote } from '../../../src/broker/consume/tap/firehose.ts';
import type { TapEvent } from '../../../src/broker/consume/tap/tapEvent.ts';
import { exchangeTap, queueTap } from '../../../src/broker/consume/tap/taps.ts';
import type { Tail } from '../../../src/broker/consume/tail.ts';
import type { TailFactory } from '../../../src/broker/consume/tailFactory.ts';
import type { Session } from '../../../src/broker/session.ts';
import { systemClock, type Clock } from '../../../src/common/clock.ts';
import { connect } from '../../support/amqplib.ts';
import { waitFor } from '../../support/waitFor.ts';
import { seenIn, textsOf, type Scene } from './scene.ts';

const buffer = { messages: 100_000, bytes: 1e9 };

/** A tap, and what it has told. */
export interface RunningTap {
  readonly tail: Tail;
  readonly events: TapEvent[];
}

/** What a tap waits for passes ten times as fast. */
const clock: Clock = {
  now: () => systemClock.now(),
  setTimeout: (fn, ms) => systemClock.setTimeout(fn, ms / 10),
  setInterval: (fn, ms) => systemClock.setInterval(fn, ms / 10),
};

async function started(session: Session, make: TailFactory): Promise<RunningTap> {
  const tail = session.openTail((parts) => make({ ...parts, clock }));
  const events: TapEvent[] = [];
  tail.onDidNotice((notice) => {
    if (notice.kind === 'tap') events.push(notice.event);
  });
  await tail.start();
  return { tail, events };
}

export function tapQueue(session: Session, queue: string, firehose?: FirehoseUse): Promise<RunningTap> {
  return started(session, queueTap({ queue, buffer, ...(firehose && { firehose }) }));
}

type FirehoseUse = NonNullable<Parameters<typeof queueTap>[0]['firehose']>;

interface Pattern {
  readonly routingKey?: string;
  readonly arguments?: Record<string, unknown>;
  readonly isAgreed?: boolean;
}

export function tapExchange(session: Session, exchange: string, pattern: Pattern = {}): Promise<RunningTap> {
  const { routingKey = '', arguments: args = {}, isAgreed = false } = pattern;
  const wanted = { routingKey, arguments: args };
  return started(session, exchangeTap({ exchange, wanted, label: routingKey, buffer, isAgreed }));
}

/** One message to an exchange. */
export interface Sent {
  readonly exchange: string;
  readonly key: string;
  readonly text: string;
  readonly options?: Options.Publish;
}

/** Publishes in order, confirmed; returns the texts of those that came back as unroutable. */
export async function publish(on: Scene, sent: readonly Sent[]): Promise<string[]> {
  const model = await connect(on.vhost.amqpUrl, { noDelay: true });
  const channel = await model.createConfirmChannel();
  const returned: string[] = [];
  channel.on('return', ({ content }: { content: Buffer }) => returned.push(content.toString()));
  for (const { exchange, key, text, options } of sent) channel.publish(exchange, key, Buffer.from(text), options);
  await channel.waitForConfirms();
  await model.close();
  return returned;
}

/** Waits until the tap has these texts, in whatever order, and no others. */
export async function hasTexts({ tail }: RunningTap, texts: readonly string[]): Promise<void> {
  const wanted = texts.toSorted();
  await waitFor(() => tail.buffer.lastNumber >= texts.length, {
    describe: () => `${texts.length} messages, not ${JSON.stringify(textsOf(seenIn(tail.buffer)))}`,
  });
  assert.deepEqual(textsOf(seenIn(tail.buffer)).toSorted(), wanted);
}

export async function tells<K extends TapEvent['kind']>(
  { events }: RunningTap,
  kind: K,
  timeoutMs = 10_000,
): Promise<Extract<TapEvent, { kind: K }>> {
  await waitFor(() => events.some((event) => event.kind === kind), {
    timeoutMs,
    describe: () => `${kind}, not ${JSON.stringify(events)}`,
  });
  return events.find((event): event is Extract<TapEvent, { kind: K }> => event.kind === kind) ?? assert.fail();
}

export async function comesTo({ tail }: RunningTap, kind: Tail['status']['kind']): Promise<Tail['status']> {
  await waitFor(() => tail.status.kind === kind, { describe: () => `${kind}, not ${tail.status.kind}` });
  return tail.status;
}

/** The code of what a tap ended with. */
export async function endOf(tap: RunningTap): Promise<string | undefined> {
  const status = await comesTo(tap, 'ended');
  return status.kind === 'ended' ? status.error?.code : undefined;
}

/** A note as a window has it. */
export function noteIn(store: { isSet: boolean }): FirehoseNote {
  return {
    isSet: () => store.isSet,
    set: async () => {
      store.isSet = true;
    },
    clear: async () => {
      store.isSet = false;
    },
  };
}
