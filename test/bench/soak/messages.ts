import type { Draft } from '../../../src/broker/publish/draft.ts';

/** One in so many messages is large enough to be cut in the middle. */
const largeEvery = 250;
const largeBytes = 200_000;

/** A persistent message that can be told from every other by its id and by its bytes. */
export function draftOf(number: number, queue: string): Draft {
  return {
    exchange: '',
    routingKey: queue,
    content: bodyOf(number),
    properties: { messageId: String(number), persistent: true, headers: { number: { '!': 'int', value: number } } },
  };
}

/** Whether these are the bytes that the message was published with. */
export function isBodyOf(number: number, content: Uint8Array): boolean {
  return bodyOf(number).equals(content);
}

function bodyOf(number: number): Buffer {
  const length = number % largeEvery === largeEvery - 1 ? largeBytes : 100 + ((number * 37) % 900);
  return Buffer.alloc(length, `message ${number} `);
}
