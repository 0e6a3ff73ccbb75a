import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { inTime } from './deadline.ts';
import type { Operations } from './agent/extension.ts';

/** What runs inside an extension host, called from here. */
export type Host = Operations;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Where extension hosts report for work. */
export class HostDoor {
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async open(): Promise<HostDoor> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('There is no port for the extension host.');
    return new HostDoor(server, address.port);
  }

  /** The next extension host that reports from now on. */
  async next(): Promise<Host> {
    const reported = once(this.#server, 'connection') as Promise<[Socket]>;
    const [socket] = await inTime(reported, 'the extension host to report');
    return connectTo(socket);
  }

  dispose(): void {
    this.#server.close();
  }
}

function connectTo(socket: Socket): Host {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const lines = createInterface({ input: socket });
  // It repeats the socket's errors, after which 'close' follows.
  lines.on('error', () => {});
  lines.on('line', (line) => {
    const { id, result, error } = JSON.parse(line) as { id: number; result?: unknown; error?: string };
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    for (const call of waiting.values()) call.reject(new Error('The extension host has ended.'));
  });
  const call = (name: string, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) {
        reject(new Error('The extension host has ended.'));
        return;
      }
      const id = ++last;
      waiting.set(id, { resolve, reject });
      socket.write(`${JSON.stringify({ id, name, args })}\n`);
    });
  return new Proxy({} as Host, {
    get: (_target, name) =>
      name === 'then' ? undefined : (...args: unknown[]) => inTime(call(String(name), args), String(name)),
  });
}
