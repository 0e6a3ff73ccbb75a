const headerBytes = 7;
const endBytes = 1;

/**
 * Finds the ends of AMQP frames in a stream of bytes that begins with one.
 * @see AMQP 0-9-1 section 4.2.3: type, channel, size, payload, frame-end octet 0xCE
 */
export class FrameReader {
  #header = Buffer.alloc(0);
  /** Bytes of the payload and the end octet that are still to come; undefined within a header. */
  #left: number | undefined;

  /** Takes the next bytes; returns where in them the first frame that ends has its end octet. */
  read(data: Buffer): number | undefined {
    let first: number | undefined;
    let at = 0;
    while (at < data.length) {
      if (this.#left === undefined) {
        const part = data.subarray(at, at + headerBytes - this.#header.length);
        this.#header = Buffer.concat([this.#header, part]);
        at += part.length;
        if (this.#header.length === headerBytes) this.#left = this.#header.readUInt32BE(3) + endBytes;
      } else {
        const bytes = Math.min(this.#left, data.length - at);
        at += bytes;
        this.#left -= bytes;
        if (this.#left > 0) continue;
        first ??= at - 1;
        this.#left = undefined;
        this.#header = Buffer.alloc(0);
      }
    }
    return first;
  }
}
