import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for an HTTP server that passes everything on to it and counts. */
export interface CountedServer {
  readonly url: string;
  requests(): number;
  /** Milliseconds since the last request. */
  quietMs(): number;
  dispose(): void;
}

/** Starts one in front of a server. */
export async function countRequests(upstream: string): Promise<CountedServer> {
  const { hostname, port } = new URL(upstream);
  let count = 0;
  let last = Date.now();
  const server = createServer((incoming, outgoing) => {
    count++;
    last = Date.now();
    const { method, url, headers } = incoming;
    const passed = request({ hostname, port, method, path: url, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}`,
    requests: () => count,
    quietMs: () => Date.now() - last,
    dispose: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
