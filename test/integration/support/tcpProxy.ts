import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between Warren and a broker, to cut or to swallow what goes through. */
export class TcpProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #swallow = false;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    server.on('connection', (client) => this.#join(client, connect(targetPort, '127.0.0.1')));
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

  /** From here on nothing gets through in either direction, while the sockets stay open. */
  swallow(): void {
    this.#swallow = true;
  }

  /** From here on what the broker sends is lost, and what is sent to it arrives. */
  swallowReplies(): void {
    for (const socket of this.#sockets) socket.emit('swallowReplies');
  }

  /** From here on what the broker sends waits, until `release`. */
  holdReplies(): void {
    for (const socket of this.#sockets) socket.emit('holdReplies', true);
  }

  release(): void {
    for (const socket of this.#sockets) socket.emit('holdReplies', false);
  }

  /** Resets all connections. */
  cut(): void {
    this.#swallow = false;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async dispose(): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }

  #join(client: Socket, broker: Socket): void {
    let repliesPass = true;
    broker.once('swallowReplies', () => (repliesPass = false));
    broker.on('holdReplies', (hold: boolean) => (hold ? broker.pause() : broker.resume()));
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (data) => {
        if (!this.#swallow && (from === client || repliesPass)) to.write(data);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
