import { once } from 'node:events';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { freePort } from '../../scripts/lib/ports.mjs';

/** A port that leads to another one while it is open; what connects to it while it is shut is refused. */
export class Gate {
  readonly port: number;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  private constructor(port: number, target: number) {
    this.port = port;
    this.#target = target;
  }

  static async to(target: number): Promise<Gate> {
    return new Gate(await freePort(), target);
  }

  async open(): Promise<void> {
    this.#server = createServer((outer) => {
      const inner = connect({ host: '127.0.0.1', port: this.#target, noDelay: true });
      for (const socket of [outer, inner]) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          this.#sockets.delete(socket);
          outer.destroy();
          inner.destroy();
        });
      }
      outer.setNoDelay(true);
      outer.pipe(inner).pipe(outer);
    });
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  shut(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
