import { textOfBody } from '../message/decode.ts';
import type { Message } from '../message/message.ts';

/** How much of a body is searched, in bytes; JSON paths see no larger body. */
export const maxSearchedBytes = 1 << 20;

/** Bytes that are not text are searched for the text that is in them. */
const lossy = new TextDecoder('utf-8');

/** The beginning of a body as text to search in. Never throws. */
export function bodyTextOf({ content, properties }: Message): string {
  const head = content.length > maxSearchedBytes ? content.subarray(0, maxSearchedBytes) : content;
  return textOfBody(head, properties) ?? lossy.decode(head);
}
