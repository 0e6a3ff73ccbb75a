import type { BufferLimits } from '../messageBuffer.ts';
import type { StreamStart } from './streamStart.ts';

/** Which stream to read, from where and how. */
export interface StreamOptions {
  readonly queue: string;
  readonly start: StreamStart;
  /** `follow` goes on with what comes; `page` reads one page and pauses. */
  readonly reading: 'follow' | 'page';
  /** Offsets to a page, 1 to 10,000. */
  readonly pageSize: number;
  readonly buffer: BufferLimits;
  /**
   * Only messages published with this filter value, from RabbitMQ 3.13 on; before, the broker ignores it.
   * @see https://www.rabbitmq.com/docs/streams#filtering
   */
  readonly filter?: string;
}

/** Under way at once while it follows. An acknowledgement takes nothing off a stream: it asks for more. */
export const streamPrefetch = 1_000;
/** Acknowledged at once. */
export const streamBatch = streamPrefetch / 2;
