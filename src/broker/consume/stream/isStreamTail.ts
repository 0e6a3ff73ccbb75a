import type { Tail } from '../tail.ts';
import type { StreamTail } from './streamTail.ts';

/** Whether a tail reads a stream by offset, without loading what that takes. */
export function isStreamTail(tail: Tail): tail is StreamTail {
  return tail.mode === 'stream';
}
