import { Socket } from 'node:net';

/** When a flood came to this process; times in milliseconds since the epoch. */
export interface Flood {
  /** The first bytes of the first messages were read. */
  readonly firstAt: number;
  /** The last message has been through the client's callback. */
  readonly lastAt: number;
}

/** As long as the longest mark; a mark may be cut in two by the socket. */
const overlap = 64;

/**
 * Sees floods at the socket, so that the extension under test, a bare client, and everything in between are timed alike
 * and none needs to know. Costs one call for each 64 KB.
 */
export class FloodWatch {
  #awaited: { readonly bytes: number; readonly mark: Buffer; readonly done: (flood: Flood) => void } | undefined;
  #bytes = 0;
  #firstAt = 0;
  #rest = Buffer.alloc(0);

  /** Bytes of the flood so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param port of the broker, to which whoever is watched connects after this */
  install(port: number): void {
    const saw = (chunk: Buffer): void => this.#saw(chunk);
    // oxlint-disable-next-line typescript/unbound-method -- it is called with its own `this`
    const { connect } = Socket.prototype;
    Socket.prototype.connect = function patched(this: Socket, ...args: unknown[]): Socket {
      const options: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
      const isObject = typeof options === 'object' && options !== null && 'port' in options;
      if (isObject && Number(options.port) === port) listenTo(this, saw);
      return Reflect.apply(connect, this, args) as Socket;
    };
  }

  /**
   * Resolves when the message with the mark has come.
   * @param bytes that will come at the least: the mark is looked for only after them
   */
  expect(bytes: number, mark: string): Promise<Flood> {
    this.#bytes = 0;
    this.#firstAt = 0;
    this.#rest = Buffer.alloc(0);
    return new Promise((resolve) => {
      this.#awaited = { bytes, mark: Buffer.from(mark), done: resolve };
    });
  }

  #saw(chunk: Buffer): void {
    const awaited = this.#awaited;
    if (!awaited) return;
    if (this.#firstAt === 0 && chunk.length > 2048) this.#firstAt = now();
    this.#bytes += chunk.length;
    if (this.#bytes < awaited.bytes) return;
    const seen = Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.from(seen.subarray(-overlap));
    if (!seen.includes(awaited.mark)) return;
    this.#awaited = undefined;
    const firstAt = this.#firstAt;
    // Reading, decoding and the callbacks are done by then.
    setImmediate(() => awaited.done({ firstAt, lastAt: now() }));
  }
}

/** Has a socket's bytes seen as they arrive, before anyone else reads them. */
function listenTo(socket: Socket, saw: (chunk: Buffer) => void): void {
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (Buffer.isBuffer(chunk)) saw(chunk);
    return push(chunk, encoding);
  };
}

export function now(): number {
  return performance.timeOrigin + performance.now();
}
