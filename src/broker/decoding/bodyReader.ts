import type { Event } from '../../common/event.ts';
import type { DecodedBody } from '../message/decode.ts';
import type { Message } from '../message/message.ts';

/**
 * The bodies of one queue's messages, as people read them. Every view of a message reads its body through one of these. Its
 * `bodyText` makes it what a filter needs.
 */
export interface BodyReader {
  /** Bodies may read otherwise from now on: a decoder was chosen or loaded, or a schema has changed. */
  readonly onDidChange: Event<void>;
  /** What has to be waited for, so that `read` decodes this message; undefined when there is nothing. Never rejects. */
  prepare(message: Message): Promise<void> | undefined;
  /** Never throws, and never waits: without what it needs, it shows bytes and says so. */
  read(message: Message, options?: { readonly maxBytes?: number }): DecodedBody;
  /** The decoded body as it is, not laid out: the first 1 MiB, unless `maxBytes` says more. Never throws. */
  bodyText(message: Message, options?: { readonly maxBytes?: number }): string;
}
