import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { explainVhost } from '../../../src/broker/management/vhostAccess.ts';
import type { ConnectionTarget } from '../../../src/broker/profile.ts';
import { always, fakeServer, type FakeServer } from './fakeServer.ts';

/** Lists one vhost, to an administrator. */
const api: RequestListener = (request, response) => {
  const challenge = { 'www-authenticate': 'Basic realm="RabbitMQ Management"' };
  if (request.headers.authorization === undefined) response.writeHead(401, challenge).end();
  else if (request.url === '/api/whoami') response.end('{"name":"ann","tags":["administrator"]}');
  else if (request.url?.startsWith('/api/overview') === true) response.end('{"product_name":"RabbitMQ"}');
  else response.end('[{"name":"/"}]');
};

describe('why a vhost is refused', () => {
  let server: FakeServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  /** Of a profile without a management URL, whose API is derived as being there. */
  async function explained(handler: RequestListener, signal = new AbortController().signal): Promise<unknown> {
    server = await fakeServer(handler);
    const port = server.port - 10_000;
    const target: ConnectionTarget = { host: '127.0.0.1', port, tls: false, vhost: 'shop', username: 'ann' };
    return await explainVhost(target, async () => ({ password: 'secret' }), signal);
  }

  it('is asked of the management API on the port that goes with the broker’s', async () => {
    assert.equal(await explained(api), 'vhostNotFound');
  });

  it('sends no password to a server there that is no management API', async () => {
    for (const challenge of ['Bearer', 'Basic realm="Router"']) {
      assert.equal(await explained(always(401, '', { 'www-authenticate': challenge })), undefined);
      assert.ok(server?.requests.length);
      assert.ok(server.requests.every(({ authorization }) => authorization === undefined));
      await server.close();
    }
  });

  it('is not asked any further once the attempt has ended', async () => {
    const attempt = new AbortController();
    const handler: RequestListener = (request, response) => {
      if (request.url?.startsWith('/api/vhosts') === true) attempt.abort();
      else api(request, response);
    };
    assert.equal(await explained(handler, attempt.signal), undefined);
  });
});
