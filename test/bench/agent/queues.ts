import * as http from 'node:http';
import { subscribe } from 'node:diagnostics_channel';
import { ManagementClient } from '../../../src/broker/management/client.ts';
import type { Session } from '../../../src/broker/session.ts';
import { openSession } from './consume.ts';
import { now } from './floodWatch.ts';

/** A request that this process sent. */
export interface SeenRequest {
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Requests of everything in this process, the extension under test included. */
export function watchRequests(): SeenRequest[] {
  const seen: SeenRequest[] = [];
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: http.ClientRequest };
    seen.push({ path: request.path, at: now() });
  });
  return seen;
}

/** The path by which Warren asks for all queues: asked of a server that only notes it. */
export async function listPath(vhost: string): Promise<string> {
  let path = '';
  const server = http.createServer((request, response) => {
    path = request.url ?? '';
    response.end('[]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const client = new ManagementClient({
    baseUrl: new URL(`http://127.0.0.1:${port}`),
    credentials: { username: 'guest', password: 'guest' },
  });
  await client.queues(vhost);
  client.dispose();
  server.close();
  return path;
}

/** Milliseconds from a bare GET to the last byte of its body, which is not parsed. */
export function bareGet(baseUrl: string, path: string): Promise<number> {
  const { hostname, port } = new URL(baseUrl);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path, auth: 'guest:guest', agent: false };
    const request = http.get(options, (response) => {
      if (response.statusCode !== 200) reject(new Error(`GET ${path}: ${response.statusCode}`));
      response.on('data', () => {});
      response.on('end', () => resolve(performance.now() - started));
    });
    request.on('error', reject);
  });
}

/** A session whose queue list is loaded, to be refreshed as the tree does it. */
export class OpenList {
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  static async open(url: string, managementUrl: string): Promise<OpenList> {
    const session = openSession(url, managementUrl);
    const probed = new Promise<void>((resolve) => {
      session.onDidChange(() => {
        if (session.management) resolve();
      });
    });
    await session.connect();
    await probed;
    if (session.management?.kind !== 'available') throw new Error('The management API was not found.');
    await session.queues.refresh([], true);
    return new OpenList(session);
  }

  get size(): number {
    return this.#session.queues.entries().length;
  }

  async refresh(visible: readonly string[]): Promise<void> {
    await this.#session.queues.refresh(visible);
    if (this.#session.queues.failure) throw this.#session.queues.failure;
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}
