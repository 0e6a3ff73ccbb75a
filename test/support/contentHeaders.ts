import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';

const headerFrame = 2;

/**
 * Stands between a client and a broker, and keeps the property lists of all messages that go through, byte for byte: what
 * follows class, weight and body size in a content header frame. @see AMQP 0-9-1 section 4.2.6.1
 */
export class ContentHeaders {
  readonly sent: Buffer[] = [];
  readonly delivered: Buffer[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<{ destroy(): void }>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(port: number): Promise<ContentHeaders> {
    const server = createServer();
    const headers = new ContentHeaders(server);
    server.on('connection', (client) => {
      const broker = connect(port, '127.0.0.1');
      // The client begins with 8 bytes that are no frame.
      const fromClient = new Frames(8, headers.sent);
      const fromBroker = new Frames(0, headers.delivered);
      client.on('data', (data) => fromClient.read(data)).pipe(broker);
      broker.on('data', (data) => fromBroker.read(data)).pipe(client);
      for (const socket of [client, broker]) {
        headers.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return headers;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async dispose(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

class Frames {
  #rest = Buffer.alloc(0);
  #skip: number;
  readonly #lists: Buffer[];

  constructor(skip: number, lists: Buffer[]) {
    this.#skip = skip;
    this.#lists = lists;
  }

  read(data: Buffer): void {
    const bytes = Buffer.concat([this.#rest, data]);
    let at = Math.min(this.#skip, bytes.length);
    this.#skip -= at;
    while (bytes.length - at >= 8) {
      const end = at + 7 + bytes.readUInt32BE(at + 3);
      if (bytes.length <= end) break;
      if (bytes[at] === headerFrame) this.#lists.push(Buffer.from(bytes.subarray(at + 19, end)));
      at = end + 1;
    }
    this.#rest = bytes.subarray(at);
  }
}
