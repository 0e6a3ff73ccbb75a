import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A local HTTP server for what a real broker does not do on demand: faults. */
export interface FakeServer {
  readonly url: URL;
  readonly port: number;
  /** Every request so far: its path, and its `authorization` header. */
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

export async function fakeServer(handler: http.RequestListener, host = '127.0.0.1', port = 0): Promise<FakeServer> {
  const requests: { path: string; authorization: string | undefined }[] = [];
  const server = http.createServer((request, response) => {
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization });
    handler(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: new URL(`http://${host.includes(':') ? `[${host}]` : host}:${address.port}`),
    port: address.port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers every request alike. */
export function always(status: number, body: string, headers: http.OutgoingHttpHeaders = {}): http.RequestListener {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}
