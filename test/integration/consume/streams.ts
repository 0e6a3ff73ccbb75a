import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import { offsetOf } from '../../../src/broker/consume/stream/streamOffset.ts';
import type { StreamOptions } from '../../../src/broker/consume/stream/streamOptions.ts';
import { StreamTail } from '../../../src/broker/consume/stream/streamTail.ts';
import type { TailNotice } from '../../../src/broker/consume/tailStatus.ts';
import type { Session } from '../../../src/broker/session.ts';
import { noticeText } from '../../../src/ui/output/tailNotices.ts';
import { waitFor } from '../../support/waitFor.ts';
import type { Scene } from './scene.ts';

/** Small segments, of which retention removes the oldest when the stream has more than some 40 kB. */
export const truncated = { 'x-max-length-bytes': 40_000, 'x-stream-max-segment-size-bytes': 20_000 };

export interface ReadStream {
  readonly tail: StreamTail;
  /** What it has said of itself, as people read it. */
  readonly said: string[];
  readonly notices: TailNotice[];
}

/** A stream with so many messages, the numbers from 1, in chunks of at most 50. */
export async function streamOf(on: Scene, count: number, args: Record<string, unknown> = {}): Promise<string> {
  const queue = await on.declare({ 'x-queue-type': 'stream', ...args });
  for (let from = 1; from <= count; from += 50) {
    // One chunk after the other.
    // oxlint-disable-next-line no-await-in-loop
    await on.fill(queue, Math.min(50, count - from + 1), {}, from);
  }
  return queue;
}

/** A stream of which retention has removed the beginning. */
export async function truncatedStream(on: Scene): Promise<string> {
  const queue = await streamOf(on, 0, truncated);
  await overrun(on, queue);
  await waitFor(async () => ((await contentOf(on, queue))[0]?.[0] ?? 0) > 0, { describe: 'its beginning gone' });
  return queue;
}

/** Publishes more than a truncated stream keeps, in chunks much smaller than a segment. */
export async function overrun(on: Scene, queue: string): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    // oxlint-disable-next-line no-await-in-loop
    await on.fill(queue, 8, { headers: { pad: 'x'.repeat(500) } });
  }
}

/** A tail of a stream that has not started, in pages of 30. */
export function readerOf(session: Session, queue: string, options: Partial<StreamOptions> = {}): ReadStream {
  const buffer = { messages: 100_000, bytes: 1e9 };
  const all: StreamOptions = {
    queue,
    start: { kind: 'first' },
    reading: 'follow',
    pageSize: 30,
    buffer,
    ...options,
  };
  const tail = session.openTail((parts) => new StreamTail(all, parts.ownConnection('stream'), parts.clock));
  assert.ok(tail instanceof StreamTail);
  const notices: TailNotice[] = [];
  const said: string[] = [];
  tail.onDidNotice((notice) => {
    notices.push(notice);
    said.push(noticeText(notice));
  });
  return { tail, said, notices };
}

export async function reading(
  session: Session,
  queue: string,
  options: Partial<StreamOptions> = {},
): Promise<ReadStream> {
  const read = readerOf(session, queue, options);
  await read.tail.start();
  return read;
}

/** Offsets of the messages that a tail keeps, from this number on. */
export function offsetsOf({ buffer }: StreamTail, from = 1): number[] {
  const offsets: number[] = [];
  for (let number = from; number <= buffer.lastNumber; number++) {
    const message = buffer.get(number);
    offsets.push((message && offsetOf(message)) ?? assert.fail(`#${number} has no offset`));
  }
  return offsets;
}

/** The offsets that come with what is done. */
export async function offsetsBy({ tail }: ReadStream, action: () => Promise<unknown>): Promise<number[]> {
  const before = tail.buffer.lastNumber;
  await action();
  return offsetsOf(tail, before + 1);
}

/** Waits until a stream has been read so far. */
export async function readUpTo({ tail }: ReadStream, next: number): Promise<void> {
  await waitFor(() => tail.place?.next === next, {
    describe: () => `offset ${next} is next, not ${tail.place?.next}; it is ${tail.status.kind}`,
  });
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** All of a stream, by a client that is not Warren: offset and text of each message. */
export async function contentOf(on: Scene, queue: string): Promise<[number, string, boolean][]> {
  const channel = await on.channel();
  const all: [number, string, boolean][] = [];
  await channel.prefetch(10_000);
  await channel.consume(
    queue,
    (message: ConsumeMessage | null) => {
      if (!message) return;
      const { content, fields, properties } = message;
      all.push([Number(properties.headers?.['x-stream-offset']), content.toString(), fields.redelivered]);
    },
    { arguments: { 'x-stream-offset': 'first' } },
  );
  // It is answered after all that was delivered.
  await channel.checkQueue(queue);
  await channel.close();
  return all;
}

/** Waits for the next full second, and returns it: what is written from here on is not older. */
export async function nextSecond(): Promise<number> {
  const second = Math.floor(Date.now() / 1_000) + 1;
  while (Date.now() < second * 1_000) {
    // oxlint-disable-next-line no-await-in-loop
    await delay(second * 1_000 - Date.now());
  }
  return second;
}
