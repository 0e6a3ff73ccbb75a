/** Of a frame before its payload: type, channel and the payload's length. @see AMQP 0-9-1 specification, section 4.2.3 */
const headerBytes = 7;
/** After the payload. */
const frameEnd = 0xce;
const nothing = Buffer.alloc(0);

/** A frame's payload is in `bytes` from `start` to `end`. */
export interface Frame {
  readonly type: number;
  readonly channel: number;
  /** The chunk in which it came, or a copy of the frame alone where it came in several. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts what a socket reads into frames. amqplib's own way makes two more buffers for each frame and copies each chunk, which
 * in a flood is most of the memory that its host has to collect.
 */
export class FrameReader {
  #bytes: Buffer = nothing;
  #at = 0;
  /** What was read after the frame that `#bytes` holds alone. */
  #following: Buffer = nothing;

  /**
   * The next frame that is here as a whole.
   * @param most longest payload in bytes; 0: any
   * @throws Error when what was read is no frame, or one that is longer
   */
  next(most: number): Frame | undefined {
    if (this.#at === this.#bytes.length) {
      this.#bytes = this.#following;
      this.#at = 0;
      this.#following = nothing;
    }
    const bytes = this.#bytes;
    const at = this.#at;
    if (bytes.length - at < headerBytes) return undefined;
    const size = bytes.readUInt32BE(at + 3);
    if (most > 0 && size > most) throw new Error(`Frame size ${size} exceeds maxFrameSize ${most}`);
    const start = at + headerBytes;
    const end = start + size;
    if (end >= bytes.length) return undefined;
    if (bytes[end] !== frameEnd) throw new Error('Invalid frame');
    this.#at = end + 1;
    return { type: bytes.readUInt8(at), channel: bytes.readUInt16BE(at + 1), bytes, start, end };
  }

  /** Takes what was read next. To be called when `next` has nothing. */
  add(chunk: Buffer): void {
    const begun = this.#bytes.subarray(this.#at);
    this.#at = 0;
    const missing = begun.length === 0 ? 0 : missingBytes(begun, chunk);
    this.#bytes = missing === 0 ? chunk : Buffer.concat([begun, chunk.subarray(0, missing)]);
    this.#following = missing === 0 ? nothing : chunk.subarray(missing);
  }
}

/** How many bytes the begun frame goes on for, as far as can be told. */
function missingBytes(begun: Buffer, chunk: Buffer): number {
  const header = Buffer.concat([begun.subarray(0, headerBytes), chunk.subarray(0, headerBytes)]);
  if (header.length < headerBytes) return chunk.length;
  return headerBytes + header.readUInt32BE(3) + 1 - begun.length;
}
