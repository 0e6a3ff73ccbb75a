import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { FrameReader } from './frameReader.ts';

/** What a proxy does to one connection that goes through it. */
interface Link {
  readonly client: Socket;
  readonly broker: Socket;
  repliesPass: boolean;
  /** The broker's bytes that still pass before the connection is reset, or stalls. */
  passes: number;
  stalls: boolean;
  /** Whether the end of the broker's next frame is to be spoilt. */
  spoilsFrame: boolean;
  readonly frames: FrameReader;
}

/** Stands between Warren and a broker, to cut, to swallow or to spoil what goes through. */
export class TcpProxy {
  readonly #server: Server;
  readonly #links = new Set<Link>();
  readonly #targetPort: number;
  #swallow = false;
  #refuse = false;
  #bytesPerMs = Infinity;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    server.on('connection', (client) => this.#accept(client));
  }

  /** @param host where it listens */
  static async to(targetPort: number, host = '127.0.0.1'): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, targetPort);
    server.listen(0, host);
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections go through now. */
  get connections(): number {
    return this.#links.size;
  }

  /** From here on nothing gets through in either direction, while the sockets stay open: a black hole. */
  swallow(): void {
    this.#swallow = true;
  }

  /** From here on what the broker sends is lost, and what is sent to it arrives. */
  swallowReplies(): void {
    for (const link of this.#links) link.repliesPass = false;
  }

  /** From here on what the broker sends waits, until `release`. */
  holdReplies(): void {
    for (const { broker } of this.#links) broker.pause();
  }

  release(): void {
    for (const { broker } of this.#links) broker.resume();
  }

  /** From here on what is sent to the broker gets through no faster than this, on each connection. */
  throttle(bytesPerSecond: number): void {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** Resets all connections (RST). New ones go through, unless they are refused. */
  cut(): void {
    this.#swallow = false;
    for (const link of this.#links) reset(link);
  }

  /** Ends all connections in order (FIN), on both sides. */
  end(): void {
    for (const { client, broker } of this.#links) {
      client.end();
      broker.end();
    }
  }

  /** Resets each connection as soon as the broker has sent so many bytes more. */
  cutAfter(bytes: number): void {
    for (const link of this.#links) Object.assign(link, { passes: bytes, stalls: false });
  }

  /** On each connection, loses what the broker sends after so many bytes more, while the sockets stay open. */
  stallAfter(bytes: number): void {
    for (const link of this.#links) Object.assign(link, { passes: bytes, stalls: true });
  }

  /** Spoils the last octet of the broker's next frame on each connection, as a broken middlebox would. */
  spoilNextFrame(): void {
    for (const link of this.#links) link.spoilsFrame = true;
  }

  /** From here on new connections are reset at once, or let through again. */
  refuse(yes: boolean): void {
    this.#refuse = yes;
  }

  async dispose(): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    if (this.#refuse) {
      client.on('error', () => undefined);
      resetSocket(client);
      return;
    }
    const broker = connect(this.#targetPort, '127.0.0.1');
    const link: Link = {
      client,
      broker,
      repliesPass: true,
      passes: Infinity,
      stalls: false,
      spoilsFrame: false,
      frames: new FrameReader(),
    };
    this.#links.add(link);
    client.on('data', (data) => {
      if (!this.#swallow) broker.write(data);
      if (this.#bytesPerMs !== Infinity) pauseFor(client, data.length / this.#bytesPerMs);
    });
    broker.on('data', (data) => this.#reply(link, data));
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#links.delete(link);
        to.destroy();
      });
    }
  }

  #reply(link: Link, data: Buffer): void {
    const end = link.frames.read(data);
    if (link.spoilsFrame && end !== undefined) {
      data[end] = 0;
      link.spoilsFrame = false;
    }
    if (this.#swallow || !link.repliesPass) return;
    link.client.write(data.subarray(0, link.passes));
    link.passes -= data.length;
    if (link.passes > 0) return;
    link.passes = Infinity;
    link.repliesPass = false;
    // What was let through arrives first.
    if (!link.stalls) setImmediate(() => reset(link));
  }
}

function reset({ client, broker }: Link): void {
  resetSocket(client);
  resetSocket(broker);
}

/** Sends RST. In the midst of a shutdown that is an error, after which Node's process never ends. @see uv_tcp_close_reset */
function resetSocket(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}

function pauseFor(socket: Socket, ms: number): void {
  socket.pause();
  setTimeout(() => socket.resume(), ms);
}
